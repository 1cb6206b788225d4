/** SUP004, and what else an allow list and drivers of policy change. */
import { describe, expect, it } from 'vitest'
import { policyOf } from '../support/policy.ts'
import { findingsOf, inSystem, lib, program, verdicts } from '../support/studio.ts'

const host = { [inSystem('libq.so.1')]: lib('libq.so.1') }
const packages = { 'p-1': { files: { 'bin/a': program('libq.so.1') } } }
const allow = (entry: string): ReturnType<typeof policyOf> => policyOf(`allow: {q: {${entry}}}`)

it('reports what the base was promised to have', () => {
  const policy = allow('sonames: [libq.so.1, libr.so.1, "libc.so.*", "libz*"], must_exist: true')
  expect(verdicts('SUP004', { packages: {}, base: host, policy })).toEqual(['- libr.so.1 error', '- libz* error'])
})

it('is silent without must_exist, without a base, and about what the host is to bring', () => {
  const policy = allow('sonames: [libr.so.1]')
  expect(verdicts('SUP004', { packages: {}, policy })).toEqual([])
  const demanded = allow('sonames: [libr.so.1], must_exist: true')
  expect(verdicts('SUP004', { packages: {}, base: null, policy: demanded })).toEqual([])
  expect(
    verdicts('SUP004', { packages: {}, policy: allow('from: host, sonames: [libr.so.1], must_exist: true') }),
  ).toEqual([])
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
