/** SUP001: a suppression is past its last day. */
import { originText } from '../policy/suppress.ts'
import { defineReview } from './rule.ts'
import type { Rule } from './rule.ts'
import { adviceOn, describe, subjectOf, suppressionEvidence } from './suppression-words.ts'

export const suppressionExpired: Rule = defineReview({
  id: 'SUP001',
  name: 'suppression-expired',
  severity: 'error',
  summary: 'A suppression is past the day on which it ends.',
  why: 'Whoever accepted the finding wanted it looked at again by that day. Since then the finding counts again.',
  remedy: 'Mend what it hides, or look at it again and give the suppression a new day and reason.',
  accept: 'Set a later `expires`, or take the suppression out.',
  review: ({ uses }) =>
    uses
      .filter(({ expired }) => expired)
      .map(({ suppression, matched }) => ({
        package: null,
        subject: subjectOf(suppression),
        world: 'both',
        message:
          `${originText(suppression.origin)}: the suppression of ${describe(suppression)} ended on ` +
          `${suppression.expires ?? ''}; ${matched === 0 ? 'it is about nothing any more' : `${matched === 1 ? '1 finding counts' : `${matched} findings count`} again`}.`,
        objects: [],
        evidence: suppressionEvidence(suppression),
        repairs: [adviceOn(suppression, 'mend what it hides, or give it a later `expires`')],
      })),
})
