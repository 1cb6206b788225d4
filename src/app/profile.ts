/** The use case of showing a built-in base: what is known of it, fact by fact. */
import type { ProfileFacts } from '../report/system.ts'
import { statusAt } from '../tree/status.ts'

/** A built-in base by its name; null where there is none, or where a file or folder bears the name. */
export async function showProfile(name: string): Promise<ProfileFacts | null> {
  if (!/^[a-z][\w-]*$/.test(name) || statusAt(name) !== null) return null
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
