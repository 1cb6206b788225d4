/** A system as its loader sees it, and the world that lays a context over it. */
import type { DynamicSymbol, ElfReading, SymbolTable } from './object.ts'
import type { Fault } from './fault.ts'
import type { SymbolFile } from './symbols.ts'
import type { Folder, Lookup, LookupFailure, Tree } from './tree.ts'

/** Micro-architecture level of x86-64: 1 is the baseline. */
export type CpuLevel = 1 | 2 | 3 | 4

/** The processor that a program will meet. It is an input, never that of the machine which runs Airtight by accident. */
export interface Cpu {
  readonly level: CpuLevel
  /** AT_PLATFORM: `x86_64`, `haswell`, `xeon_phi`; null keeps the machine's own name. */
  readonly platform: string | null
  /** Legacy hwcap names the loader would add, such as `avx512_1`. */
  readonly legacy: readonly string[]
  /** The kernel the program will meet, null when unknown: then no file is passed over for demanding a newer one. */
  readonly kernel: readonly [number, number, number] | null
}

/** One candidate that `ld.so.cache` offers for a soname, best first. */
export interface CacheHit {
  /** The path as the cache holds it: folder and soname. */
  readonly path: string
  /** `glibc-hwcaps` level, or null. */
  readonly level: string | null
}

/** `ld.so.cache` as one loader on one CPU reads it: the best entry, as dl-cache.c `_dl_load_cache_lookup` returns it. */
export interface LoaderCache {
  lookup(soname: string): CacheHit | null
}

/** Everything about one dynamic loader that changes which file a name leads to. */
export interface LoaderSetup {
  readonly libc: 'glibc' | 'musl'
  /** Its name as PT_INTERP gives it (or as the table does for an object without one). */
  readonly path: string
  /** The loader's own file, links followed. */
  readonly file: string
  readonly reading: ElfReading
  /** glibc or musl version, null when the file does not tell. */
  readonly version: readonly [number, number] | null
  /** Where the version and system folders come from. */
  readonly evidence: 'loader-file' | 'table'
  /** Compiled-in folders with their trailing slash, in order (glibc); empty for musl. */
  readonly systemFolders: readonly string[]
  /** Value of `$LIB`. */
  readonly lib: string
  /** Value of `$PLATFORM`, null where unknown: such an element is dropped. */
  readonly platform: string | null
  /** Subfolders tried in each search folder before itself, with trailing slash, best first, repeats kept. */
  readonly subfolders: readonly string[]
  readonly cache: LoaderCache | null
  /** Names in `/etc/ld.so.preload`, in order. */
  readonly preload: readonly string[]
  /** musl's system path (G10); empty for glibc. */
  readonly muslPath: readonly string[]
  /** ISA levels of the CPU as the GNU property bits: level 3 is 0b111. */
  readonly isa: number
  /** A newer kernel demanded by NT_GNU_ABI_TAG makes this loader skip the file (glibc up to 2.35). */
  readonly checksKernel: boolean
  /** {@link Cpu.kernel}. */
  readonly kernel: readonly [number, number, number] | null
}

/** The folders that a loader searches whatever it is told, each with a trailing slash, in order; none without a loader. */
export function standardFolders(setup: LoaderSetup | null): readonly string[] {
  return setup === null ? [] : [...setup.systemFolders, ...setup.muslPath.map((folder) => `${folder}/`)]
}

/** The distribution, from os-release. */
export interface OsRelease {
  readonly id: string
  readonly version: string
  readonly name: string
}

/** An OS package that owns a file. */
export interface OsPackage {
  readonly manager: 'dpkg' | 'rpm' | 'apk'
  readonly name: string
  readonly version: string
}

export type Presence = 'has' | 'lacks' | 'unknown'

/** How well something is known: a source says so, it follows from what one says, or it is common knowledge. */
export type FactGrade = 'sourced' | 'derived' | 'unverified'

