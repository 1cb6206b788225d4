/** The whole immutable result that every report reads. */
import type { Candidate, Closure, How } from './closure.ts'
import type { Context, Package } from './context.ts'
import type { Fault } from './fault.ts'
import type { ElfReading } from './object.ts'
import type { KnownOpening } from './opening.ts'
import type { ObservedFacts } from './observed.ts'
import type { RepairAction, RepairProblem } from './repair.ts'
import type { OsPackage, World } from './system.ts'
import type { Tree } from './tree.ts'

export type Severity = 'error' | 'warn' | 'note' | 'off'
export type Confidence = 'exact' | 'inferred' | 'heuristic'
export type WorldName = 'host' | 'base'

/** Who a bound file belongs to, seen from the package that asks. */
export type Provider =
  | { readonly kind: 'own' }
  | { readonly kind: 'required'; readonly package: string }
  | { readonly kind: 'unrequired'; readonly package: string }
  | { readonly kind: 'base' }
  | { readonly kind: 'host' }
  | { readonly kind: 'driver' }

/** One ELF file that a package of the context owns. */
export interface PackageObject {
  /** Path in the world, links followed. */
  readonly path: string
  readonly owner: Package
  /** Relative to the payload root that holds it. */
  readonly relative: string
  readonly reading: ElfReading
  /** A library in a folder on the library path, or in `lib`/`lib64` directly below a payload root, and not private. */
  readonly public: boolean
  /** Its folder is on the library path: any program of the context may load it by its name. */
  readonly onLibraryPath: boolean
  readonly role: 'program' | 'library' | 'plugin' | 'python-module'
}

/** A file of a package whose name or first bytes promise an object, and which could not be read as one. */
export interface UnreadFile {
  readonly path: string
  readonly owner: Package
  readonly relative: string
  /** Why, never empty. */
  readonly faults: readonly Fault[]
}

/** A file that starts with `#!` in a folder of commands. */
export interface Script {
  readonly path: string
  readonly owner: Package
  readonly relative: string
  /** As written after `#!`. */
  readonly interpreter: string
  /** The command that `/usr/bin/env` would look up on PATH; null without `env`. */
  readonly command: string | null
}

/** A text file of a package that may name libraries or folders. It has not been opened. */
export interface PackageText {
  readonly path: string
  readonly owner: Package
  readonly relative: string
  readonly kind: 'python' | 'pkg-config' | 'libtool' | 'cmake'
}

/** A symbolic link of a package whose name is a library's. */
export interface LibraryLink {
  readonly path: string
  readonly owner: Package
  readonly relative: string
  readonly target: string
  /** It lies in a public folder. */
  readonly public: boolean
  /** The file it leads to in the first world that has it, links followed; null where it dangles in all. */
  readonly file: string | null
  /** The worlds where it leads nowhere. */
  readonly dangling: readonly WorldName[]
}

/** A command, a script's interpreter or a program's loader, looked up in one world. */
export interface ResolvedCommand {
  readonly world: WorldName
  readonly owner: Package
  /** `tool`: an entry of `tools`; `env` and `script`: `#!` with and without env; `program`: PT_INTERP. */
  readonly kind: 'tool' | 'env' | 'script' | 'program'
  /** The command's name, or the interpreter's path as written. */
  readonly name: string
  /** The file that asks, relative to its payload root; null for an entry of `tools`. */
  readonly witness: string | null
  /** The path taken, null when there is none. */
  readonly path: string | null
  /** The package that owns the file taken; null for the system's, or for nothing. */
  readonly provider: Package | null
}

/** One command of the system, started inside the context's environment. */
export interface SystemTool {
  readonly path: string
  /** The files of packages it loads: the name asked for, and the file. */
  readonly loads: readonly { readonly name: string; readonly file: string }[]
}

/** One need of one package object in one world, with the answer that counts for findings. */
export interface ResolvedNeed {
  readonly world: WorldName
  readonly object: PackageObject
  readonly name: string
  /** The file bound, links followed; null when missing. */
  readonly file: string | null
  /** The path the loader opened. */
  readonly path: string | null
  readonly how: How | 'missing'
  /** DT_AUXILIARY: absent is no fault. */
  readonly optional: boolean
  /** The path of the root in whose map this holds, and how many roots reach the object. */
  readonly root: string
  readonly reachedBy: number
  /** Missing in this root, found in another that reaches the object as well. */
  readonly metElsewhere: boolean
  /** No root of the context reaches the object: it was judged alone. */
  readonly alone: boolean
  /** Every root that reaches the object is opened by a program that is not known, itself perhaps: it was judged alone. */
  readonly guest: boolean
  /** Who the bound file belongs to; null when missing. */
  readonly provider: Provider | null
  /** Bound only because another object of the map had been loaded: the object's own search finds nothing. */
  readonly byAccident: boolean
}

