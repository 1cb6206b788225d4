/** MIG006: the new base has a library that a package carries, and the old one had not. */
import { expect, it } from 'vitest'
import { moveVerdicts } from '../support/move.ts'
import { inSystem, lib, otherLib, program } from '../support/studio.ts'

const packages = {
  'q-1': { files: { 'lib/libq.so.1': lib('libq.so.1') } },
  'p-1': { requires: ['q'], files: { 'bin/a': program('libq.so.1') } },
}
const base = { [inSystem('libq.so.1')]: otherLib('libq.so.1') }

it('tells which copy hides the other', () => {
  expect(moveVerdicts('MIG006', { packages, host: {}, base })).toEqual(['p-1 libq.so.1 note'])
})

it('is silent where the old base had it too, and where the new one has not', () => {
  expect(moveVerdicts('MIG006', { packages, host: base, base })).toEqual([])
  expect(moveVerdicts('MIG006', { packages, host: {}, base: {} })).toEqual([])
})
