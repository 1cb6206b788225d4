/** What the findings about run paths have in common: who has the element, and what should stand there instead. */
import type { RepairHint } from '../domain/audit.ts'
import type { Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { RepairAction } from '../domain/repair.ts'
import type { Facts } from './facts/facts.ts'
import { folderName } from './facts/copies.ts'
import { isBelow, normalPath } from './facts/presence.ts'
import type { RunPathGroup } from './facts/run-paths.ts'
import type { Draft } from './rule.ts'
import { some } from './words.ts'

/** An element as a person reads it: an empty one has no characters. */
function shown(text: string): string {
  return text === '' ? '(empty)' : text
}

/** The same inside of a sentence. */
function named(text: string): string {
  return text === '' ? 'an empty element' : text
}

/** The tag by which most objects of the group have the element. */
function tagName(group: RunPathGroup): string {
  return group.uses.every((use) => use.tag === 'rpath') ? 'DT_RPATH' : 'DT_RUNPATH'
}

/** Paths of the objects relative to their payload roots, sorted. */
function objectsOf(group: RunPathGroup): readonly string[] {
  return [...new Set(group.uses.map((use) => use.object.relative))].sort()
}

/** `PACKAGE (OBJECTS) has the run path TEXT`. */
export function whoHas(group: RunPathGroup): string {
  return `${packageId(group.owner)} (${some(objectsOf(group))}) has ${named(group.text)} in ${tagName(group)}`
}

/** A draft with everything but its own words. */
export function runPathDraft(
  facts: Facts,
  group: RunPathGroup,
  rest: Pick<Draft, 'message' | 'repairs'> & Partial<Pick<Draft, 'severity' | 'confidence' | 'world' | 'evidence'>>,
): Draft {
  return {
    package: group.owner,
    subject: shown(group.text),
    world: rest.world ?? (facts.worlds.length === 1 ? (facts.worlds[0] ?? 'both') : 'both'),
    ...(rest.severity === undefined ? {} : { severity: rest.severity }),
    ...(rest.confidence === undefined ? {} : { confidence: rest.confidence }),
    message: rest.message,
    objects: objectsOf(group),
    evidence: {
      entry: group.text,
      tags: [...new Set(group.uses.map((use) => use.tag))].sort(),
      folder: group.uses[0]?.folder ?? null,
      absent: group.absent,
      package: group.package === null ? null : packageId(group.package),
      ...rest.evidence,
    },
    repairs: rest.repairs,
  }
}

/** Takes the element out of the run path; `action` where a planner may do so. */
export function removal(group: RunPathGroup, action?: RepairAction): RepairHint {
  const own = packageId(group.owner)
  return {
    kind: 'rpath',
    target: `${own} ${shown(group.text)}`,
    text: `Take ${named(group.text)} out of the run path of ${some(objectsOf(group))} in ${own}.`,
    ...(action === undefined ? {} : { action }),
  }
}

/** What a planner is told: the element goes, or leads to `folder` from wherever the object stands. */
export function elementAction(group: RunPathGroup, folder: string | null): RepairAction {
  const objects = [...new Set(group.uses.map((use) => use.object.path))].sort()
  return { kind: 'rpath', owner: group.owner, element: group.text, objects, folder }
}

/** Puts the way from the first object to a folder of a package in its place. */
export function replacement(group: RunPathGroup, folder: string, action?: RepairAction): RepairHint {
  const first = group.uses[0]?.object
  const way = first === undefined ? folder : relativeTo(folderName(first.path), folder)
  const places = new Set(group.uses.map((use) => folderName(use.object.path))).size
  const where = first === undefined || places === 1 ? '' : ` in ${first.relative}, and the like in the others`
  return {
    kind: 'rpath',
    target: `${packageId(group.owner)} ${shown(group.text)}`,
    text: `Put ${way} in its place${where}: it leads to the folder wherever the packages stand.`,
    ...(action === undefined ? {} : { action }),
  }
}

/** The folder of a package that holds libraries: the one that ends as the element does, else its lib. */
export function libraryFolder(facts: Facts, item: Package, text: string): string | null {
  const folders = [
    ...new Set(facts.objectsOf(item).flatMap((object) => (object.role === 'library' ? [folderName(object.path)] : []))),
  ]
  const last = normalPath(text).split('/').at(-1) ?? ''
  return folders.find((folder) => folder.endsWith(`/${last}`)) ?? folders[0] ?? null
}

/** `$ORIGIN/../lib` for a folder seen from another one. */
export function relativeTo(from: string, to: string): string {
  const up: string[] = []
  let top = normalPath(from)
  const goal = normalPath(to)
  while (!isBelow(goal, top)) {
    top = folderName(top)
    up.push('..')
  }
  const down = goal.slice(top === '/' ? 1 : top.length + 1)
  return ['$ORIGIN', ...up, ...(down === '' ? [] : [down])].join('/')
}
