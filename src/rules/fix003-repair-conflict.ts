/** FIX003: two repairs contradict each other, or one would do what is never done. */
import { repairDrafts } from './repair-drafts.ts'
import type { Rule } from './rule.ts'
import { defineRule } from './rule.ts'

export const repairConflict: Rule = defineRule({
  id: 'FIX003',
  name: 'repair-conflict',
  severity: 'error',
  summary: 'Two repairs contradict each other, or one would do what is never done.',
  why: 'Which of the two a builder does first decides what the image holds.',
  remedy: 'Delete one of the two entries.',
  accept: 'Never: the later file (that of the context) wins, and says so here.',
  judge: (facts) => repairDrafts(facts, 'FIX003'),
})
