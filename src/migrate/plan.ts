/** From the changes of all contexts to a plan for one target: what each package needs, and what truly has to be rebuilt. */
import type { Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import { ContextGraph } from '../graph/context-graph.ts'
import type { Change, Move } from '../rules/facts/move.ts'
import { hiddenText } from '../rules/facts/hidden.ts'
import { requiredNames } from '../rules/facts/requirements.ts'
import { unknownSentence } from '../rules/facts/unknown.ts'
import type { ChangeRow, MigrationVerdict, PackageRow, Solution, TargetPlan } from './document.ts'
import { VERDICTS } from './document.ts'

export type Prefer = 'graft' | 'rebuild'

/** What is known of one package over all contexts that hold it. */
interface Gathered {
  readonly item: Package
  readonly changes: Map<string, Change>
  readonly providers: Set<string>
  objects: number
  redundant: boolean
}

type Plan = Pick<TargetPlan, 'packages' | 'totals' | 'os_packages' | 'grafts' | 'waves' | 'spared' | 'shared'>

/**
 * The plan for one target, from the moves of contexts one after the other: of a move only what a package needs is kept.
 * Everything is sorted, whatever the order of the contexts.
 */
export class TargetPlanner {
  readonly #target: string
  readonly #prefer: Prefer
  readonly #gathered = new Map<string, Gathered>()

  /** @param target what the new base is called */
  constructor(target: string, prefer: Prefer) {
    this.#target = target
    this.#prefer = prefer
  }

  add({ facts, changes, redundant }: Move): void {
    const all = this.#gathered
    for (const item of facts.context.packages) {
      const key = keyOf(item)
      const known = all.get(key) ?? { item, changes: new Map(), providers: new Set(), objects: 0, redundant: true }
      known.objects = Math.max(known.objects, facts.objectsOf(item).length)
      known.redundant &&= redundant.some(({ owner }) => owner === item)
      all.set(key, known)
    }
    for (const change of changes) {
      const entry = all.get(keyOf(change.owner))
      const known = entry?.changes.get(change.soname)
      // Worse in one context is worse: what is met in another context does not help there.
      if (entry !== undefined && (known === undefined || rank(change) > rank(known)))
        entry.changes.set(change.soname, change)
    }
    for (const [user, provider] of providersOf(facts)) all.get(user)?.providers.add(provider)
  }

  plan(): Plan {
    const gathered = this.#gathered
    const prefer = this.#prefer
    const rows = [...gathered].map(([key, entry]) => ({ key, entry, row: rowOf(entry, this.#target, prefer) }))
    const verdicts = new Map(rows.map(({ key, row }) => [key, row.verdict]))
    const label = (key: string): string => rowLabel(gathered.get(key)?.item)
    const packages = rows
      .map(({ row, entry }): PackageRow => ({
        ...row,
        waits_for: [...entry.providers]
          .filter((key) => !['runs', 'redundant'].includes(verdicts.get(key) ?? 'runs'))
          .map(label)
          .sort(),
      }))
      .sort((a, b) => compare(a.package, b.package) || (a.variant ?? -1) - (b.variant ?? -1))
    const rebuilt = new Set(rows.filter(({ row }) => row.verdict === 'rebuild').map(({ key }) => key))
    const users = rows.filter(
      ({ key, entry }) => !rebuilt.has(key) && [...entry.providers].some((provider) => rebuilt.has(provider)),
    )
    return {
      packages,
      totals: totalsOf(packages),
      os_packages: osPackages(gathered.values(), prefer),
      grafts: grafts(gathered.values(), prefer),
      waves: wavesOf(rebuilt, gathered).map((wave) => wave.map(label).sort()),
      spared: users.map(({ key }) => label(key)).sort(),
      shared: sharedOf(gathered.values()),
    }
  }
}

function rank({ kind }: Change): number {
  return ['before', 'package', 'unknown', 'gone', 'bumped', 'versions'].indexOf(kind)
}

/** Whose libraries a package loads, and what it requires: both must be there before it is built. */
function providersOf(facts: Move['facts']): readonly (readonly [string, string])[] {
  const edges: (readonly [string, string])[] = []
  const byName = new Map(facts.context.packages.map((item) => [item.name, item]))
  for (const use of facts.uses) {
    const file = use.base?.file ?? use.host?.file ?? null
    const provider = file === null ? null : facts.audit.owner(file)
    if (provider !== null && provider !== use.object.owner)
      edges.push([keyOf(use.object.owner), keyOf(provider)] as const)
  }
  for (const item of facts.context.packages) {
    for (const name of requiredNames(item.requires)) {
      const provider = byName.get(name)
      if (provider !== undefined && provider !== item) edges.push([keyOf(item), keyOf(provider)] as const)
    }
  }
  return edges
}

/** What solves a change, the cheapest that does. */
export function solve(change: Change, prefer: Prefer): Solution {
  const { kind, graft } = change
  if (kind === 'before') return 'none'
  const carried = graft !== null && graft.refused === null
  // Both would be found: the old file is known to fit.
  if (kind === 'package') return change.unfit === null ? 'os-package' : carried ? 'graft' : 'unknown'
  if (kind === 'unknown') return 'unknown'
  // The base has to be given it: nothing that is built anew brings a dispatcher to the driver.
  if (graft?.fromBase === true) return 'unknown'
  if (!carried) return 'rebuild'
  // What is gone cannot be built against; what has a successor can.
  return prefer === 'rebuild' && kind !== 'gone' ? 'rebuild' : 'graft'
}

function rowOf(entry: Gathered, target: string, prefer: Prefer): Omit<PackageRow, 'waits_for'> {
  const changes = [...entry.changes.values()].sort((a, b) => compare(a.soname, b.soname))
  const rows = changes.map((change) => changeRow(change, solve(change, prefer), target))
  return {
    package: packageId(entry.item),
    variant: entry.item.variant,
    verdict: verdictOf(rows, entry),
    objects: entry.objects,
    changes: rows,
  }
}

function verdictOf(rows: readonly ChangeRow[], { redundant }: Gathered): MigrationVerdict {
  const has = (solution: Solution): boolean => rows.some((row) => row.solution === solution)
  if (has('rebuild')) return 'rebuild'
  if (has('none')) return 'broken'
  if (has('unknown')) return 'unknown'
  if (has('graft')) return 'grafts'
  if (has('os-package')) return 'os-packages'
  return redundant ? 'redundant' : 'runs'
}

function changeRow(change: Change, solution: Solution, target: string): ChangeRow {
  const objects = [...new Set(change.uses.map((use) => use.object.relative))].sort()
  return {
    soname: change.soname,
    kind: change.kind,
    solution,
    reason: reasonOf(change, solution, target),
    os_package: change.install,
    instead: change.instead,
    versions: change.versions,
    objects,
    file: change.file,
    grade: change.fact?.grade ?? null,
    source: change.fact?.source ?? null,
  }
}

function reasonOf(change: Change, solution: Solution, target: string): string {
  const { kind, soname, instead, versions, install, graft, unfit } = change
  const refused =
    (solution !== 'rebuild' && solution !== 'unknown') || graft?.refused == null ? '' : `; ${graft.refused}`
  if (versions.length > 0 && kind !== 'before') {
    const nodes = `${versions.join(', ')} of ${soname}`
    return kind === 'unknown'
      ? `nothing says whether ${target} defines ${nodes}`
      : `${target} does not define ${nodes}${refused}`
  }
  if (kind === 'before')
    return versions.length > 0 ? `${soname} lacks ${versions.join(', ')} already` : 'missing already'
  if (kind === 'package')
    return `the OS package ${install ?? ''} brings it${unfit === null ? '' : `, but ${hiddenText(unfit)}`}${refused}`
  if (kind === 'unknown') return unknownSentence({ base: target, fact: change.fact }, soname)
  const state =
    instead.length > 0 ? `${target} has ${instead.join(', ')} in its place` : `${target} has nothing of the name`
  return `${state}${refused}`
}

function totalsOf(packages: readonly PackageRow[]): Record<MigrationVerdict, number> {
  const count = (verdict: MigrationVerdict): number => packages.filter((row) => row.verdict === verdict).length
  return Object.fromEntries(VERDICTS.map((verdict) => [verdict, count(verdict)])) as Record<MigrationVerdict, number>
}

function osPackages(all: Iterable<Gathered>, prefer: Prefer): TargetPlan['os_packages'] {
  const found = new Map<string, { readonly sonames: Set<string>; readonly packages: Set<string> }>()
  for (const { item, changes } of all) {
    for (const change of changes.values()) {
      const solution = solve(change, prefer)
      const names =
        solution === 'os-package' ? [change.install] : solution === 'graft' ? (change.graft?.install ?? []) : []
      for (const name of names) {
        if (name === null) continue
        const known = found.get(name) ?? { sonames: new Set(), packages: new Set() }
        found.set(name, known)
        known.sonames.add(change.soname)
        known.packages.add(rowLabel(item))
      }
    }
  }
  return [...found]
    .sort(([a], [b]) => compare(a, b))
    .map(([name, { sonames, packages }]) => ({ name, sonames: [...sonames].sort(), packages: [...packages].sort() }))
}

function grafts(all: Iterable<Gathered>, prefer: Prefer): TargetPlan['grafts'] {
  const found = new Map<string, { readonly files: Set<string>; readonly packages: Set<string> }>()
  for (const { item, changes } of all) {
    for (const change of changes.values()) {
      if (solve(change, prefer) !== 'graft') continue
      const known = found.get(change.soname) ?? { files: new Set(), packages: new Set() }
      found.set(change.soname, known)
      for (const { file } of change.graft?.files ?? []) known.files.add(file)
      known.packages.add(rowLabel(item))
    }
  }
  return [...found]
    .sort(([a], [b]) => compare(a, b))
    .map(([soname, { files, packages }]) => ({ soname, files: [...files].sort(), packages: [...packages].sort() }))
}

/** Libraries that more than one package misses and that no OS package brings: the most wanted first. */
function sharedOf(all: Iterable<Gathered>): TargetPlan['shared'] {
  const users = new Map<string, Set<string>>()
  for (const { item, changes } of all) {
    for (const { kind, soname } of changes.values()) {
      if (kind !== 'gone' && kind !== 'bumped') continue
      users.set(soname, (users.get(soname) ?? new Set()).add(rowLabel(item)))
    }
  }
  return [...users]
    .filter(([, packages]) => packages.size > 1)
    .sort(([a, left], [b, right]) => right.size - left.size || compare(a, b))
    .map(([soname, packages]) => ({ soname, packages: [...packages].sort() }))
}

/** Only what has to be rebuilt counts, with the ways between that lead through packages which stay. */
function wavesOf(rebuilt: ReadonlySet<string>, all: ReadonlyMap<string, Gathered>): readonly (readonly string[])[] {
  if (rebuilt.size === 0) return []
  const edges = [...rebuilt].flatMap((from) => reached(from, rebuilt, all).map((to) => ({ from, to })))
  return new ContextGraph([...rebuilt].sort(), edges).waves()
}

function reached(from: string, rebuilt: ReadonlySet<string>, all: ReadonlyMap<string, Gathered>): readonly string[] {
  const seen = new Set([from])
  for (const key of seen) for (const next of all.get(key)?.providers ?? []) seen.add(next)
  seen.delete(from)
  return [...seen].filter((key) => rebuilt.has(key))
}

function keyOf(item: Package): string {
  return `${packageId(item)}\0${item.variant ?? ''}\0${item.root}`
}

function rowLabel(item: Package | undefined): string {
  if (item === undefined) return ''
  return item.variant === null ? packageId(item) : `${packageId(item)}[${item.variant}]`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