/** A fix that would clear a finding, in words and as data. */
export interface RepairHint {
  readonly kind:
    'os-package' | 'graft' | 'requires' | 'environment' | 'rpath' | 'symlink' | 'bind' | 'exclude' | 'advice'
  /** What it is about: the OS package, the package to require, the search path. Findings with equal targets share one repair. */
  readonly target: string
  /** One imperative sentence. */
  readonly text: string
  /** The same as data, for whoever plans repairs; absent for mere advice. */
  readonly action?: RepairAction
}

/** One verdict of a rule with its evidence and witnesses. */
export interface Finding {
  readonly rule: string
  readonly name: string
  readonly severity: Severity
  readonly confidence: Confidence
  readonly contexts: readonly string[]
  readonly world: WorldName | 'both'
  /** `NAME-VERSION`; null for what concerns a whole context. */
  readonly package: string | null
  /** Index of the variant, null without variants. */
  readonly variant: number | null
  readonly subject: string
  /** One or two sentences: what, why here, what wins now. */
  readonly message: string
  /** Witnesses, relative to the payload root, sorted. */
  readonly objects: readonly string[]
  readonly evidence: Readonly<Record<string, unknown>>
  readonly repairs: readonly RepairHint[]
  readonly fingerprint: string
  /** Somebody decided to live with it: it is shown and counted apart, and fails nothing. */
  readonly suppressed?: SuppressedBy
  /** Set where a baseline was given. */
  readonly baseline?: 'new' | 'known'
}

/** The suppression that is about a finding. */
export interface SuppressedBy {
  readonly reason: string | null
  readonly owner: string | null
  readonly ticket: string | null
  /** The last day on which it holds, as YYYY-MM-DD. */
  readonly expires: string | null
  /** The policy file that says so, and its line. */
  readonly file: string
  readonly line: number | null
}

/** The resolved facts of one world of one context: what rules ask. */
export interface ResolvedWorld {
  readonly world: World
  readonly closures: readonly Closure[]
  /** In the order of `objects`, then of each object's needs. */
  readonly needs: readonly ResolvedNeed[]
  readonly commands: readonly ResolvedCommand[]
  /** Commands of the system that load files of packages. */
  readonly systemTools: readonly SystemTool[]
  /** What binding all symbols finds; nothing is read before it is asked for. */
  readonly symbols: SymbolFacts
  /** What libraries of its processes are known to open by themselves. Looked for when first asked. */
  opened(): readonly KnownOpening[]
  /** The trail of candidates for one need of one object in the map of one root. */
  trail(root: string, object: string, name: string): readonly Candidate[]
  ownerOf(path: string): OsPackage | null
  /** Whether a declared base lets packages rely on this file; true for a system that nobody declared. */
  covers(file: string, soname: string): boolean
  /** Whether repairs put this file into the image: it is there by decision. */
  repaired(file: string): boolean
  /** Sonames of the system's files that `file` loads in turn in the map of `root`, in load order. */
  brings(root: string, file: string): readonly string[]
}

/** A version that some object demands of a file that does not define it. */
export interface VersionGap {
  /** The object that demands; null for a file of the system. */
  readonly object: PackageObject | null
  /** Its file, links followed. */
  readonly file: string
  /** The name under which the file that should define was asked for. */
  readonly soname: string
  /** The file that should define, links followed, and the package that owns it. */
  readonly provider: string
  readonly providerOwner: Package | null
  readonly version: string
  /** A root in whose process this holds. */
  readonly root: string
  /** No root of the context reaches the object, or it is a plugin whose program is not known: it was judged alone. */
  readonly alone: boolean
}

/** What brings an object into the process that was judged. */
export type ProcessKind = 'program' | 'library' | 'plugin' | 'python-module'

