/** Repair files as data: what an image builder does to packages and base, each entry under its natural key. */
import type { Package } from './context.ts'
import type { OsPackage } from './system.ts'

/** What every entry of a repair file may carry. */
export interface RepairEntry {
  /** Rules whose findings the entry clears, sorted. */
  readonly fixes?: readonly string[]
  /** Why, in one sentence. */
  readonly because?: string
  /** Set by hand: the entry stays as it is, whatever the next run would write. */
  readonly pin?: boolean
}

/** An OS package to install; the key is its name. */
export interface OsPackageEntry extends RepairEntry {
  readonly manager: OsPackage['manager']
  /** What the index offers; behind `>=` the oldest that will do, so that an older one has to be updated. */
  readonly version?: string
  readonly repo?: string
  /** Sonames that the packages of the context take from it, sorted. */
  readonly provides: readonly string[]
}

/** A file copied into the image under its own SONAME; the key is the name that is asked for. */
export interface GraftEntry extends RepairEntry {
  readonly source: {
    readonly kind: 'host' | 'base' | 'package' | 'archive'
    /** The other base or the package; absent for the host. */
    readonly ref?: string
    /** Absolute path inside the source. */
    readonly path: string
  }
  /** Of the file as it was planned: another file stops the builder. */
  readonly sha256: string
  readonly build_id?: string
  /** Where it goes, below `{graft}`. */
  readonly dest: string
  /** Links beside it: name to target. */
  readonly symlinks?: Readonly<Record<string, string>>
  /** Run path that the copy gets; left as it is where absent. */
  readonly rpath?: readonly string[]
  /** Packages and other grafts that are led to it; `*` for a folder on the library path of the context. */
  readonly visible_to: readonly string[]
  /** Further grafts that come with it, sorted. */
  readonly closure?: readonly string[]
  readonly licence: { readonly package?: string; readonly redistribution: 'review' | 'allowed' | 'forbidden' }
}

/** A requirement to add to package.py; the key is the name of the package required. */
export interface RequireEntry extends RepairEntry {
  /** As it stands after the name: `4.5+<5`. */
  readonly range: string
  /** The version that the context has. */
  readonly found: string
  readonly confidence: 'exact' | 'inferred' | 'heuristic'
}

/** A change of one value of one path variable; the keys are the variable and the value. */
export interface EnvEntry extends RepairEntry {
  readonly op: 'append' | 'prepend' | 'remove' | 'set'
}

/** A run path to set; the key is the file. */
export interface RpathEntry extends RepairEntry {
  /** What the builder must meet. */
  readonly guard: { readonly sha256: string; readonly runpath: readonly string[] }
  readonly set: { readonly tag: 'runpath' | 'rpath'; readonly value: readonly string[] }
}

/** A link to make; the key is its path. */
export interface SymlinkEntry extends RepairEntry {
  readonly target: string
}

/** What the machine's driver supplies at run time; the key is the driver. */
export interface BindEntry extends RepairEntry {
  readonly cdi?: string
  readonly sonames: readonly string[]
}

/** A file to leave out; the key is the file. */
export interface RemoveEntry extends RepairEntry {
  readonly reason: string
  readonly sha256: string
}

/** A finding that a person decided to live with; the key is a name that person chose. */
export interface AcceptEntry {
  readonly rule: string
  readonly where?: { readonly package?: string; readonly subject?: string; readonly file?: string }
  readonly reason: string
  readonly owner?: string
  readonly ticket?: string
  /** Day, as 2027-06-30. */
  readonly expires?: string
}

/** What builder and tool check when everything is in place. */
export interface VerifySection {
  /** Files whose closures must be complete. */
  readonly resolve?: readonly string[]
  /** Commands to try inside the image, by name. */
  readonly run?: Readonly<Record<string, readonly string[]>>
  readonly expect?: { readonly errors?: number }
}

export type Entries<T> = Readonly<Record<string, T>>

/** The sections that hold entries, in the order of the file. */
export interface RepairSections {
  readonly os_packages?: Entries<OsPackageEntry>
  readonly grafts?: Entries<GraftEntry>
  readonly requires?: Entries<RequireEntry>
  /** By variable, then by value. */
  readonly env?: Entries<Entries<EnvEntry>>
  readonly rpath?: Entries<RpathEntry>
  readonly symlinks?: Entries<SymlinkEntry>
  readonly binds?: Entries<BindEntry>
  readonly remove_files?: Entries<RemoveEntry>
  readonly accept?: Entries<AcceptEntry>
}

