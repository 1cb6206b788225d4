/** The environment and the requirements of a context after its repairs: what packages would set if they were repaired. */
import type { Context, EnvironmentAction, EnvironmentEntry, EnvironmentVariable, Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { EnvEntry, RepairFile } from '../domain/repair.ts'
import { compareBytes } from './compare.ts'
import type { Places } from './paths.ts'
import { expandPath } from './paths.ts'

/** A repair file with its name below the folder of all repairs. */
export interface NamedRepair {
  readonly path: string
  readonly file: RepairFile
}

/** The package of the context that a package file is about, null for a context file or another package. */
export function subjectOf(file: RepairFile, packages: readonly Package[]): Package | null {
  const { subject } = file
  if (!('package' in subject)) return null
  const variant = subject.variant ?? []
  return (
    packages.find(
      (item) =>
        item.name === subject.package &&
        item.version === (subject.version ?? '') &&
        item.variantRequires.join('\0') === variant.join('\0'),
    ) ?? null
  )
}

/** The context with what its repair files add to requirements and environment. */
export function repairedContext(context: Context, repairs: readonly NamedRepair[], places: Places): Context {
  const requires = new Map<Package, readonly string[]>()
  const changes: Change[] = []
  for (const { file } of repairs) {
    const item = subjectOf(file, context.packages)
    if (item === null && file.kind === 'package') continue
    if (item !== null) requires.set(item, addedRequires(file))
    for (const [variable, entries] of Object.entries(file.env ?? {})) {
      for (const [value, { op }] of Object.entries(entries).sort(([a], [b]) => compareBytes(a, b))) {
        changes.push({ variable, value: expandPath(value, places) ?? value, op, item })
      }
    }
  }
  if (requires.size === 0 && changes.length === 0) return context
  const packages = context.packages.map((item) => {
    const added = requires.get(item) ?? []
    return added.length === 0 ? item : { ...item, requires: [...item.requires, ...added] }
  })
  const order = new Map(context.packages.map((item, at) => [packageId(item), at]))
  const variables = changes.reduce((known, change) => changed(known, change, order), context.environment.variables)
  const { actions } = context
  return {
    ...context,
    packages,
    environment: { ...context.environment, variables },
    ...(actions === undefined
      ? {}
      : { actions: [...actions, ...settingActions(context.environment.variables, variables)] }),
  }
}

/** Steps after which variables that repairs changed are as repaired; nothing before can know their place in a value. */
function settingActions(
  before: readonly EnvironmentVariable[],
  after: readonly EnvironmentVariable[],
): readonly EnvironmentAction[] {
  const text = ({ entries, separator }: EnvironmentVariable): string =>
    entries.map(({ value }) => value).join(separator)
  const known = new Map(before.map((variable) => [variable.name, text(variable)]))
  return after.flatMap((variable): readonly EnvironmentAction[] => {
    const { name, separator, entries } = variable
    if (known.get(name) === text(variable)) return []
    if (entries.length === 0) return [{ kind: 'unset', name }]
    return [{ kind: 'set', name, pieces: [{ literal: false, text: text(variable) }], separator }]
  })
}

/** Requirements that a package file adds, as Rez writes them. */
export function addedRequires(file: RepairFile): readonly string[] {
  return Object.entries(file.requires ?? {})
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, { range }]) => requirementText(name, range))
}

/** `tiff-4.5+<5`; a range that begins with a comparison needs no dash. */
export function requirementText(name: string, range: string): string {
  if (range === '') return name
  return /^[<>=]/.test(range) ? name + range : `${name}-${range}`
}

interface Change {
  readonly variable: string
  readonly value: string
  readonly op: EnvEntry['op']
  /** Null for a change that the context makes at the end. */
  readonly item: Package | null
}

function changed(
  variables: readonly EnvironmentVariable[],
  change: Change,
  order: ReadonlyMap<string, number>,
): readonly EnvironmentVariable[] {
  const known = variables.find((variable) => variable.name === change.variable)
  const before = known ?? { name: change.variable, entries: [], separator: ':' }
  const after = { ...before, entries: changedEntries(before.entries, change, order) }
  const others = variables.filter((variable) => variable !== known)
  return [...others, after].sort((a, b) => compareBytes(a.name, b.name))
}

function changedEntries(
  entries: readonly EnvironmentEntry[],
  change: Change,
  order: ReadonlyMap<string, number>,
): readonly EnvironmentEntry[] {
  const { value, item, op } = change
  const entry = { value, package: item === null ? null : packageId(item) }
  switch (op) {
    case 'set':
      return [entry]
    case 'remove':
      return entries.filter((other) => trimmed(other.value) !== trimmed(value))
    default: {
      if (entries.some((other) => trimmed(other.value) === trimmed(value))) return entries
      const at = op === 'append' ? appendPlace(entries, item, order) : prependPlace(entries, item, order)
      return [...entries.slice(0, at), entry, ...entries.slice(at)]
    }
  }
}

/** Where a package's own append would have gone: behind everything that packages up to it have put there. */
function appendPlace(
  entries: readonly EnvironmentEntry[],
  item: Package | null,
  order: ReadonlyMap<string, number>,
): number {
  if (item === null) return entries.length
  const own = order.get(packageId(item)) ?? order.size
  const later = entries.findIndex((entry) => (order.get(entry.package ?? '') ?? -1) > own)
  return later < 0 ? entries.length : later
}

/** A prepend of a later package stands before that of an earlier one. */
function prependPlace(
  entries: readonly EnvironmentEntry[],
  item: Package | null,
  order: ReadonlyMap<string, number>,
): number {
  if (item === null) return 0
  const own = order.get(packageId(item)) ?? order.size
  const at = entries.findIndex((entry) => (order.get(entry.package ?? '') ?? -1) <= own)
  return at < 0 ? entries.length : at
}

function trimmed(folder: string): string {
  return folder.length > 1 ? folder.replace(/\/+$/, '') : folder
}
