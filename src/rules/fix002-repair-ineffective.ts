/** FIX002: a repair is in place, and resolving again still shows the finding that it is meant to clear. */
import { repairDrafts } from './repair-drafts.ts'
import type { Rule } from './rule.ts'
import { defineRule } from './rule.ts'

export const repairIneffective: Rule = defineRule({
  id: 'FIX002',
  name: 'repair-ineffective',
  severity: 'error',
  summary: 'A repair is in place, and resolving again still shows the finding that it is meant to clear.',
  why: 'The plan looks complete and the image would break all the same.',
  remedy:
    'Look at the finding that is left: another copy may win, or a version may be missing. Change the entry, or delete it.',
  accept: 'Never: remove the entry, or accept the finding that is left.',
  judge: (facts) => repairDrafts(facts, 'FIX002'),
})