export interface PackageSubject {
  readonly package: string
  readonly version?: string
  /** The variant's requirements, as its folders name them. */
  readonly variant?: readonly string[]
}

export interface ContextSubject {
  readonly context: string
  readonly requests: readonly string[]
  /** The exact resolve: name to version, with the variant after a slash. */
  readonly packages: Readonly<Record<string, string>>
}

export interface RepairBase {
  readonly name: string
  readonly image?: string
}

/** One repair file. */
export interface RepairFile extends RepairSections {
  readonly kind: 'package' | 'context'
  readonly subject: PackageSubject | ContextSubject
  readonly base?: RepairBase
  /** Package files that a context is composed of, relative to the folder of all repairs, sorted. */
  readonly includes?: readonly string[]
  readonly verify?: VerifySection
}

/** A repair that does not do what it says, or cannot be done: what the FIX rules report. */
export interface RepairProblem {
  readonly rule: 'FIX001' | 'FIX002' | 'FIX003' | 'FIX004' | 'FIX005' | 'FIX006'
  /** The repair file, relative to the folder of all repairs. */
  readonly file: string
  /** Section and keys, as `grafts libtiff.so.5`. */
  readonly entry: string
  /** `NAME-VERSION`, null for what concerns a whole context. */
  readonly package: string | null
  /** A sentence that begins with what was found. */
  readonly message: string
  readonly evidence: Readonly<Record<string, unknown>>
  /** Absent for that of the rule. */
  readonly severity?: 'warn'
  /** What would mend it, for whoever plans repairs. */
  readonly action?: RepairAction
}

/** A library of the base that lacks versions. */
export interface LackingLibrary {
  /** The name under which it is asked for. */
  readonly soname: string
  /** The base's file, links followed. */
  readonly provider: string
  /** Version nodes that it does not define, sorted. */
  readonly versions: readonly string[]
  /** Files that demand them, links followed, sorted. */
  readonly demandedBy: readonly string[]
}

/** What a hint of a finding means to a planner. Paths are absolute in the world where the finding arose. */
export type RepairAction =
  /** The library `soname` is to be in the image; `file` is the host's copy, null where there is none. */
  | { readonly kind: 'library'; readonly soname: string; readonly file: string | null }
  /** The OS package that the base has already is to be relied on by decision. */
  | {
      readonly kind: 'keep'
      readonly osPackage: string
      readonly manager: OsPackage['manager']
      readonly soname: string
    }
  /** `owner` is to require `provider`, whose public copies of these sonames it needs. */
  | {
      readonly kind: 'requires'
      readonly owner: Package
      readonly provider: Package
      readonly sonames: readonly string[]
      /** Paths of the objects that need them. */
      readonly objects: readonly string[]
    }
  /** A folder of `owner` is to be put on, or taken off, a path variable. */
  | {
      readonly kind: 'environment'
      readonly owner: Package
      readonly variable: string
      readonly op: EnvEntry['op']
      readonly folder: string
    }
  | { readonly kind: 'link'; readonly owner: Package; readonly path: string; readonly target: string }
  /** A path of the image, outside all packages, that is to lead to a file of `owner`. */
  | { readonly kind: 'image-link'; readonly owner: Package; readonly path: string; readonly target: string }
  /** A file that a library opens by itself is to be in the image; `file` is the copy that there is. */
  | {
      readonly kind: 'opened'
      readonly name: string
      readonly file: string
      /** Where that copy is. */
      readonly from: Pick<GraftEntry['source'], 'kind' | 'ref'>
      /** The folder of its copy below the folder of grafts; null beside the other libraries. */
      readonly folder: string | null
      /** The variable that leads to the folder, and folders it has to name before. */
      readonly variable: string | null
      readonly keep: readonly string[]
      /** A copy of this file alone does not help. */
      readonly tree: boolean
      /** The OS package that has it there. */
      readonly osPackage: string | null
    }
  /** Newer libraries are to be in the image than those of the base. */
  | { readonly kind: 'newer'; readonly libraries: readonly LackingLibrary[] }
  /** A program is to be in the image at this path. */
  | { readonly kind: 'command'; readonly path: string }
  | { readonly kind: 'remove'; readonly owner: Package; readonly path: string; readonly reason: string }
  | { readonly kind: 'bind'; readonly driver: string; readonly device: string; readonly soname: string }
  /** One element of the run paths of these objects is to go, or to lead to `folder` by the way from the object. */
  | {
      readonly kind: 'rpath'
      readonly owner: Package
      /** As written. */
      readonly element: string
      /** Paths, sorted. */
      readonly objects: readonly string[]
      readonly folder: string | null
    }
