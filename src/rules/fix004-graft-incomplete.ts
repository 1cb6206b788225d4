/** FIX004: a grafted library needs another library that the image does not have. */
import { repairDrafts } from './repair-drafts.ts'
import type { Rule } from './rule.ts'
import { defineRule } from './rule.ts'

export const graftIncomplete: Rule = defineRule({
  id: 'FIX004',
  name: 'graft-incomplete',
  severity: 'error',
  summary: 'A grafted library needs another library, or a version of one, that the image does not have.',
  why: 'The library is found, and the program ends at the next one.',
  remedy: 'Graft the missing library too, or install the OS package that has both.',
  accept: 'Never: a graft that does not load is of no use.',
  judge: (facts) => repairDrafts(facts, 'FIX004'),
})
