/** The use case of showing a built-in base: what is known of it, fact by fact. */
import { statSync } from 'node:fs'
import type { SonameFact } from '../domain/system.ts'
import type { ProfileFact } from '../system/profile-types.ts'

/** A built-in base as facts, with the keys of its JSON form. */
export interface ProfileShown {
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

/** A built-in base by its name; null where there is none, or where a file or folder bears the name. */
export async function showProfile(name: string): Promise<ProfileShown | null> {
  if (!/^[a-z][\w-]*$/.test(name) || statSync(name, { throwIfNoEntry: false }) !== undefined) return null
  const { coreLibraries, findProfile, knownSonames } = await import('../system/profile.ts')
  const profile = findProfile(name)
  if (profile === null) return null
  const core = profile.glibc === null ? [] : [...coreLibraries(profile)]
  return {
    schema: 'airtight/profile/v1',
    name: profile.name,
    title: profile.title,
    image: profile.image,
    glibc: profile.glibc,
    core: core.map(([soname, versions]) => ({ soname, highest: highest(versions) })),
    versions_source: profile.versionsSource,
    complete: profile.complete,
    library_path: profile.libraryPath,
    allowed: profile.allowed,
    facts: profile.facts,
    sonames: knownSonames(profile),
  }
}

/** The last numeric node of each family: sets are in the order of their release. */
function highest(versions: readonly string[]): readonly string[] {
  const last = new Map<string, string>()
  for (const version of versions) {
    const family = /^([A-Z]+)_\d/.exec(version)?.[1]
    if (family !== undefined) last.set(family, version)
  }
  return [...last.values()]
}
