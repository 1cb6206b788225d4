/** RPH002: a run path leads to an absolute folder that a world does not have. */
import type { RepairHint, ResolvedNeed, Severity } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import { isBelow } from './facts/presence.ts'
import type { RunPathGroup } from './facts/run-paths.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { elementAction, libraryFolder, removal, replacement, runPathDraft, whoHas } from './run-path-drafts.ts'
import { some, systemName } from './words.ts'

export const rpathUnmounted: Rule = defineRule({
  id: 'RPH002',
  name: 'rpath-unmounted',
  severity: 'error',
  summary:
    'A run path leads to a folder that is not there: a repository that is mounted elsewhere, or another version.',
  why: 'What the object was meant to load from there comes from somewhere else, or from nowhere. In an image old mounts are gone.',
  remedy: 'Use `$ORIGIN` to reach folders of the same repository, or leave the search to LD_LIBRARY_PATH.',
  accept: 'A note says that nothing is lost by it; `rules: {RPH002: off}` silences the rule.',
  judge: (facts) => facts.runPaths('unmounted').map((group) => draft(facts, group)),
})

function draft(facts: Facts, group: RunPathGroup): Draft {
  const lost = lostNeeds(facts, group)
  const home = group.package === null ? null : libraryFolder(facts, group.package, group.text)
  const where = group.absent.map((world) => systemName(facts.audit, world)).join(' and ')
  const meant =
    group.package === null ? '' : ` It names ${group.package.name}; the context has ${packageId(group.package)}.`
  return runPathDraft(facts, group, {
    severity: severityOf(group, lost),
    world: group.absent.length === 1 ? (group.absent[0] ?? 'both') : 'both',
    message: `${whoHas(group)}, which is missing from ${where}.${meant}${consequence(lost)}`,
    evidence: { lost },
    repairs: repairs(group, lost, home),
  })
}

/** A world that has the folder may load from it: the element can go only where the image of tomorrow has nothing there. */
function repairs(group: RunPathGroup, lost: readonly string[], home: string | null): readonly RepairHint[] {
  const planned = group.absent.includes('base')
  // What other packages have is reached by requirements and search paths, which do not tie their places together.
  const own = planned && lost.length > 0 && group.package === group.owner
  const drop = removal(group, planned && lost.length === 0 ? elementAction(group, null) : undefined)
  return home === null ? [drop] : [replacement(group, home, own ? elementAction(group, home) : undefined), drop]
}

/** Sonames that the element serves in one world, and that are not found where it is absent. */
function lostNeeds(facts: Facts, group: RunPathGroup): readonly string[] {
  const objects = new Set(group.uses.map((use) => use.object))
  const lost = new Set<string>()
  for (const use of facts.uses) {
    if (!objects.has(use.object)) continue
    const served = [use.host, use.base].some((need) => isServed(need, group))
    const missing = group.absent.some((world) => (world === 'host' ? use.host : use.base)?.file === null)
    if (missing && (served || group.package !== null)) lost.add(use.name)
  }
  return [...lost].sort()
}

function isServed(need: ResolvedNeed | null, group: RunPathGroup): boolean {
  if (need?.path == null || (need.how !== 'rpath' && need.how !== 'runpath')) return false
  const { path } = need
  return group.uses.some((use) => use.folder !== null && isBelow(path, use.folder))
}

function severityOf(group: RunPathGroup, lost: readonly string[]): Severity {
  if (lost.length > 0) return 'error'
  return group.package === null ? 'note' : 'warn'
}

function consequence(lost: readonly string[]): string {
  if (lost.length === 0) return ' Every library is found without it.'
  return ` ${some(lost)} ${lost.length === 1 ? 'is' : 'are'} not found without it.`
}
