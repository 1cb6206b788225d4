/** FIX001: a guard of a repair no longer matches: the file or place is not what the repair was planned for. */
import { repairDrafts } from './repair-drafts.ts'
import type { Rule } from './rule.ts'
import { defineRule } from './rule.ts'

export const repairStale: Rule = defineRule({
  id: 'FIX001',
  name: 'repair-stale',
  severity: 'error',
  summary: 'A guard of a repair no longer matches: the file or place is not what the repair was planned for.',
  why: 'A builder that went on would change a file that nobody looked at.',
  remedy: 'Run `airtight repair` again; where the new file is right, the new plan says so.',
  accept: 'Never: a guard that is passed over guards nothing. Delete the entry where it is not wanted.',
  judge: (facts) => repairDrafts(facts, 'FIX001'),
})
