/** SUP003: a suppression lacks what policy demands of one. */
import type { Suppression } from '../policy/policy.ts'
import { originText } from '../policy/suppress.ts'
import type { Review } from './review.ts'
import { defineReview } from './rule.ts'
import type { Rule } from './rule.ts'
import { adviceOn, describe, subjectOf, suppressionEvidence } from './suppression-words.ts'

export const suppressionUnexplained: Rule = defineReview({
  id: 'SUP003',
  name: 'suppression-unexplained',
  severity: 'warn',
  summary: 'A suppression lacks the reason, owner, ticket or last day that policy demands of one.',
  why: 'In a year nobody knows whether it may go. A reason is demanded unless `require.suppression` says otherwise.',
  remedy: 'Add what is missing to the suppression.',
  accept: 'Demand less: `require: {suppression: []}`.',
  review: (review) =>
    review.uses.flatMap(({ suppression }) => {
      const faults = faultsOf(suppression, review)
      if (faults.length === 0) return []
      return [
        {
          package: null,
          subject: subjectOf(suppression),
          world: 'both' as const,
          message: `${originText(suppression.origin)}: the suppression of ${describe(suppression)} ${faults.join(', and ')}.`,
          objects: [],
          evidence: suppressionEvidence(suppression),
          repairs: [adviceOn(suppression, 'add what is missing')],
        },
      ]
    }),
})

function faultsOf(suppression: Suppression, { require, today }: Review): readonly string[] {
  const missing = require.suppression.filter((key) => suppression[key] === null || suppression[key].trim() === '')
  const { maxAgeDays } = require
  const faults = missing.length === 0 ? [] : [`has no ${missing.join(', no ')}`]
  if (maxAgeDays === null || suppression.expires === null) return faults
  const latest = new Date(Date.parse(today) + maxAgeDays * 86_400_000).toISOString().slice(0, 10)
  if (suppression.expires <= latest) return faults
  return [...faults, `ends on ${suppression.expires}, more than ${maxAgeDays} days from now`]
}
