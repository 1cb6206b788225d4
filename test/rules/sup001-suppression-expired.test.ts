/** SUP001: a suppression is past its last day. */
import { expect, it } from 'vitest'
import { policyOf } from '../support/policy.ts'
import { auditStudio, program } from '../support/studio.ts'

const run = (today: string, expires = '2026-06-30'): readonly (readonly [string, boolean])[] =>
  auditStudio({
    packages: { 'p-1': { files: { 'bin/a': program('libq.so.1') } } },
    policy: policyOf(
      `suppress: [{rule: RES001, where: {package: p, subject: libq.so.1}, reason: r, expires: ${expires}}]`,
    ),
    today,
  }).findings.map((finding) => [finding.rule, finding.suppressed !== undefined])

it('the last day counts: until then the finding is suppressed', () => {
  expect(run('2026-06-30')).toEqual([['RES001', true]])
})

it('from the next day on both are reported, and the finding counts', () => {
  expect(run('2026-07-01')).toEqual([
    ['RES001', false],
    ['SUP001', false],
  ])
})

it('says whose it was', () => {
  const [, finding] = auditStudio({
    packages: { 'p-1': { files: { 'bin/a': program('libq.so.1') } } },
    policy: policyOf('suppress: [{rule: RES001, where: {package: p}, reason: r, owner: td, expires: 2020-01-01}]'),
  }).findings
  expect(finding).toMatchObject({
    rule: 'SUP001',
    severity: 'error',
    package: null,
    subject: 'RES001 p',
    evidence: { file: 'airtight.yaml', line: 2, owner: 'td' },
  })
  expect(finding?.message).toBe(
    'airtight.yaml:2: the suppression of RES001 for package p ended on 2020-01-01; 1 finding counts again.',
  )
})
