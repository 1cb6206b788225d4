/** What the solver asks of package repositories, one question at a time and only about what it looks at. */
import type { Fault } from '../../domain/fault.ts'
import type { Requirement } from '../version/requirement.ts'
import type { Version } from '../version/version.ts'

/** The answer is not there yet: whoever runs the solver fetches it and asks again. */
export const UNREAD = 'unread'

/** One variant of a package version. */
export interface SourceVariant {
  /** Null for a package without variants. */
  readonly index: number | null
  /** `requires` of the package, then those of the variant. */
  readonly requires: readonly Requirement[]
}

/** What a package definition tells the solver. */
export interface SourcePackage {
  /** At least one, in the order of the definition. */
  readonly variants: readonly SourceVariant[]
  /** Seconds since the epoch of the release; null for a package that was not released. */
  readonly timestamp: number | null
}

/** The definition cannot be had. */
export interface SourceFault {
  readonly faults: readonly Fault[]
}

/** Answers are the same each time, but for {@link UNREAD}, which turns into one. */
export interface PackageSource {
  /** The versions of a family, each once; null where no repository has the family. Reads no definition. */
  versions(name: string): readonly Version[] | null | typeof UNREAD
  /** The definition of a version that {@link versions} names. */
  load(name: string, version: Version): SourcePackage | SourceFault | typeof UNREAD
}
