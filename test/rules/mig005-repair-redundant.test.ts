/** MIG005: a package carries only what the new base has itself. */
import { expect, it } from 'vitest'
import { moveVerdicts, rowOf, targetOf } from '../support/move.ts'
import { inSystem, lib, otherLib, program } from '../support/studio.ts'

const packages = {
  'q-1': { files: { 'lib/libq.so.1': lib('libq.so.1') } },
  'p-1': { requires: ['q'], files: { 'bin/a': program('libq.so.1') } },
}
const base = { [inSystem('libq.so.1')]: otherLib('libq.so.1') }

it('finds a package that holds nothing else', () => {
  expect(moveVerdicts('MIG005', { packages, host: {}, base })).toEqual(['q-1 q note'])
  expect(rowOf(targetOf({ packages, host: {}, base }), 'q-1').verdict).toBe('redundant')
})

it('is silent where the package has more, where the old base had it too, and where the new one has not', () => {
  const more = { ...packages, 'q-1': { files: { ...packages['q-1'].files, 'bin/qtool': program('libc.so.6') } } }
  expect(moveVerdicts('MIG005', { packages: more, host: {}, base })).toEqual([])
  expect(moveVerdicts('MIG005', { packages, host: base, base })).toEqual([])
  expect(moveVerdicts('MIG005', { packages, host: {}, base: {} })).toEqual([])
})
