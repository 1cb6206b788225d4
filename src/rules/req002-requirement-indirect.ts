/** REQ002: a library of another package is needed, and the package is reached only through another requirement. */
import type { Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { requirementDraft } from './requirement-drafts.ts'
import { some } from './words.ts'

export const requirementIndirect: Rule = defineRule({
  id: 'REQ002',
  name: 'requirement-indirect',
  severity: 'warn',
  summary: 'An object needs a library of a package that is reached only through another requirement.',
  why: 'When the package in between drops or changes its requirement, this one breaks without having been touched.',
  remedy: 'Add the package to `requires` of package.py.',
  accept: '`rules: {REQ002: note}` in airtight.yaml where the packages are always released together.',
  judge: (facts) =>
    facts.owed
      .filter((owed) => owed.kind === 'indirect')
      .map((owed) =>
        requirementDraft(facts, owed, 'warn', `which comes only through ${some(owed.chain.slice(0, -1))}`),
      ),
})
