/** RPH003: a run path depends on the working folder, or on links on the way. */
import type { Severity } from '../domain/audit.ts'
import type { RepairAction } from '../domain/repair.ts'
import type { Facts } from './facts/facts.ts'
import { placeAt } from './facts/presence.ts'
import type { RunPathGroup } from './facts/run-paths.ts'
import type { Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { elementAction, removal, runPathDraft, whoHas } from './run-path-drafts.ts'

export const rpathUnsafe: Rule = defineRule({
  id: 'RPH003',
  name: 'rpath-unsafe',
  severity: 'error',
  summary: 'A run path has an element that is empty, relative, or leads through `..` of an absolute path.',
  why: 'An empty or relative element is looked up in the folder in which somebody happens to start the program: whoever can put a library there has it loaded.',
  remedy: 'Begin every element with `$ORIGIN` or `/`, and take empty ones out. Mind shells: `$ORIGIN` must be quoted.',
  accept: 'There is hardly a reason to. `rules: {RPH003: warn}` keeps a vendor package from failing the gate.',
  judge: (facts) =>
    facts.runPaths('unsafe').map((group) => {
      const { severity, reason } = verdictOf(group)
      return runPathDraft(facts, group, {
        severity,
        message: `${whoHas(group)}: ${reason}.`,
        repairs: [removal(group, action(facts, group))],
      })
    }),
})

/** Where `..` leads to a folder that is there, the element goes only for the plain way to the same folder of its own package. */
function action(facts: Facts, group: RunPathGroup): RepairAction | undefined {
  const folder = group.uses[0]?.folder ?? null
  const place = folder === null ? null : facts.worlds.map((world) => placeAt(facts.audit, world, folder)).find(Boolean)
  if (place == null) return elementAction(group, null)
  return place.owner === group.owner ? elementAction(group, place.path) : undefined
}

function verdictOf({ text }: RunPathGroup): { readonly severity: Severity; readonly reason: string } {
  if (text === '') {
    return { severity: 'error', reason: 'the loader takes it for the working folder (elf/dl-load.c, fillin_rpath)' }
  }
  if (text.startsWith('/')) {
    return text.includes('$')
      ? { severity: 'error', reason: 'the loader knows no such token and takes the text as it is' }
      : { severity: 'warn', reason: 'where `..` leads depends on links on the way' }
  }
  const token = text.includes('$') ? ', for the loader knows no such token' : ''
  return { severity: 'error', reason: `it is relative to the working folder${token}` }
}
