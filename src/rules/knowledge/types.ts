/** The shape of the knowledge that rules are given as data. */

/** A library that the host's driver supplies at run time. */
export interface DriverLibrary {
  /** Glob over sonames. */
  readonly soname: string
  readonly class: string
  readonly reason: string
  readonly source: string
}

/** A version that the libraries of a driver demand of what the image has. */
export interface DriverNeed {
  readonly soname: string
  /** Name of a version node. */
  readonly version: string
  readonly reason: string
  readonly source: string
}

export interface DriverFamily {
  readonly name: string
  /** Name of the CDI device that brings its libraries. */
  readonly device: string
  /** Globs over paths of link-time stubs. */
  readonly stubs: readonly string[]
  /** Policy lets its libraries come from the machine; a package may ship them all the same. */
  readonly allowed?: true
  readonly libraries: readonly DriverLibrary[]
  /** Absent for what a policy names. */
  readonly needs?: readonly DriverNeed[]
}

/** A library that every system gives. */
export interface CoreLibrary {
  readonly soname: string
  readonly family: 'libc' | 'compiler'
  readonly reason: string
  readonly source: string
}

/** A folder that exists only where software is built. */
export interface BuildTree {
  /** Glob over absolute paths. */
  readonly path: string
  readonly reason: string
}

/** A kind of a singleton that another kind cannot replace. */
export interface Flavour {
  readonly name: string
  /** A symbol that libraries of this kind define, and no others. */
  readonly defines: string
  /** Glob over symbols that an object asks for when it was built for this kind. The first kind that matches counts. */
  readonly imports: string
}

/** A library of which a process must have one copy. */
export interface Singleton {
  readonly name: string
  readonly title: string
  /** Globs over sonames. */
  readonly libraries: readonly string[]
  readonly severity: 'error' | 'warn'
  readonly reason: string
  readonly flavours: readonly Flavour[]
}

/** The C library of an operating system. */
export interface OsRelease {
  /** As Rez names it, in lower case. */
  readonly os: string
  /** Its leading parts count: `7` is every 7.x. */
  readonly version: string
  readonly glibc: readonly [number, number]
}
