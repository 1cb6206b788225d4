/** OBS003: a running program loaded a file that belongs neither to a package of the context nor to the system. */
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import type { ObservedGroup } from './observed-drafts.ts'
import { advice, foundThrough, observedDraft, observedGroups } from './observed-drafts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'

export const observedUnknown: Rule = defineRule({
  id: 'OBS003',
  name: 'observed-unknown',
  severity: 'warn',
  summary: 'A running program loaded a file that belongs neither to a package of the context nor to the system.',
  why: 'A plugin of the home folder, of an unmounted share or of a package outside the context is in no image, and nobody reviews it.',
  remedy:
    'Bring the file in a package of the context, or take the folder out of the variable or the settings that lead to it.',
  accept: 'Where people are meant to add plugins of their own, as in a folder of their home.',
  judge: (facts) => observedGroups(facts, 'outside').map((group) => draft(facts, group)),
})

function draft(facts: Facts, group: ObservedGroup): Draft {
  const { first, subject } = group
  const verb = first.opened ? 'opened' : 'loaded'
  return observedDraft(facts, group, {
    message:
      `${packageId(first.owner)} (${first.witness}) ${verb} ${first.file ?? ''}${foundThrough(first)}, ` +
      'which belongs neither to a package of the context nor to the system.',
    repairs: [advice(subject, `Bring ${subject} in a package of the context, or take out what leads to its folder.`)],
  })
}
