/** The policy of a studio, and what holds where none is given. */
import type { RepairHint, Severity } from '../domain/audit.ts'

/** Where an entry of the policy stands. */
export interface Origin {
  /** Path of the file, `builtin:NAME`, or `default`. */
  readonly file: string
  /** Counted from 1; null for what stands in no file. */
  readonly line: number | null
}

/** Programs that open plugins of certain paths. */
export interface PluginPolicy {
  readonly name: string
  /** Globs over paths relative to a payload root. */
  readonly match: readonly string[]
  /** File name of the program that opens them. */
  readonly host: string
}

/** Sonames that packages may take from outside. */
export interface AllowPolicy {
  readonly name: string
  readonly from: 'base' | 'host' | 'driver'
  /** Globs. */
  readonly sonames: readonly string[]
  readonly mustExist: boolean
  readonly reason: string | null
  readonly origin: Origin
}

/** A driver beside the built-in ones. */
export interface DriverPolicy {
  readonly name: string
  readonly device: string | null
  readonly sonames: readonly string[]
  /** Globs over paths of link-time stubs. */
  readonly stubs: readonly string[]
  readonly reason: string | null
}

/** Conditions on a finding; null where there is none. All must hold. */
export interface Where {
  readonly packages: readonly string[] | null
  /** A range of versions as Rez writes it. */
  readonly version: string | null
  readonly variant: number | null
  readonly subjects: readonly string[] | null
  readonly files: readonly string[] | null
  readonly contexts: readonly string[] | null
  readonly world: 'host' | 'base' | 'both' | null
  readonly fingerprint: string | null
}

/** The severity of a rule's findings, of all or of those that meet the conditions. */
export interface RuleSetting {
  /** Id of the rule. */
  readonly rule: string
  readonly severity: Severity
  readonly where: Where
  readonly origin: Origin
}

export type SuppressionDemand = 'reason' | 'owner' | 'ticket' | 'expires'

/** A decision to live with a finding. */
export interface Suppression {
  /** Id of the rule. */
  readonly rule: string
  readonly where: Where
  readonly reason: string | null
  readonly owner: string | null
  readonly ticket: string | null
  /** The last day on which it holds, as YYYY-MM-DD. */
  readonly expires: string | null
  readonly origin: Origin
}

/** What later steps need at run time. */
export interface RuntimePolicy {
  /** `SRC`, `SRC:DEST` or `SRC:DEST:ro`. */
  readonly mounts: readonly string[]
  /** Names of environment variables that lead to licence servers. */
  readonly licenceVariables: readonly string[]
}

/** One line of `policy show --effective`. */
export interface PolicyEntry {
  readonly path: readonly string[]
  readonly value: unknown
  readonly origin: Origin
}

export interface Policy {
  /** The file it was read from, null for the built-in one. */
  readonly file: string | null
  readonly host: string | null
  readonly base: string | null
  readonly repos: readonly string[]
  /** Path of the baseline file. */
  readonly baseline: string | null
  readonly privateDirs: readonly string[]
  readonly ignorePaths: readonly string[]
  readonly plugins: readonly PluginPolicy[]
  readonly allow: readonly AllowPolicy[]
  readonly drivers: readonly DriverPolicy[]
  /** Globs over sonames by the name of the group. */
  readonly singletons: ReadonlyMap<string, readonly string[]>
  /** In the order of the files; of equally specific ones the last holds. */
  readonly rules: readonly RuleSetting[]
  /** A sentence of the studio's own by id of the rule. */
  readonly remedies: ReadonlyMap<string, string>
  readonly suppressions: readonly Suppression[]
  readonly require: {
    readonly suppression: readonly SuppressionDemand[]
    /** How far away `expires` may lie, in days. */
    readonly maxAgeDays: number | null
  }
  /** Payload folders by package name; `{version}`, `{version.major}` ... are filled in. */
  readonly payloads: ReadonlyMap<string, readonly string[]>
  /** Names of packages whose files a vendor made. */
  readonly vendors: ReadonlySet<string>
  /** Kinds of repairs, the preferred first; kinds not named come after them. */
  readonly repairOrder: readonly RepairHint['kind'][]
  /** Kinds of repairs that are not planned. */
  readonly repairNever: readonly RepairHint['kind'][]
  /** Where copies of libraries come from, best first: `host`, or `SOURCE`, or `NAME=SOURCE`; empty where nothing is said. */
  readonly graftFrom: readonly string[]
  /** Variables of the shell that starts a context; null where it has none of that name. */
  readonly parentEnvironment: ReadonlyMap<string, string | null>
  readonly runtime: RuntimePolicy
  /** Everything above with its origin, in the order of the keys. */
  readonly entries: readonly PolicyEntry[]
}

/** Folders whose libraries nobody but their own package is meant to load. */
export const DEFAULT_PRIVATE_DIRS: readonly string[] = [
  '.libs',
  '*.libs',
  'lib/private',
  'site-packages',
  'dist-packages',
]

/** What holds without airtight.yaml. */
export const defaultPolicy: Policy = {
  file: null,
  host: null,
  base: null,
  repos: [],
  baseline: null,
  privateDirs: DEFAULT_PRIVATE_DIRS,
  ignorePaths: [],
  plugins: [],
  allow: [],
  drivers: [],
  singletons: new Map(),
  rules: [],
  remedies: new Map(),
  suppressions: [],
  require: { suppression: ['reason'], maxAgeDays: null },
  payloads: new Map(),
  vendors: new Set(),
  repairOrder: [],
  repairNever: [],
  graftFrom: [],
  parentEnvironment: new Map(),
  runtime: { mounts: [], licenceVariables: [] },
  entries: DEFAULT_PRIVATE_DIRS.map((value) => ({
    path: ['private_dirs'],
    value,
    origin: { file: 'default', line: null },
  })),
}

/** Tells a policy from the faults for which there is none. */
export function isPolicy(value: object): value is Policy {
  return 'suppressions' in value
}
