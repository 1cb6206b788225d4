/** REQ005: several packages could satisfy a need, and none of them is required. */
import { expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { findingsOf, lib, otherLib, program, verdicts } from '../support/studio.ts'

const turbo = { 'turbo-2': { files: { 'lib/libjpeg.so.62': lib('libjpeg.so.62') } } }
const ijg = { 'ijg-9': { files: { 'lib/libjpeg.so.62': otherLib('libjpeg.so.62') } } }
const studio = (requires: readonly string[], copies: StudioSpec['packages']): StudioSpec => ({
  packages: { 'app-1': { requires, files: { 'bin/a': program('libjpeg.so.62') } }, ...copies },
})
const two = studio([], { ...turbo, ...ijg })

ruleWorlds('REQ005', {
  found: [
    {
      name: 'the candidates and the one that wins',
      studio: two,
      finds: ['app-1 libjpeg.so.62 warn'],
      says: ['Today turbo-2 wins'],
      afterRepair: [studio(['turbo'], { ...turbo, ...ijg }), studio(['turbo'], turbo)],
    },
  ],
  clean: [
    { name: 'where one of them is required', studio: studio(['ijg'], { ...turbo, ...ijg }) },
    { name: 'where only one package has it', studio: studio([], turbo) },
  ],
})

it('lists the candidates; the one that wins is REQ001 until one is required', () => {
  expect(findingsOf('REQ005', two)[0]?.evidence).toMatchObject({ candidates: ['turbo-2', 'ijg-9'] })
  expect(verdicts('REQ001', two)).toEqual(['app-1 turbo warn'])
  expect(verdicts('REQ001', studio(['ijg'], { ...turbo, ...ijg }))).toEqual([])
})
