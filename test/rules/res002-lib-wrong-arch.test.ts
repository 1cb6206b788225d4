/** RES002: only candidates of another class or machine. */
import { expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { inSystem, lib, program, verdicts } from '../support/studio.ts'

const studio = (file: StudioFile): StudioSpec => ({
  packages: {
    'app-1': { requires: ['q'], files: { 'bin/app': program('libq.so.1') } },
    'q-1': { files: { 'lib/libq.so.1': file } },
  },
})
const small: StudioFile = { elf: { class: 32, soname: 'libq.so.1' } }
const right = { [inSystem('libq.so.1')]: lib('libq.so.1') }

ruleWorlds('RES002', {
  found: [
    {
      name: 'the file that the search passes over',
      studio: studio(small),
      finds: ['app-1 libq.so.1 error'],
      afterRepair: studio(lib('libq.so.1')),
    },
  ],
  clean: [
    { name: 'where a later folder has the right one', studio: { ...studio(small), host: right, base: right } },
    {
      name: 'where nobody has a file of that name',
      studio: { packages: { 'app-1': { files: { 'bin/app': program('libq.so.1') } } } },
    },
  ],
})

it('takes the place of RES001', () => {
  expect(verdicts('RES001', studio(small))).toEqual([])
})
