/** What an audit is asked to look at. */
import type { WorldName } from '../domain/audit.ts'
import type { Observation } from '../domain/observed.ts'

export interface AuditOptions {
  /**
   * The arguments as given. Each `.rxt` file and each package folder is a context of its own; all other arguments
   * together are the Rez requests of one context.
   */
  readonly contexts: readonly string[]
  /** Repositories in the order of `--repo`; empty takes the policy's, then `packagesPath`. */
  readonly repos: readonly string[]
  /** Sources of systems as on the command line; null takes the policy's, then the default. `none` switches the host off. */
  readonly host: string | null
  readonly base: string | null
  /** JSON of `rez context -i -f json --no-env`, null to evaluate commands(). */
  readonly env: string | null
  /** Files of a Rez configuration, later ones winning; empty for Rez's defaults. */
  readonly rezConfig: readonly string[]
  /** `--rez`: contexts are as an installed Rez resolves them. */
  readonly rez: boolean
  /** Environment variables: a Rez configuration may name them, and an installed Rez is started with them. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Implicit packages as requests, null to take them from the host system's os-release. */
  readonly implicit: readonly string[] | null
  /** Path of airtight.yaml, null to look for it from `folder` upwards; false for none. */
  readonly policy: string | false | null
  /** Path of the baseline, null takes the policy's; false for none. */
  readonly baseline: string | false | null
  /** Rewrite the baseline from what is found. */
  readonly updateBaseline: boolean
  /** `--cpu`: `x86-64`, `x86-64-v2`, ... or `native`; null takes the default of DESIGN section 4. */
  readonly cpu: string | null
  /** The working folder: relative arguments start here. */
  readonly folder: string
  /** `$REZ_PACKAGES_PATH`, split; empty when unset. */
  readonly packagesPath: readonly string[]
  /** Folder of repairs that are laid over the worlds, null for the worlds as they are. */
  readonly repairs?: string | null
  /** What running programs were seen to load, and the world in which; null takes the host, else the base. */
  readonly observed?: { readonly observation: Observation; readonly world: WorldName | null } | null
  /** `$CI` is set: the host is off unless named. */
  readonly ci: boolean
  /** `audit` judges what binds in a context, `lint` what a package declares: it makes REQ001 an error. */
  readonly purpose: 'audit' | 'lint'
  /** The day as YYYY-MM-DD: suppressions end. */
  readonly today: string
  /** Called now and then while files are read: the package, objects done, objects found so far. */
  readonly progress: ((step: Progress) => void) | null
}

/** Which contexts, and where their packages are. */
export type ContextQuestion = Pick<
  AuditOptions,
  'contexts' | 'repos' | 'env' | 'rezConfig' | 'rez' | 'variables' | 'implicit' | 'folder' | 'packagesPath'
>

export interface Progress {
  readonly stage: 'gather' | 'resolve' | 'judge'
  readonly label: string
  readonly done: number
  readonly total: number
  /** ELF files read until now. */
  readonly objects?: number
}
