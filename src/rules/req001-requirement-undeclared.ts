/** REQ001: a library of another package is needed, and requires does not name the package at all. */
import type { Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { requirementDraft } from './requirement-drafts.ts'

export const requirementUndeclared: Rule = defineRule({
  id: 'REQ001',
  name: 'requirement-undeclared',
  severity: 'error',
  summary: 'An object needs a library of a package that its own package does not require at all.',
  why: 'It works in a context that holds the package for other reasons. In the next context the library is missing, or comes from the system.',
  remedy: 'Add the package to `requires` of package.py, with a range that keeps the soname.',
  accept:
    'Where the need is met by the system on purpose, keep the package out of the context or mark its folder with `private_dirs`.',
  judge: (facts) =>
    facts.owed
      .filter((owed) => owed.kind === 'undeclared')
      .map((owed) =>
        requirementDraft(facts, owed, facts.purpose === 'lint' ? 'error' : 'warn', 'which its requires do not name'),
      ),
})
