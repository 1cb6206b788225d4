/** OBS002: a running program loaded another file than the one that was computed. */
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import type { ObservedGroup } from './observed-drafts.ts'
import { advice, foundThrough, observedDraft, observedGroups, ownedFile } from './observed-drafts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'

export const observedElsewhere: Rule = defineRule({
  id: 'OBS002',
  name: 'observed-elsewhere',
  severity: 'warn',
  summary: 'A running program loaded another file than the audit computed, or found none.',
  why: 'Either the program ran in another environment than that of the context, or something is loaded into its process that the audit does not know: what was audited is not what runs.',
  remedy:
    'Compare the environment of the run with that of airtight env: LD_LIBRARY_PATH, LD_PRELOAD and wrapper scripts first. Then observe again.',
  accept: 'Where a wrapper script chooses other libraries on purpose.',
  judge: (facts) => observedGroups(facts, 'elsewhere').map((group) => draft(facts, group)),
})

function draft(facts: Facts, group: ObservedGroup): Draft {
  const { first, subject } = group
  const { audit } = facts
  const owner = packageId(first.owner)
  const seen = first.file === null ? 'found nothing' : `loaded ${ownedFile(audit, first.file)}${foundThrough(first)}`
  const computed =
    first.expected === null ? 'nothing was to be found' : `it was to be ${ownedFile(audit, first.expected)}`
  return observedDraft(facts, group, {
    severity: first.file === null ? 'error' : 'warn',
    message: `${owner} (${first.witness}) asked for ${subject} and ${seen}; ${computed}.`,
    repairs: [
      advice(
        first.program,
        `Compare the environment in which ${first.program} ran with that of airtight env, LD_LIBRARY_PATH first.`,
      ),
    ],
  })
}