/** A symbol that an object refers to and that nothing in the process defines. */
export interface SymbolGap {
  readonly object: PackageObject
  readonly symbol: string
  /** The demanded version, null for none. */
  readonly version: string | null
  /** It is bound at the start even where functions are bound when they are called first. */
  readonly immediate: boolean
  /** A root in whose process this holds, and what that root is. */
  readonly root: string
  readonly process: ProcessKind
  /** Another process of the context that loads the object defines it. */
  readonly metElsewhere: boolean
  /** Programs that were tried as the process of a plugin, in vain. */
  readonly tried: readonly string[]
}

/** Symbols that one object defines for itself, and for which the definition of another one is taken. */
export interface Interposition {
  /** The object whose definitions are passed over. */
  readonly object: PackageObject
  /** The object whose definitions win. */
  readonly winner: PackageObject
  /** Sorted. */
  readonly symbols: readonly string[]
  readonly root: string
}

/** Computed when first asked for, and once. */
export interface SymbolFacts {
  /** One for each object, file and version. */
  readonly versions: readonly VersionGap[]
  /** One for each object and symbol. */
  readonly undefined: readonly SymbolGap[]
  /** One for each pair of objects. */
  readonly interposed: readonly Interposition[]
  /** Files whose symbols could not be read, sorted: nothing is said about the processes that load them. */
  readonly unread: readonly string[]
}

/** The whole result of auditing some contexts. */
export interface Audit {
  readonly tool: string
  readonly contexts: readonly ContextAudit[]
  readonly host: SystemSummary | null
  readonly base: SystemSummary | null
  readonly findings: readonly Finding[]
  readonly faults: readonly Fault[]
  /** What was not judged and why, e.g. rules that need a base. */
  readonly notJudged: readonly string[]
  readonly notes: readonly string[]
  /** What could not be read although it may change a verdict; not empty means exit code 3. */
  readonly incomplete: readonly string[]
  /** How the findings compare with a baseline, where one was given. */
  readonly baseline?: BaselineCounts
}

export interface BaselineCounts {
  readonly file: string
  readonly new: number
  readonly known: number
  /** Entries that were looked for and not found. */
  readonly fixed: number
  /** Suppressions past their last day. */
  readonly expired: number
  /** What is gone: `PACKAGE RULE SUBJECT`. */
  readonly gone: readonly string[]
}

/** A package of the environment in which another one was built. */
export interface BuildPackage {
  readonly name: string
  readonly version: string
  /** The folder of its variant; null where that is no longer there, or no longer known. */
  readonly root: string | null
}

/** What was there when the payload of a package was built, from the build.rxt that Rez leaves beside it. */
export interface BuildRecord {
  readonly file: string
  readonly packages: readonly BuildPackage[]
}

export interface ContextAudit {
  readonly context: Context
  /** The packages that were looked through; left out where all of them were. */
  readonly subjects?: readonly Package[]
  /** Sorted by the package's place in the context, then by path. */
  readonly objects: readonly PackageObject[]
  /** Objects for a machine that neither system has a loader for: not judged. */
  readonly foreign: readonly PackageObject[]
  readonly unread: readonly UnreadFile[]
  readonly scripts: readonly Script[]
  readonly links: readonly LibraryLink[]
  readonly texts: readonly PackageText[]
  readonly counts: GatherCounts
  /** The machine's own files, where the packages lie and their repositories. Read when a rule asks. */
  readonly machine: Tree
  /** What a package was built with; null where it has no build.rxt that can be read. Read when first asked for. */
  built(item: Package): BuildRecord | null
  /** The package that a path (without links) belongs to; null for what no package owns. */
  owner(path: string): Package | null
  /** Hash of a file's content in hex, null when it cannot be read. Read when first asked for. */
  digest(path: string): string | null
  /** What is wrong with the repairs that were laid over the worlds; absent where none were. */
  readonly repairProblems?: readonly RepairProblem[]
  /** What running programs were seen to load, held against one of the worlds; absent where nothing was observed. */
  readonly observed?: ObservedFacts
  readonly worlds: Readonly<Partial<Record<WorldName, ResolvedWorld>>>
}

/** What the walk through the packages met. */
export interface GatherCounts {
  readonly files: number
  readonly objects: number
  /** Files not opened because of their names, by suffix, sorted. */
  readonly unopened: readonly (readonly [suffix: string, count: number])[]
  /** Files and folders left out because policy says so. */
  readonly ignored: number
}

/** What a report says of a system. */
export interface SystemSummary {
  readonly label: string
  readonly os: string | null
  readonly libc: string | null
  readonly declared: boolean
  readonly notes: readonly string[]
}
