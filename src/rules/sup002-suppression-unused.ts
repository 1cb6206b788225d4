/** SUP002: a suppression is about nothing that was found. */
import { anyGlob } from '../policy/glob.ts'
import { inRange } from '../policy/match.ts'
import type { Suppression } from '../policy/policy.ts'
import { originText } from '../policy/suppress.ts'
import type { Review } from './review.ts'
import { defineReview } from './rule.ts'
import type { Rule } from './rule.ts'
import { adviceOn, describe, subjectOf, suppressionEvidence } from './suppression-words.ts'

export const suppressionUnused: Rule = defineReview({
  id: 'SUP002',
  name: 'suppression-unused',
  severity: 'warn',
  summary: 'A suppression names a package that was audited, and nothing was found that it is about.',
  why: 'The finding is gone. A suppression that stays hides the next one of its kind.',
  remedy: 'Take the suppression out of the policy.',
  accept: 'Where the finding comes and goes with the machine, say so in its conditions (`context`, `world`).',
  review: (review) =>
    review.uses
      .filter(({ expired, matched, suppression }) => !expired && matched === 0 && couldMatch(suppression, review))
      .map(({ suppression }) => ({
        package: null,
        subject: subjectOf(suppression),
        world: 'both',
        message: `${originText(suppression.origin)}: the suppression of ${describe(suppression)} is about nothing that was found.`,
        objects: [],
        evidence: suppressionEvidence(suppression),
        repairs: [adviceOn(suppression, 'take it out')],
      })),
})

/** A policy serves many contexts: only one that was looked at where the finding would be can be called unused. */
function couldMatch({ rule, where }: Suppression, { packages, contexts, worlds }: Review): boolean {
  const { packages: names, version, contexts: named, world } = where
  if (names === null) return false
  if (rule.startsWith('HST') && worlds.length < 2) return false
  if (world !== null && world !== 'both' && !worlds.includes(world)) return false
  if (named !== null && !contexts.some(anyGlob(named))) return false
  const isNamed = anyGlob(names)
  return packages.some((item) => isNamed(item.name) && (version === null || inRange(version, item.version)))
}
