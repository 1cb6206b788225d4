/** What the loader loads: bindings, closures and the trail of candidates. */

/** How a file was found (section B of the loader's rules). */
export type How =
  | 'root'
  | 'loaded'
  | 'path'
  | 'preload'
  | 'rpath'
  | 'library-path'
  | 'runpath'
  | 'cache'
  | 'default'
  | 'interpreter'
  | 'musl-libc'

/** Why a candidate was passed over, or that it won. */
export type Verdict =
  | 'won'
  | 'absent'
  | 'unreadable'
  | 'wrong-class'
  | 'wrong-machine'
  | 'wrong-flags'
  | 'kernel-too-new'
  | 'below-system-folder'
  | 'list-ended'
  | 'fatal'

/** One candidate the loader looked at. */
export interface Candidate {
  readonly stage: How
  /** The path as the loader built it. */
  readonly path: string
  readonly verdict: Verdict
  /** The object whose run path named the folder, when a run path did. */
  readonly origin: string | null
  /** One phrase in the loader's words where there are any. */
  readonly reason: string | null
}

/** An object in the link map. */
export interface Loaded {
  /** Index in the closure's list. */
  readonly index: number
  /** The first name it was asked for by. */
  readonly name: string
  /** The path the loader opened; null for a name that was not found. */
  readonly path: string | null
  /** The file behind `path`, links followed; null when missing. */
  readonly file: string | null
  readonly how: How | 'missing'
  /** Index of the object that first asked; null for the root and preloads. */
  readonly loader: number | null
}

/** The answer to one need of one object. */
export interface Binding {
  /** Index of the object that asks. */
  readonly from: number
  readonly name: string
  /** Index of the object that answers; it may be a missing entry. */
  readonly to: number
  readonly how: How | 'missing'
  /** Asked for by DT_AUXILIARY and absent: not a fault. */
  readonly optional: boolean
}

/** A version that an object demands of another one, which does not define it (elf/dl-version.c). */
export interface VersionError {
  /** Index of the object that demands. */
  readonly object: number
  /** Index of the object that should define. */
  readonly provider: number
  readonly version: string
  /** VER_FLG_WEAK: the loader warns, and starts the program all the same. */
  readonly weak: boolean
}

/** A symbol that an object refers to and that nothing in its scope defines. */
export interface UndefinedSymbol {
  /** Index of the object that refers to it. */
  readonly object: number
  readonly symbol: string
  /** The demanded version, null for none. */
  readonly version: string | null
  /** It is bound at the start even where functions are bound when they are called first. */
  readonly immediate: boolean
}

/** What binding everything would find wrong: what `LD_BIND_NOW` and `ldd -r` complain of. */
export interface SymbolReport {
  readonly versionErrors: readonly VersionError[]
  /** Objects that demand versions of one that defines none: the loader warns, and takes what bears the name. */
  readonly unversioned: readonly { readonly object: number; readonly provider: number }[]
  readonly undefined: readonly UndefinedSymbol[]
  /** The objects that were bound: those this root brings and that were asked about. */
  readonly bound: readonly number[]
  /** Objects whose symbols could not be read: nothing is called undefined that they might define. */
  readonly unread: readonly number[]
}

/** Everything one root loads in one world. */
export interface Closure {
  /** The path of the root as given. */
  readonly root: string
  /** Path of the loader as the process sees it, null when the system has none. */
  readonly interpreter: string | null
  readonly libc: 'glibc' | 'musl'
  /** Index of the root in `objects`: 0, unless it was opened inside another program. */
  readonly rootIndex: number
  /** The link map in load order, missing names in their place. */
  readonly objects: readonly Loaded[]
  /** Indices into `objects` in the order that the loader's own trace prints, root left out. */
  readonly trace: readonly number[]
  readonly bindings: readonly Binding[]
  /** Indices into `objects` in the order in which symbols are looked up; what was not found is left out. */
  readonly scope: readonly number[]
  /**
   * Binds the symbols of all that this root brings, or of those of its files (links followed) that are wanted.
   */
  symbols(wanted?: (file: string) => boolean): SymbolReport
  /** The error that ends the loader's own trace before it prints, in the loader's words. */
  readonly fatal: string | null
  /** The first error of a real start in load order, `fatal` included; null when it starts as far as files go. */
  readonly start: string | null
  /** What this model does not decide: auditors that may rewrite names, and the like. */
  readonly notes: readonly string[]
}
