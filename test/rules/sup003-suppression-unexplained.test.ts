/** SUP003: a suppression lacks what policy demands of one. */
import { expect, it } from 'vitest'
import { policyOf } from '../support/policy.ts'
import { findingsOf } from '../support/studio.ts'

const told = (entry: string, require = ''): readonly string[] =>
  findingsOf('SUP003', {
    packages: {},
    policy: policyOf(`${require}\nsuppress: [{rule: RES001, where: {package: p}${entry}}]`),
    today: '2026-01-01',
  }).map((finding) => finding.message.replace(/.*package p /, ''))

it('a reason is demanded where policy says nothing', () => {
  expect(told('')).toEqual(['has no reason.'])
  expect(told(', reason: " "')).toEqual(['has no reason.'])
  expect(told(', reason: r')).toEqual([])
})

it('policy may demand more, or nothing', () => {
  const require = 'require: {suppression: [reason, owner, ticket, expires]}'
  expect(told(', reason: r', require)).toEqual(['has no owner, no ticket, no expires.'])
  expect(told('', 'require: {suppression: []}')).toEqual([])
})

it('the last day may not lie too far away', () => {
  const require = 'require: {max_age_days: 30}'
  expect(told(', reason: r, expires: 2026-01-31', require)).toEqual([])
  expect(told(', reason: r, expires: 2026-02-01', require)).toEqual(['ends on 2026-02-01, more than 30 days from now.'])
})
