/** REQ006: a need is satisfied only by a build requirement. */
import type { Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { requirementDraft } from './requirement-drafts.ts'

export const privateBuildLeak: Rule = defineRule({
  id: 'REQ006',
  name: 'private-build-leak',
  severity: 'error',
  summary: 'An object needs a library of a package that is required only for building.',
  why: 'build_requires and private_build_requires are gone at run time: the library was linked and is not brought along.',
  remedy: 'Move the requirement to `requires`, or link the library statically.',
  accept: 'Never: at run time the requirement does not exist.',
  judge: (facts) =>
    facts.owed
      .filter((owed) => owed.kind === 'build-only')
      .map((owed) =>
        requirementDraft(
          facts,
          owed,
          facts.purpose === 'lint' ? 'error' : 'warn',
          'which is required only for building',
        ),
      ),
})
