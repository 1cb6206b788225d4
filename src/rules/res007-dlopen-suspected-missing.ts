/** RES007: a name in an object or a Python file looks like a library that is opened, and would not be found. */
import type { Severity, WorldName } from '../domain/audit.ts'
import type { Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import type { OpenNames } from './facts/open-names.ts'
import { isCore } from './knowledge/lookup.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { nowhere, some } from './words.ts'

export const dlopenSuspectedMissing: Rule = defineRule({
  id: 'RES007',
  name: 'dlopen-suspected-missing',
  severity: 'note',
  summary:
    'An object or a Python file holds the name of a library that it seems to open at run time, and that would not be found.',
  why: 'What is opened with dlopen stands in no DT_NEEDED. It is missed when somebody uses the feature, not when the program starts.',
  remedy:
    'Find out what the library is for; bring it in a package or install it in the image where the feature is wanted.',
  accept:
    'Programs ask for many libraries that they can do without, so this is a note; a warning where the host has the library and the base has not.',
  judge: (facts) => [...collect(facts).values()].map((found) => draft(facts, found)),
})

interface Found {
  readonly owner: Package
  readonly stem: string
  readonly names: Set<string>
  readonly witnesses: Set<string>
  /** Worlds in which no name of the stem is found, for every witness so far. */
  readonly missing: Set<WorldName>
}

/** Programs try several names of one library: it is missing where none of them is found. */
function collect(facts: Facts): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>()
  for (const source of facts.openNames()) {
    for (const [stem, names] of byStem(source.names)) {
      if (names.some((name) => isKnown(facts, name))) continue
      const missing = facts.worlds.filter((world) =>
        names.every((name) => facts.opening(world)?.open(source.caller, name) === 'missing'),
      )
      if (missing.length > 0) add(found, source, stem, names, missing)
    }
  }
  return found
}

function add(
  found: Map<string, Found>,
  source: OpenNames,
  stem: string,
  names: readonly string[],
  missing: readonly WorldName[],
): void {
  const key = `${packageId(source.owner)}\0${source.owner.variant ?? ''}\0${stem}`
  const known = found.get(key) ?? {
    owner: source.owner,
    stem,
    names: new Set<string>(),
    witnesses: new Set<string>(),
    missing: new Set<WorldName>(),
  }
  found.set(key, known)
  for (const name of names) known.names.add(name)
  for (const world of missing) known.missing.add(world)
  known.witnesses.add(source.script ?? source.caller.relative)
}

/** Part of every system, of the driver, or in some package under that name: it may be opened by its path. */
function isKnown(facts: Facts, name: string): boolean {
  return isCore(name) || facts.drivers.of(name) !== null || facts.copies.anyCopies(name, null).length > 0
}

function byStem(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const stems = new Map<string, string[]>()
  for (const name of names) {
    const stem = name.slice(0, name.indexOf('.so'))
    const list = stems.get(stem)
    if (list === undefined) stems.set(stem, [name])
    else list.push(name)
  }
  return stems
}

function draft(facts: Facts, found: Found): Draft {
  const names = [...found.names].sort()
  const missing = facts.worlds.filter((world) => found.missing.has(world))
  const lost = facts.worlds.length > 1 && missing.length === 1 && missing[0] === 'base'
  const severity: Severity = lost ? 'warn' : 'note'
  const owner = packageId(found.owner)
  const witnesses = [...found.witnesses].sort()
  const where = nowhere(facts.audit, missing)
  return {
    package: found.owner,
    subject: names[0] ?? found.stem,
    world: missing.length > 1 ? 'both' : (missing[0] ?? 'both'),
    severity,
    confidence: 'heuristic',
    message:
      `${owner} (${some(witnesses)}) seems to open ${some(names)}, which would not be found ${where}.` +
      (lost ? ' The host has it.' : ''),
    objects: witnesses,
    evidence: { names, missing },
    repairs: [
      {
        kind: 'advice',
        target: names[0] ?? found.stem,
        text: `Bring ${names[0] ?? found.stem} in a package or install it in the image, where what it serves is wanted.`,
      },
    ],
  }
}
