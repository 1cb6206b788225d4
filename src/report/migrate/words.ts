/** Words and tables that every form of a migration plan shares. */
import { printable } from '../../domain/bytes.ts'
import type { MigrationPlan, MigrationVerdict, PackageRow, TargetPlan } from '../../migrate/document.ts'
import { VERDICTS } from '../../migrate/document.ts'

export const VERDICT_WORDS: Readonly<Record<MigrationVerdict, string>> = {
  runs: 'runs as it is',
  redundant: 'becomes redundant',
  'os-packages': 'needs OS packages',
  grafts: 'needs grafts',
  unknown: 'unknown',
  rebuild: 'must be rebuilt',
  broken: 'broken already',
}

/** Worst first: what a planner has to look at. */
export const WORST_FIRST: readonly MigrationVerdict[] = [
  'rebuild',
  'broken',
  'unknown',
  'grafts',
  'os-packages',
  'redundant',
  'runs',
]

export function rowName(row: Pick<PackageRow, 'package' | 'variant'>): string {
  return printable(row.variant === null ? row.package : `${row.package}[${row.variant}]`)
}

/** What a package needs before it runs, one line each. */
export function rowReasons(row: PackageRow): readonly string[] {
  const waits = row.waits_for.length === 0 ? [] : [`with what ${listed(row.waits_for, 4)} needs`]
  const own = row.changes.map((change) => {
    if (change.solution === 'os-package') return `${change.soname}: install ${change.os_package ?? ''}`
    if (change.solution === 'graft') return `${change.soname}: carry it (${change.reason})`
    return `${change.soname}: ${change.reason}`
  })
  return [...own, ...(own.length === 0 ? waits : [])].map(printable)
}

export function listed(names: readonly string[], most: number): string {
  if (names.length <= most) return names.join(', ')
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`
}

/** Every package of any target, sorted, with its verdict in each. */
export function matrixOf(
  plan: MigrationPlan,
): readonly { readonly name: string; readonly cells: readonly (PackageRow | null)[] }[] {
  const names = [...new Set(plan.targets.flatMap((target) => target.packages.map(rowName)))].sort()
  const tables = plan.targets.map((target) => new Map(target.packages.map((row) => [rowName(row), row])))
  return names.map((name) => ({ name, cells: tables.map((table) => table.get(name) ?? null) }))
}

/** The effort of each target as rows of a table: a header, then one row for each kind of work. */
export function effortOf(targets: readonly TargetPlan[]): readonly (readonly string[])[] {
  const row = (name: string, count: (target: TargetPlan) => number): string[] => [
    name,
    ...targets.map((target) => String(count(target))),
  ]
  return [
    ['', ...targets.map(({ base }) => printable(base))],
    row('packages', ({ packages }) => packages.length),
    ...VERDICTS.map((verdict) => row(`  ${VERDICT_WORDS[verdict]}`, ({ totals }) => totals[verdict])),
    row('OS packages to install', (target) => target.os_packages.length),
    row('libraries to carry', (target) => target.grafts.length),
    row('files to carry', (target) => new Set(target.grafts.flatMap(({ files }) => files)).size),
    row('waves of rebuilding', (target) => target.waves.length),
  ]
}
