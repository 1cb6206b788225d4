/** What a context can be made from, and what making it answers. */
import type { Context } from '../../domain/context.ts'
import type { Fault } from '../../domain/fault.ts'
import type { ParentEnvironment } from '../python/facts.ts'
import type { PackageFiles } from '../repository/files.ts'
import type { PayloadPolicy } from '../repository/payload.ts'
import type { RezSettings } from '../configuration/settings.ts'
import type { Shared } from './shared.ts'

/** Paths are absolute. */
export type ContextRequest =
  /** A resolved context as Rez saved it. `repositories` are searched for packages that are not where it says. */
  | { readonly kind: 'rxt'; readonly file: string; readonly repositories: readonly string[] }
  /** A folder with suite.yaml: all its contexts. */
  | { readonly kind: 'suite'; readonly folder: string; readonly repositories: readonly string[] }
  /** A package folder: one context for each variant. With repositories, resolved with what it requires. */
  | { readonly kind: 'folder'; readonly folder: string; readonly repositories: readonly string[] }
  /** Rez requests such as `maya-2024`, resolved over the repositories, earlier ones first. */
  | { readonly kind: 'requests'; readonly requests: readonly string[]; readonly repositories: readonly string[] }

export interface ContextOptions {
  /** Payload folders by package name, from policy. */
  readonly payload: PayloadPolicy
  /** JSON of `rez context -i -f json --no-env`; null evaluates the packages' commands. */
  readonly environmentFile: string | null
  /** Implicit requests such as `~platform==linux`; null takes those of an rxt, none for others. */
  readonly implicit: readonly string[] | null
  /** Rez's names of the machine that the context is for; null takes those of an rxt, else `system` is unknown. */
  readonly system: { readonly platform: string; readonly arch: string; readonly os: string } | null
  /** What is known of the shell that starts the context; nothing where absent. */
  readonly parent?: ParentEnvironment
  /** Settings of Rez; its defaults where absent. */
  readonly settings?: RezSettings
  /** Questions to the file system that may be open at a time. */
  readonly jobs: number
  /** Shared between requests that are read one after another with the same options. */
  readonly shared?: Shared
  /** `diskFiles` except in tests. */
  readonly files: PackageFiles
}

/** The contexts (one, but for suites and for a package folder with several variants), or every reason for which there is none. */
export type ContextReading =
  | { readonly contexts: readonly Context[] }
  /** Kind `malformed`: the request or a definition is wrong; `missing` and the rest: something could not be read. */
  | { readonly faults: readonly Fault[] }

/** The members of a context before their environment is known. */
export interface Faults {
  readonly faults: readonly Fault[]
}

/** Tells faults from what was asked for. */
export function areFaults(value: object): value is Faults {
  return 'faults' in value && !('packages' in value)
}
