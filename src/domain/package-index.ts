/** What the distribution of a base offers: OS packages that could be installed, known from its indexes alone. */
import type { OsPackage } from './system.ts'

/** A library that a package brings. */
export interface OfferedLibrary {
  readonly soname: string
  /** Its path, null where the index tells none. */
  readonly path: string | null
  /** Version nodes it defines; null where the index does not tell. */
  readonly versions: readonly string[] | null
}

export interface OfferedPackage {
  readonly name: string
  readonly version: string
  /** Groups of alternatives; one of each group has to be installed. Names of packages or of what they provide. */
  readonly depends: readonly (readonly string[])[]
  /** Further names it answers to. */
  readonly provides: readonly string[]
  readonly libraries: readonly OfferedLibrary[]
  /** Absolute paths of commands it brings. */
  readonly programs: readonly string[]
}

export interface PackageIndex {
  readonly manager: OsPackage['manager']
  /** What it was made for, as `debian-12 x86_64`. */
  readonly label: string
  package(name: string): OfferedPackage | null
  /** Packages with a library of that soname, sorted by name. */
  withLibrary(soname: string): readonly OfferedPackage[]
  /** Packages with a command at that path, sorted by name. */
  withProgram(path: string): readonly OfferedPackage[]
  /**
   * The package and everything that has to come with it, the package itself first, then in the order in which they are
   * met; alternatives that `installed` has count as met.
   */
  closure(name: string, installed: (name: string) => boolean): readonly OfferedPackage[]
}
