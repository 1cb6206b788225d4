/** MIG002: the new base has the library under another soname. */
import { expect, it } from 'vitest'
import { moveVerdicts, rowOf, targetOf } from '../support/move.ts'
import { inSystem, lib, program } from '../support/studio.ts'

const packages = {
  'p-1': { files: { 'lib/libp.so.1': lib('libp.so.1', 'libssl.so.1.1') } },
  'q-1': { requires: ['p'], files: { 'bin/q': program('libp.so.1') } },
}
const host = { [inSystem('libssl.so.1.1')]: lib('libssl.so.1.1') }
const base = { [inSystem('libssl.so.3')]: lib('libssl.so.3') }

it('names what the new base has in its place; the users of the user need nothing', () => {
  expect(moveVerdicts('MIG002', { packages, host, base })).toEqual(['p-1 libssl.so.1.1 error'])
  const plan = targetOf({ packages, host, base }, 'rebuild')
  expect(rowOf(plan, 'p-1')).toMatchObject({ verdict: 'rebuild', changes: [{ instead: ['libssl.so.3'] }] })
  expect(rowOf(plan, 'q-1')).toMatchObject({ verdict: 'runs', waits_for: ['p-1'] })
  expect([plan.waves, plan.spared]).toEqual([[['p-1']], ['q-1']])
})

it('carries the old library where nothing speaks against it', () => {
  expect(rowOf(targetOf({ packages, host, base }), 'p-1').verdict).toBe('grafts')
})

it('is silent where the old name is there too, and about another library', () => {
  expect(moveVerdicts('MIG002', { packages, host, base: { ...host, ...base } })).toEqual([])
  expect(moveVerdicts('MIG002', { packages, host, base: { [inSystem('libssl2.so.3')]: lib('libssl2.so.3') } })).toEqual(
    [],
  )
})
