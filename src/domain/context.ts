/** Rez packages and contexts, as far as Airtight needs them. Paths are absolute byte strings on the scanned machine. */
import type { Fault } from './fault.ts'

/** A piece of a package that static reading cannot evaluate, named instead of guessed. */
export interface Unevaluated {
  readonly file: string
  readonly line: number
  /** What stands there, shortened to one line. */
  readonly code: string
  /** Why it was not evaluated. */
  readonly reason: string
}

/** One Rez package variant. */
export interface Package {
  readonly name: string
  /** As written; empty for an unversioned package. */
  readonly version: string
  /** Index in `variants`; null for a package without variants. */
  readonly variant: number | null
  /** The variant's own requirement strings, in order. */
  readonly variantRequires: readonly string[]
  /** Effective requires: `requires`, then the variant's list, as written. */
  readonly requires: readonly string[]
  readonly buildRequires: readonly string[]
  readonly privateBuildRequires: readonly string[]
  readonly tools: readonly string[]
  /** Names of the packages whose programs open this one's plugins; absent without. */
  readonly pluginFor?: readonly string[]
  /** The repository it was found in. */
  readonly repository: string
  /** package.py or package.yaml. */
  readonly definition: string
  /** `this.base`: the folder of the definition. */
  readonly base: string
  /** `{root}`: the variant's folder, through `_v` where Rez would go that way. */
  readonly root: string
  /** Payload roots: the variant's folder, and further ones named by policy. */
  readonly payload: readonly string[]
  /** Folders below a payload root that belong to other variants (nested variants). */
  readonly excluded: readonly string[]
  readonly unevaluated: readonly Unevaluated[]
  /** Lines of the definition by attribute: `name`, `requires`, `commands` ... */
  readonly lines?: Readonly<Record<string, number>>
}

/** One value put into an environment variable, with the package that put it there. */
export interface EnvironmentEntry {
  readonly value: string
  /** `NAME-VERSION`, null for Rez itself or the caller. */
  readonly package: string | null
}

/** One variable of the environment that a context makes. */
export interface EnvironmentVariable {
  readonly name: string
  /** In order; joined by `separator` they are the value. */
  readonly entries: readonly EnvironmentEntry[]
  readonly separator: string
}

/** An element that one package put on a search path and a later one threw away by setting the variable anew. */
export interface OverwrittenEntry {
  readonly variable: string
  readonly value: string
  /** `NAME-VERSION` of the package that had put it there. */
  readonly package: string
  /** `NAME-VERSION` of the package that set or unset the variable. */
  readonly by: string
}

export interface Environment {
  /** Sorted by name. */
  readonly variables: readonly EnvironmentVariable[]
  /** In the order in which they were lost; absent where that is not known, as for a captured environment. */
  readonly overwritten?: readonly OverwrittenEntry[]
  readonly aliases: readonly { readonly name: string; readonly command: string; readonly package: string }[]
}

/** A part of a value: literal, or one in which `${NAME}` stands for what the variable holds at run time. */
export interface ValuePiece {
  readonly literal: boolean
  readonly text: string
}

/** What commands do, step by step: what a shell would have to do to make the same environment. */
export type EnvironmentAction =
  | {
      /** `append` and `prepend` find something there; Rez sets the variable where they are the first. */
      readonly kind: 'set' | 'append' | 'prepend'
      readonly name: string
      readonly pieces: readonly ValuePiece[]
      readonly separator: string
    }
  | { readonly kind: 'unset'; readonly name: string }
  | { readonly kind: 'alias'; readonly name: string; readonly command: string }
  /** A shell file to read, a command to run. */
  | { readonly kind: 'source' | 'command'; readonly text: string }

/** The ordered packages of one resolve and the environment they make. */
export interface Context {
  readonly name: string
  readonly requests: readonly string[]
  /** In the order of `resolved_packages`. */
  readonly packages: readonly Package[]
  readonly environment: Environment
  /** How the environment is made, in Rez's order; absent for one that was captured. */
  readonly actions?: readonly EnvironmentAction[]
  /** Statements of commands() that were not evaluated. */
  readonly unevaluated: readonly Unevaluated[]
  readonly faults: readonly Fault[]
  readonly notes: readonly string[]
}

/** `NAME-VERSION`, or the bare name of an unversioned package. */
export function packageId(item: { readonly name: string; readonly version: string }): string {
  return item.version === '' ? item.name : `${item.name}-${item.version}`
}

/** A variable's value, null when the context does not touch it. */
export function variableValue(environment: Environment, name: string): string | null {
  const variable = environment.variables.find((candidate) => candidate.name === name)
  return variable === undefined ? null : variable.entries.map((entry) => entry.value).join(variable.separator)
}

/** What LD_LIBRARY_PATH names, in order and without empty elements; `:` and `;` part them alike (ld.so(8)). */
export function libraryFolders(environment: Environment): readonly string[] {
  return (variableValue(environment, 'LD_LIBRARY_PATH') ?? '').split(/[:;]/).filter((folder) => folder !== '')
}
