/** What a planner is given, and what it answers. */
import type { Finding } from '../domain/audit.ts'
import type { Package } from '../domain/context.ts'
import type { PackageIndex } from '../domain/package-index.ts'
import type { RepairAction, RequireEntry } from '../domain/repair.ts'
import type { Drivers } from '../rules/knowledge/lookup.ts'
import type { Tree } from '../domain/tree.ts'
import type { SectionName } from './sections.ts'

/** How a missing library may come into the image, best first where a preference is told. */
export type Remedy = 'os_packages' | 'grafts'

/** A library that the distribution maintains is better than a copy of one. */
export const DEFAULT_PREFERENCE: readonly Remedy[] = ['os_packages', 'grafts']

/** The sections that a studio may forbid: their entries copy files, or change those of packages and image. */
export type Forbiddable = Extract<SectionName, 'os_packages' | 'grafts' | 'rpath' | 'symlinks' | 'remove_files'>
export const FORBIDDABLE: readonly Forbiddable[] = ['os_packages', 'grafts', 'rpath', 'symlinks', 'remove_files']

/** What may be planned. */
export interface Remedies {
  readonly preference: readonly Remedy[]
  /** Sections of which nothing is planned. */
  readonly never: ReadonlySet<SectionName>
}

export interface PlanSetting extends Remedies {
  readonly index: PackageIndex | null
  readonly drivers: Drivers
  /** The range for a requirement; null where none can be told. */
  range(
    action: Extract<RepairAction, { kind: 'requires' }>,
  ): Pick<RequireEntry, 'range' | 'found' | 'confidence'> | null
  /** Where packages lie, for the digests of their files. */
  readonly machine: Tree
}

/** One entry to write. */
export interface PlannedEntry {
  /** The package whose file it belongs to; null for the file of the context. */
  readonly owner: Package | null
  readonly keys: readonly string[]
  readonly value: Readonly<Record<string, unknown>>
  /** Fingerprints of the findings it is meant to clear. */
  readonly clears: readonly string[]
}

export interface Plan {
  readonly entries: readonly PlannedEntry[]
  readonly withheld: readonly Withheld[]
}

/** A finding that asks for a change that is not planned, and why not. */
export interface Withheld {
  readonly finding: Finding
  /** A phrase without a full stop. */
  readonly reason: string
}

/** A library, newer ones, a command or a file that a library opens, which the image is to have. */
export interface LibraryWish {
  readonly action: Extract<RepairAction, { kind: 'library' | 'newer' | 'command' | 'opened' }>
  readonly finding: Finding
}

export interface LibraryPlan {
  readonly entries: readonly {
    readonly entry: Omit<PlannedEntry, 'clears'>
    /** Empty for what only comes along. */
    readonly findings: readonly Finding[]
  }[]
  readonly withheld: readonly Withheld[]
}
