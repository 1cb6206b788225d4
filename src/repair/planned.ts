/** What a planner is given, and what it answers. */
import type { Finding } from '../domain/audit.ts'
import type { Package } from '../domain/context.ts'
import type { PackageIndex } from '../domain/package-index.ts'
import type { LackingLibrary, RepairAction, RequireEntry } from '../domain/repair.ts'
import type { Drivers } from '../rules/knowledge/lookup.ts'
import type { Tree } from '../domain/tree.ts'
import type { SectionName } from './sections.ts'
import type { Supply } from './supply.ts'

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

/** What earlier tries of a run have shown about copies. */
export interface GraftTrials {
  /** Names whose copies would change what others load, if everybody found them. */
  readonly apart: ReadonlySet<string>
  /** Names of which no copy helps, and why. */
  readonly refused: ReadonlyMap<string, string>
}

export interface PlanSetting extends Remedies {
  /** Absent before the first try. */
  readonly trials?: GraftTrials
  readonly index: PackageIndex | null
  /** Where copies come from, best first; the host is that of the audit. */
  readonly supplies: readonly ('host' | Supply)[]
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
  /** Libraries that get folders of their own, for whoever finds out how objects reach them. */
  readonly apart: readonly ApartWant[]
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

export type OpenedAction = Extract<RepairAction, { kind: 'opened' }>

/** Wishes for one name. */
export interface Want {
  readonly kind: 'library' | 'newer' | 'command' | 'opened'
  /** What it is asked for by. */
  readonly name: string
  /** The copy that was seen, null where none was: the host's, unless {@link opened} says where it is. */
  readonly file: string | null
  /** Set for what a library opens by itself. */
  readonly opened: OpenedAction | null
  /** Set for a library that the base has, and that lacks versions. */
  readonly lacking: LackingLibrary | null
  readonly findings: readonly Finding[]
}

/** An entry with the findings that it is for; none for what only comes along. */
export interface LibraryEntry {
  readonly entry: Omit<PlannedEntry, 'clears'>
  readonly findings: readonly Finding[]
}

/** A library that must not stand where everybody finds it. */
export interface ApartWant {
  readonly want: Want
  /** The path of the copy, below `{graft}`. */
  readonly dest: string
  /** The grafts; nobody reaches the first of them yet. */
  readonly entries: readonly LibraryEntry[]
}

export interface LibraryPlan {
  readonly entries: readonly LibraryEntry[]
  readonly apart: readonly ApartWant[]
  readonly withheld: readonly Withheld[]
}
