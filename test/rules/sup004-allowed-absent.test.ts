/** SUP004, and what else an allow list and drivers of policy change. */
import { describe, expect, it } from 'vitest'
import { policyOf } from '../support/policy.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import { findingsOf, inSystem, lib, program, verdicts } from '../support/studio.ts'

const host = { [inSystem('libq.so.1')]: lib('libq.so.1') }
const packages = { 'p-1': { files: { 'bin/a': program('libq.so.1') } } }
const allow = (entry: string): ReturnType<typeof policyOf> => policyOf(`allow: {q: {${entry}}}`)

const promise = 'sonames: [libq.so.1, libr.so.1, "libc.so.*", "libz*"], must_exist: true'
const demanded = allow('sonames: [libr.so.1], must_exist: true')
const full = { ...host, [inSystem('libr.so.1')]: lib('libr.so.1'), [inSystem('libz.so.1')]: lib('libz.so.1') }

ruleWorlds('SUP004', {
  found: [
    {
      name: 'what the base was promised to have',
      studio: { packages: {}, base: host, policy: allow(promise) },
      finds: ['- libr.so.1 error', '- libz* error'],
      says: ['allow.q promises libr.so.1'],
      afterRepair: [
        { packages: {}, base: full, policy: allow(promise) },
        { packages: {}, base: host, policy: allow('sonames: [libq.so.1, "libc.so.*"], must_exist: true') },
      ],
    },
  ],
  clean: [
    { name: 'without must_exist', studio: { packages: {}, policy: allow('sonames: [libr.so.1]') } },
    { name: 'without a base', studio: { packages: {}, base: null, policy: demanded } },
    {
      name: 'about what the host is to bring',
      studio: { packages: {}, policy: allow('from: host, sonames: [libr.so.1], must_exist: true') },
    },
    { name: 'where the base has all of it', studio: { packages: {}, base: full, policy: demanded } },
  ],
})

describe('what is allowed', () => {
  it('from the base is covered as if `provides` named it', () => {
    const spec = { packages, host, base: host, provides: {} }
    expect(verdicts('HST001', spec)).toEqual(['p-1 libq.so.1 error'])
    expect(verdicts('HST001', { ...spec, policy: allow('sonames: ["libq*"]') })).toEqual([])
  })

  it.each(['host', 'driver'])('from the %s is bound at run time', (from) => {
    const policy = allow(`from: ${from}, sonames: [libq.so.1]`)
    const spec = { packages, host }
    expect(verdicts('HST002', spec)).toEqual(['p-1 libq.so.1 error'])
    expect(verdicts('HST002', { ...spec, policy })).toEqual([])
    expect(verdicts('HST006', { ...spec, policy })).toEqual(['p-1 libq.so.1 note'])
  })

  it('may be packaged, a library of a driver may not', () => {
    const shipping = { 'p-1': { files: { 'lib/libq.so.1': lib('libq.so.1') } } }
    const policy = allow('from: driver, sonames: [libq.so.1]')
    expect(verdicts('HST005', { packages: shipping, policy })).toEqual([])
    const driver = policyOf('drivers: {card: {sonames: ["libq.so*"], device: card.example/io=all}}')
    expect(verdicts('HST005', { packages: shipping, policy: driver })).toEqual(['p-1 libq.so.1 error'])
    expect(verdicts('HST006', { packages, host, policy: driver })).toEqual(['p-1 libq.so.1 note'])
  })
})

it('remedies of policy stand behind the repairs, and kinds it prefers before the others', () => {
  const policy = policyOf('remedies: {HST002: Ask the image team.}\nrepair: {prefer: [graft]}')
  const [finding] = findingsOf('HST002', { packages, host, policy })
  expect(finding?.repairs.map((repair) => repair.kind)).toEqual(['graft', 'advice'])
  expect(finding?.repairs.at(-1)?.text).toBe('Ask the image team.')
})
