/** SUP002: a suppression is about nothing that was found. */
import { expect, it } from 'vitest'
import { policyOf } from '../support/policy.ts'
import type { StudioSpec } from '../support/studio.ts'
import { lib, program, verdicts } from '../support/studio.ts'

const packages = { 'p-1.2': { files: { 'bin/a': program('libq.so.1'), 'lib/libq.so.1': lib('libq.so.1') } } }
const unused = (rule: string, where: string, more: Partial<StudioSpec> = {}): readonly string[] =>
  verdicts('SUP002', {
    packages,
    policy: policyOf(`suppress: [{rule: ${rule}, where: {${where}}, reason: r}]`),
    ...more,
  })

it('is reported where the package was looked at', () => {
  expect(unused('RES001', 'package: p')).toEqual(['- RES001 p warn'])
  expect(unused('RES001', 'package: "p*", version: "1+"')).toEqual(['- RES001 p* 1+ warn'])
})

it.each([
  ['another package', 'RES001', 'package: other', {}],
  ['another version', 'RES001', 'package: p, version: "2+"', {}],
  ['another context', 'RES001', 'package: p, context: other', {}],
  ['no package', 'RES001', 'subject: libz.so.1', {}],
  ['a rule that needs two systems', 'HST002', 'package: p', { host: null }],
  ['a world that is not there', 'RES001', 'package: p, world: host', { host: null }],
])('%s: nobody can tell', (_, rule, where, more) => {
  expect(unused(rule, where, more)).toEqual([])
})

it('one that is about a finding is used, whichever rule of the cause sees it', () => {
  const missing = { 'p-1.2': { files: { 'bin/a': program('libq.so.1') } } }
  expect(unused('HST002', 'package: p', { packages: missing })).toEqual([])
})
