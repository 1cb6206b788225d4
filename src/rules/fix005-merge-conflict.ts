/** FIX005: a person and the generator changed the same field of a repair in different ways. */
import { repairDrafts } from './repair-drafts.ts'
import type { Rule } from './rule.ts'
import { defineRule } from './rule.ts'

export const mergeConflict: Rule = defineRule({
  id: 'FIX005',
  name: 'merge-conflict',
  severity: 'error',
  summary: 'A person and the generator changed the same field of a repair in different ways.',
  why: 'Neither is right by itself: the edit was made for a plan that no longer holds.',
  remedy: 'Put the value you want into the file; with `pin: true` the entry stays as it is from then on.',
  accept: 'Set `pin: true` in the entry.',
  judge: (facts) => repairDrafts(facts, 'FIX005'),
})
