/** The plan of a migration, schema airtight/migration/v1: the same data that every format shows. */
import type { Finding } from '../domain/audit.ts'

export const MIGRATION_SCHEMA = 'airtight/migration/v1'

/**
 * `runs`: as it is. `redundant`: the new base has all it holds. `os-packages`: once these are installed. `grafts`: once
 * these files are carried as well. `unknown`: no source says. `rebuild`: nothing else helps. `broken`: on the old base too.
 */
export const VERDICTS = ['runs', 'redundant', 'os-packages', 'grafts', 'unknown', 'rebuild', 'broken'] as const
export type MigrationVerdict = (typeof VERDICTS)[number]

/** What solves one change. */
export type Solution = 'os-package' | 'graft' | 'rebuild' | 'unknown' | 'none'

export interface ChangeRow {
  readonly soname: string
  readonly kind: 'package' | 'bumped' | 'gone' | 'unknown' | 'versions' | 'before'
  readonly solution: Solution
  /** Why, in one sentence. */
  readonly reason: string
  readonly os_package: string | null
  readonly instead: readonly string[]
  readonly versions: readonly string[]
  /** Relative to their payload roots, sorted. */
  readonly objects: readonly string[]
  /** The file that the old base gives. */
  readonly file: string | null
  /** How well the new base's side is known, null for what was read from it. */
  readonly grade: string | null
  readonly source: string | null
}

export interface PackageRow {
  /** `NAME-VERSION`. */
  readonly package: string
  readonly variant: number | null
  readonly verdict: MigrationVerdict
  readonly objects: number
  /** Sorted by soname. */
  readonly changes: readonly ChangeRow[]
  /** Packages whose libraries it loads and that do not run as they are, sorted. */
  readonly waits_for: readonly string[]
}

export interface TargetPlan {
  readonly base: string
  readonly os: string | null
  readonly libc: string | null
  /** Known by facts alone. */
  readonly profile: boolean
  /** Sorted by name. */
  readonly packages: readonly PackageRow[]
  readonly totals: Readonly<Record<MigrationVerdict, number>>
  readonly os_packages: readonly {
    readonly name: string
    readonly sonames: readonly string[]
    readonly packages: readonly string[]
  }[]
  readonly grafts: readonly {
    readonly soname: string
    readonly files: readonly string[]
    readonly packages: readonly string[]
  }[]
  /** The smallest set that has to be rebuilt, in waves: each after all that it needs. */
  readonly waves: readonly (readonly string[])[]
  /** Packages that use a package of the waves and need not be rebuilt for it, sorted. */
  readonly spared: readonly string[]
  /** Libraries that most packages would carry, the most wanted first: worth a package of their own. */
  readonly shared: readonly { readonly soname: string; readonly packages: readonly string[] }[]
  readonly findings: readonly Finding[]
}

export interface MigrationPlan {
  readonly schema: typeof MIGRATION_SCHEMA
  readonly tool: string
  readonly contexts: readonly string[]
  readonly from: { readonly base: string; readonly os: string | null; readonly libc: string | null }
  /** What is preferred where both would do. */
  readonly prefer: 'graft' | 'rebuild'
  readonly targets: readonly TargetPlan[]
  readonly notes: readonly string[]
  /** What could not be read although it may change a verdict. */
  readonly incomplete: readonly string[]
}
