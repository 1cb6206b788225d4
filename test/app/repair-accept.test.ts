/** `accept` of a repair file: a finding that somebody decided to live with, until a day. */
import { expect, it } from 'vitest'
import type { AcceptEntry } from '../../src/domain/repair.ts'
import { auditStudio, inSystem, lib, program } from '../support/studio.ts'

const packages = { 'paint-1': { files: { 'bin/paint': program('libz.so.1') } } }
const host = { [inSystem('libz.so.1')]: lib('libz.so.1') }

function findings(accept: AcceptEntry): readonly string[] {
  const file = {
    kind: 'context' as const,
    subject: { context: 'studio', requests: [], packages: {} },
    accept: { 'acc-z': accept },
  }
  const repairs = () => [{ path: 'contexts/studio.yaml', file }]
  const audit = auditStudio({ packages, host, base: {}, today: '2026-06-30', repairs })
  return audit.findings.map(({ rule, subject }) => `${rule} ${subject}`)
}

const reason = 'never started in the image'

it.each([
  ['without a day', {}],
  ['on its last day', { expires: '2026-06-30' }],
  [
    'by the name of the rule, the package and a pattern',
    { rule: 'host-leak', where: { package: 'paint', subject: 'libz*' } },
  ],
])('holds %s', (_, more) => {
  expect(findings({ rule: 'HST002', reason, ...more })).toEqual([])
})

it('counts no more after its day, and that is told', () => {
  const found = findings({ rule: 'HST002', reason, expires: '2026-06-29' })
  expect(found).toContain('HST002 libz.so.1')
  expect(found.filter((text) => text.startsWith('FIX001'))).toHaveLength(1)
})

it.each([
  ['another rule', { rule: 'HST001' }],
  ['another package', { where: { package: 'other' } }],
  ['another subject', { where: { subject: 'libtiff*' } }],
  ['another file', { where: { file: 'lib/*' } }],
])('is not about %s', (_, more) => {
  expect(findings({ rule: 'HST002', reason, ...more })).toEqual(['HST002 libz.so.1'])
})
