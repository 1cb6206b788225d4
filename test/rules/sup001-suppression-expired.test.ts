/** SUP001: a suppression is past its last day. */
import { expect, it } from 'vitest'
import { policyOf } from '../support/policy.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { auditStudio, lib, program } from '../support/studio.ts'

const missing: StudioSpec['packages'] = { 'p-1': { files: { 'bin/a': program('libq.so.1') } } }
const mended: StudioSpec['packages'] = {
  'p-1': { files: { 'bin/a': program('libq.so.1'), 'lib/libq.so.1': lib('libq.so.1') } },
}
const studio = (expires: string, packages = missing): StudioSpec => ({
  packages,
  policy: policyOf(
    `suppress: [{rule: RES001, where: {package: p, subject: libq.so.1}, reason: r, owner: td, expires: ${expires}}]`,
  ),
  today: '2026-07-01',
})

ruleWorlds('SUP001', {
  found: [
    {
      name: 'the day after the last one, and the finding counts again',
      studio: studio('2026-06-30'),
      finds: ['- RES001 p libq.so.1 error'],
      says: [
        'airtight.yaml:2: the suppression of RES001 for package p, subject libq.so.1 ended on 2026-06-30; 1 finding counts again.',
      ],
      afterRepair: [studio('2027-06-30'), { packages: mended, policy: policyOf('suppress: []') }],
    },
    {
      name: 'one that is about nothing any more',
      studio: studio('2026-06-30', mended),
      finds: ['- RES001 p libq.so.1 error'],
      says: ['it is about nothing any more'],
      afterRepair: { packages: mended, policy: policyOf('suppress: []') },
    },
  ],
  clean: [{ name: 'on the last day', studio: studio('2026-07-01') }],
})

it('suppresses until the last day, and no longer', () => {
  const suppressed = (expires: string): readonly boolean[] =>
    auditStudio(studio(expires))
      .findings.filter(({ rule }) => rule === 'RES001')
      .map((finding) => finding.suppressed !== undefined)
  expect(suppressed('2026-07-01')).toEqual([true])
  expect(suppressed('2026-06-30')).toEqual([false])
})

it('says whose it was, and where to look', () => {
  const finding = auditStudio(studio('2020-01-01')).findings.find(({ rule }) => rule === 'SUP001')
  expect(finding?.evidence).toMatchObject({ file: 'airtight.yaml', line: 2, owner: 'td' })
  expect(finding?.repairs.map(({ text }) => text)).toEqual([
    'In airtight.yaml:2: mend what it hides, or give it a later `expires`.',
  ])
})
