/** A system and a built-in base as data, schemas airtight/system/v1 and airtight/profile/v1. */
import type { Fault } from '../domain/fault.ts'
import type { SonameFact } from '../domain/system.ts'
import type { ProfileFact } from '../system/profile-types.ts'

/** What `base show` tells of a system. */
export interface SystemFacts {
  readonly schema: 'airtight/system/v1'
  readonly label: string
  readonly os: { readonly id: string; readonly version: string; readonly name: string } | null
  readonly declared: {
    readonly name: string
    readonly image: string | null
    readonly os_packages: readonly string[]
    readonly sonames: readonly string[]
    readonly drivers: readonly string[]
    readonly cpu: string
  } | null
  readonly loaders: readonly SystemLoader[]
  /** Libraries that a search asked for, absent without one. */
  readonly found?: readonly FoundLibrary[]
  readonly notes: readonly string[]
  readonly faults: readonly Fault[]
}

/** A library that a need finds by its name. */
export interface FoundLibrary {
  readonly soname: string
  readonly path: string
  readonly package: string | null
  readonly versions: readonly string[]
}

/** One loader of a system, with what it searches. */
export interface SystemLoader {
  readonly path: string
  readonly file: string
  readonly libc: string
  readonly version: string | null
  readonly evidence: string
  readonly folders: readonly string[]
  readonly subfolders: readonly string[]
  readonly cache: boolean
  readonly preload: readonly string[]
}

/** What `base show` tells of a built-in base. */
export interface ProfileFacts {
  readonly schema: 'airtight/profile/v1'
  readonly name: string
  readonly title: string
  readonly image: string | null
  readonly glibc: ProfileFact | null
  /** What every image has: sonames, and the families of version nodes with the highest of each. */
  readonly core: readonly { readonly soname: string; readonly highest: readonly string[] }[]
  readonly versions_source: string
  /** Families that end there by a source: above is lacking, not unknown. */
  readonly complete: Readonly<Record<string, string>>
  readonly library_path: readonly string[]
  readonly allowed: readonly string[]
  readonly facts: readonly ProfileFact[]
  /** What is known of sonames that not every image has; names may be globs. */
  readonly sonames: readonly SonameFact[]
}
