/** PKG002: payload for another machine. */
import { expect, it } from 'vitest'
import { EM_AARCH64 } from '../../src/domain/object.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { program, verdicts } from '../support/studio.ts'

const own = { 'bin/a': program('libc.so.6') }
const arm: StudioFile = { elf: { machine: EM_AARCH64, soname: 'libq.so.1', needs: ['libnowhere.so.1'] } }
const studio = (files: Readonly<Record<string, StudioFile>>, more: Partial<StudioSpec> = {}): StudioSpec => ({
  packages: { 'p-1': { files: { ...own, ...files } } },
  ...more,
})
const foreign = studio({ 'arm/libq.so.1': arm })

ruleWorlds('PKG002', {
  found: [
    {
      name: 'a library of another machine, and says which',
      studio: foreign,
      finds: ['p-1 arm/libq.so.1 note'],
      says: ['AArch64'],
      afterRepair: [studio({}), studio({ 'arm/libq.so.1': arm }, { policy: { ignorePaths: ['arm/**'] } })],
    },
  ],
  clean: [
    { name: 'about the machine of the context', studio: studio({ 'lib/libq.so.1': { elf: { soname: 'libq.so.1' } } }) },
  ],
})

it('judges nothing else about the file', () => {
  expect(verdicts('RES001', foreign)).toEqual([])
})
