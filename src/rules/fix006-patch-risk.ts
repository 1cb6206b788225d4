/** FIX006: rewriting a run path in place is risky for this file. */
import { repairDrafts } from './repair-drafts.ts'
import type { Rule } from './rule.ts'
import { defineRule } from './rule.ts'

export const patchRisk: Rule = defineRule({
  id: 'FIX006',
  name: 'patch-risk',
  severity: 'warn',
  summary: 'Rewriting a run path in place is risky for this file.',
  why: 'Tools that patch have to move tables when a string grows, and some files do not survive it.',
  remedy: 'Prefer a change of the environment, or link the file again with the run path it needs.',
  accept: 'Set `rules: {FIX006: note}` in airtight.yaml where the patched file was tried.',
  judge: (facts) => repairDrafts(facts, 'FIX006'),
})
