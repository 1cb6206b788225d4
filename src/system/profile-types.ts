/** The shape of what is known of built-in bases: facts with their grade and source. */
import type { FactGrade } from '../domain/system.ts'

/** Something known of a base as a whole: a version of gcc, a library of a platform year. */
export interface ProfileFact {
  readonly item: string
  readonly version: string
  readonly grade: FactGrade
  readonly source: string
}

/** One built-in base. */
export interface Profile {
  readonly name: string
  readonly title: string
  /** What a container would start from, null where there is no such image. */
  readonly image: string | null
  readonly os: { readonly id: string; readonly version: string } | null
  /** The column of the soname history that holds for it. */
  readonly history: string | null
  /** Null for what names no C library: it cannot be a base. */
  readonly glibc: ProfileFact | null
  /** Version nodes without their family, by family: GLIBC, GLIBCXX, CXXABI, GCC ... */
  readonly versions: Readonly<Record<string, readonly string[]>>
  readonly versionsSource: string
  /** Families that end with `versions`, with the source that says so. */
  readonly complete: Readonly<Record<string, string>>
  /** Folders of its LD_LIBRARY_PATH. */
  readonly libraryPath: readonly string[]
  /** Sonames that a policy allows, which is not to say that they are there. */
  readonly allowed: readonly string[]
  readonly facts: readonly ProfileFact[]
}

/** What one release is known to do about some sonames. */
export interface HistoryEntry {
  /** Sonames or globs over them. */
  readonly names: readonly string[]
  readonly gone: boolean
  /** The OS package that has the name, null where it is gone. */
  readonly package: string | null
  readonly version: string | null
  readonly repository: string | null
  /** What the release has instead: a soname, or the end of one, from `.so` on. */
  readonly now: string | null
  readonly note: string | null
  readonly neverCarry: string | null
  readonly grade: FactGrade
  readonly source: string
}
