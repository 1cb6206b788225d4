/** The versions of a family that the repositories offer, in the order in which Rez looks for them. */
import type { Fault } from '../../domain/fault.ts'
import type { PackageEntry, Repository } from './repository.ts'

export interface Candidates {
  /** One for each version, from the first repository that has it; ascending within each repository. */
  readonly entries: readonly PackageEntry[]
  readonly faults: readonly Fault[]
}

/** Asks every repository for the family; a version of an earlier one hides the same version of a later one. */
export async function candidatesFor(name: string, repositories: readonly Repository[]): Promise<Candidates> {
  const families = await Promise.all(repositories.map((repository) => repository.family(name)))
  const entries = new Map<string, PackageEntry>()
  const faults: Fault[] = []
  for (const family of families) {
    faults.push(...(family?.faults ?? []))
    for (const entry of family?.packages ?? []) {
      const key = entry.version.tokens.map((token) => token.text).join('.')
      if (!entries.has(key)) entries.set(key, entry)
    }
  }
  return { entries: [...entries.values()], faults }
}
