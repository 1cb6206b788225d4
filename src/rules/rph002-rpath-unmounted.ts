/** RPH002: a run path leads to an absolute folder that a world does not have. */
import type { RepairHint, ResolvedNeed, Severity } from '../domain/audit.ts'
import type { Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import { baseName, folderName } from './facts/copies.ts'
import type { Facts } from './facts/facts.ts'
import { isBelow, normalPath } from './facts/presence.ts'
import type { RunPathGroup } from './facts/run-paths.ts'
import type { Use } from './facts/uses.ts'
import { answer } from './facts/uses.ts'
import { isMissing, isUnsure } from './facts/verdicts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { elementAction, libraryFolder, removal, replacement, runPathDraft, whoHas } from './run-path-drafts.ts'
import { rootedFolder, some, systemName } from './words.ts'

export const rpathUnmounted: Rule = defineRule({
  id: 'RPH002',
  name: 'rpath-unmounted',
  severity: 'error',
  summary:
    'A run path leads to a folder that is not there: a repository that is mounted elsewhere, or another version.',
  why: 'What the object was meant to load from there comes from somewhere else, or from nowhere. In an image old mounts are gone.',
  remedy: 'Use `$ORIGIN` to reach folders of the same repository, or leave the search to LD_LIBRARY_PATH.',
  accept: 'A note says that nothing is known to be lost by it; `rules: {RPH002: off}` silences the rule.',
  judge: (facts) => facts.runPaths('unmounted').map((group) => draft(facts, group)),
})

function draft(facts: Facts, group: RunPathGroup): Draft {
  const { lost, unknown, unsure } = lostNeeds(facts, group)
  const names = [...lost.keys()]
  const found = [...lost.values()].find((folder) => folder !== null)
  const meant = group.package ?? (found === undefined ? null : group.owner)
  const home = found ?? (meant === null ? null : libraryFolder(facts, meant, group.text))
  const where = group.absent.map((world) => systemName(facts.audit, world)).join(' and ')
  return runPathDraft(facts, group, {
    severity: severityOf(group, names, unsure),
    ...(unsure ? { confidence: 'inferred' as const } : {}),
    world: group.absent.length === 1 ? (group.absent[0] ?? 'both') : 'both',
    message: `${whoHas(group)}, which is missing from ${where}.${meaning(group, meant, home)}${consequence(names, unknown)}`,
    evidence: { lost: names },
    repairs: repairs(group, names, meant, home),
  })
}

/** What the element was meant to lead to. */
function meaning(group: RunPathGroup, meant: Package | null, home: string | null): string {
  if (meant === null) return ''
  if (meant !== group.owner) return ` It names ${meant.name}; the context has ${packageId(meant)}.`
  return home === null ? '' : ` ${packageId(meant)} itself has ${rootedFolder(meant, home)}.`
}

/** A world that has the folder may load from it: the element can go only where the image of tomorrow has nothing there. */
function repairs(
  group: RunPathGroup,
  lost: readonly string[],
  meant: Package | null,
  home: string | null,
): readonly RepairHint[] {
  const planned = group.absent.includes('base')
  // What other packages have is reached by requirements and search paths, which do not tie their places together.
  const own = planned && lost.length > 0 && meant === group.owner
  const drop = removal(group, planned && lost.length === 0 ? elementAction(group, null) : undefined)
  return home === null ? [drop] : [replacement(group, home, own ? elementAction(group, home) : undefined), drop]
}

interface LostNeeds {
  /** Sonames that the element serves, or was meant to: not found where it is absent; with their folder in the context. */
  readonly lost: ReadonlyMap<string, string | null>
  /** Other sonames that its objects miss there. */
  readonly unknown: readonly string[]
  /** All that is lost may be loaded already where the objects are opened. */
  readonly unsure: boolean
}

function lostNeeds(facts: Facts, group: RunPathGroup): LostNeeds {
  const objects = new Set(group.uses.map((use) => use.object))
  const lost = new Map<string, string | null>()
  const unknown = new Set<string>()
  let sure = false
  for (const use of facts.uses) {
    if (!objects.has(use.object)) continue
    const missing = group.absent.map((world) => answer(use, world)).filter(isMissing)
    if (missing.length === 0) continue
    const served = [use.host, use.base].some((need) => isServed(need, group))
    const folder = meantFolder(facts, group, use)
    if (!served && folder === null) unknown.add(use.name)
    else {
      lost.set(use.name, folder)
      sure ||= !missing.every(isUnsure)
    }
  }
  const sorted = [...lost].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    lost: new Map(sorted),
    unknown: [...unknown].filter((name) => !lost.has(name)).sort(),
    unsure: lost.size > 0 && !sure,
  }
}

/** Where the package that the element names has the library; without a name, where the own one has it in a folder of that name. */
function meantFolder(facts: Facts, group: RunPathGroup, use: Use): string | null {
  const last = baseName(normalPath(group.text))
  const copies = facts.copies.anyCopies(use.name, use.object)
  const copy = copies.find(({ owner, path }) =>
    group.package === null ? owner === group.owner && baseName(folderName(path)) === last : owner === group.package,
  )
  return copy === undefined ? null : folderName(copy.path)
}

function isServed(need: ResolvedNeed | null, group: RunPathGroup): boolean {
  if (need?.path == null || (need.how !== 'rpath' && need.how !== 'runpath')) return false
  const { path } = need
  return group.uses.some((use) => use.folder !== null && isBelow(path, use.folder))
}

function severityOf(group: RunPathGroup, lost: readonly string[], unsure: boolean): Severity {
  if (lost.length > 0) return unsure ? 'warn' : 'error'
  return group.package === null ? 'note' : 'warn'
}

function consequence(lost: readonly string[], unknown: readonly string[]): string {
  if (lost.length > 0) return ` ${some(lost)} ${lost.length === 1 ? 'is' : 'are'} not found without it.`
  if (unknown.length > 0)
    return ` Whether ${some(unknown)}, which ${unknown.length === 1 ? 'is' : 'are'} missing, lay there is not known.`
  return ' Every library is found without it.'
}
