/** RPH001: a run path leads into the folder where the object was built. */
import { buildTreeReason } from './knowledge/paths.ts'
import type { Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { elementAction, removal, runPathDraft, whoHas } from './run-path-drafts.ts'

export const rpathBuildTree: Rule = defineRule({
  id: 'RPH001',
  name: 'rpath-build-tree',
  severity: 'warn',
  summary: 'A run path leads into a home, temporary or build folder.',
  why: 'It was left over by the build. On the machine of whoever built it the loader takes unreleased files from there; everywhere else whoever may write to such a folder decides what is loaded.',
  remedy: 'Build with an install step that rewrites run paths (CMake does), or take the element out with patchelf.',
  accept: 'Weigh the rule for one vendor package lower where nobody can rebuild it: `rules: {RPH001: note}`.',
  judge: (facts) =>
    facts.runPaths('build-tree').map((group) =>
      runPathDraft(facts, group, {
        message: `${whoHas(group)}: ${buildTreeReason(group.uses[0]?.folder ?? '') ?? 'a build folder'}.`,
        repairs: [removal(group, elementAction(group, null))],
      }),
    ),
})
