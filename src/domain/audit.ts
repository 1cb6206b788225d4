/** The whole immutable result that every report reads. */
import type { Candidate, Closure, How } from './closure.ts'
import type { Context, Package } from './context.ts'
import type { Fault } from './fault.ts'
import type { ElfReading } from './object.ts'
import type { OsPackage, World } from './system.ts'

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
  readonly role: 'program' | 'library' | 'plugin' | 'python-module'
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
}

/** A fix that would clear a finding, in words and as data. */
export interface RepairHint {
  readonly kind:
    'os-package' | 'graft' | 'requires' | 'environment' | 'rpath' | 'symlink' | 'bind' | 'exclude' | 'advice'
  /** What it is about: the OS package, the package to require, the search path. Findings with equal targets share one repair. */
  readonly target: string
  /** One imperative sentence. */
  readonly text: string
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
}

/** The resolved facts of one world of one context: what rules ask. */
export interface ResolvedWorld {
  readonly world: World
  readonly closures: readonly Closure[]
  readonly needs: readonly ResolvedNeed[]
  /** The trail of candidates for one need of one object in the map of one root. */
  trail(root: string, object: string, name: string): readonly Candidate[]
  ownerOf(path: string): OsPackage | null
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
}

export interface ContextAudit {
  readonly context: Context
  readonly objects: readonly PackageObject[]
  readonly worlds: Readonly<Partial<Record<WorldName, ResolvedWorld>>>
}

/** What a report says of a system. */
export interface SystemSummary {
  readonly label: string
  readonly os: string | null
  readonly libc: string | null
  readonly declared: boolean
  readonly notes: readonly string[]
}