/** What is known of a soname that is not in every image of a base. Only sourced facts decide anything. */
export interface SonameFact {
  readonly soname: string
  /** The base has no library of this name any more. */
  readonly gone: boolean
  /** The OS package that has it, null where it is gone. */
  readonly package: string | null
  readonly version: string | null
  /** Where the package comes from, when not from the base's own repositories. */
  readonly repository: string | null
  /** The soname that the base has instead. */
  readonly now: string | null
  /** Why it must not be brought along, null where it may. */
  readonly neverCarry: string | null
  readonly note: string | null
  readonly grade: FactGrade
  readonly source: string
}

/** A tree as the loader sees it. */
export interface System {
  readonly label: string
  readonly tree: Tree
  readonly os: OsRelease | null
  /** The declared base it comes from, null for a folder, an image or a capture that nobody declared. */
  readonly declaration: BaseDeclaration | null
  /**
   * The loader for a PT_INTERP, or for an object without one the standard loader of its machine and class.
   * Null when the system has no such loader.
   */
  loader(interpreter: string | null, machine: number, elfClass: number): LoaderSetup | null
  /** Who owns a file (path without links); null where no database tells. */
  owner(path: string): OsPackage | null
  /** Every file of one OS package, empty when it is not installed. */
  packageFiles(name: string): readonly string[]
  /** Installed OS packages sorted by name; empty where no database tells. */
  packages(): readonly OsPackage[]
  /**
   * What it means that no search finds a soname here: a tree that was read whole *lacks* it, a profile says so only
   * where a sourced fact does, else it is *unknown*.
   */
  absence(soname: string): Exclude<Presence, 'has'>
  /** What it means that a library here does not define a version node; absent where its file was read: *lacks*. */
  readonly versionAbsence?: (soname: string, version: string) => Exclude<Presence, 'has'>
  /** What a profile knows of a soname that no search finds; absent for what was read whole. */
  readonly tells?: (soname: string) => SonameFact | null
  /** What an image's configuration sets for everything that is started in it; absent for what has no configuration. */
  readonly environment?: ReadonlyMap<string, string>
  /** Things about the system that could not be read, and notes such as a stale cache. */
  readonly faults: readonly Fault[]
  readonly notes: readonly string[]
}

/** `base.yaml` as read. */
export interface BaseDeclaration {
  readonly name: string
  readonly image: string | null
  readonly os: { readonly family: string; readonly version: string; readonly arch: string } | null
  /** OS packages that packages may rely on. */
  readonly osPackages: readonly string[]
  /** Soname patterns (globs) that packages may rely on. */
  readonly sonames: readonly string[]
  readonly drivers: readonly string[]
  readonly cpu: CpuLevel
}

/** What the environment tells the loader. */
export interface LoaderEnvironment {
  /** LD_LIBRARY_PATH, null when unset. */
  readonly libraryPath: string | null
  /** LD_PRELOAD, null when unset. */
  readonly preload: string | null
  /** The working folder of the process, for relative and empty elements. */
  readonly folder: string
}

/** A context laid over a system: the place where needs are resolved. Synchronous, memoised, read-only. */
export interface World {
  readonly name: 'host' | 'base'
  readonly system: System
  readonly environment: LoaderEnvironment
  /** The system's tree with the packages laid over it. */
  readonly tree: Tree
  /** Follows links through the system and the mounted packages alike. */
  lookup(path: string): Lookup
  folder(path: string): Folder | LookupFailure
  /** Identity of a file (path without links). */
  identity(path: string): string
  /** The file as ELF (path without links). Each file is read once. */
  read(path: string): ElfReading
  /** The dynamic symbols of a file, read anew at each call. */
  symbols(path: string): SymbolTable
  /** The symbols of a file as a loader asks for them; one for each file in all worlds that share their readings. */
  symbolFile(path: string): SymbolFile
  /** What numbers the files of {@link symbolFile}: the same in all worlds that share their readings. */
  readonly numbering: object
  /** What a file defines under one name, found through its hash tables. */
  definitions(path: string, name: string): readonly DynamicSymbol[]
}
