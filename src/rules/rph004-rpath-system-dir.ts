/** RPH004: a run path names a folder that the loader searches anyway. */
import type { RunPathGroup } from './facts/run-paths.ts'
import type { Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { elementAction, removal, runPathDraft, whoHas } from './run-path-drafts.ts'

export const rpathSystemDir: Rule = defineRule({
  id: 'RPH004',
  name: 'rpath-system-dir',
  severity: 'warn',
  summary: "A run path names one of the system's library folders.",
  why: "The system's copies then go before what they should go behind: as DT_RPATH before the context's LD_LIBRARY_PATH, as DT_RUNPATH before the cache.",
  remedy: 'Take the element out: the loader searches the folder at the end in any case.',
  accept: 'A DT_RUNPATH is a note, for LD_LIBRARY_PATH goes before it.',
  judge: (facts) =>
    facts.runPaths('system').map((group) => {
      const early = hasRpath(group)
      return runPathDraft(facts, group, {
        severity: early ? 'warn' : 'note',
        message: `${whoHas(group)}: ${early ? "copies of the system go before the context's LD_LIBRARY_PATH" : 'the loader searches it at the end in any case'}.`,
        repairs: [removal(group, elementAction(group, null))],
      })
    }),
})

function hasRpath(group: RunPathGroup): boolean {
  return group.uses.some((use) => use.tag === 'rpath')
}
