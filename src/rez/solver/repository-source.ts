/** Answers the solver from repositories, which are read only where it asked and it asks for much at a time. */
import { candidatesFor } from '../repository/candidates.ts'
import { loadPackage } from '../repository/package.ts'
import { overlap } from '../repository/overlap.ts'
import { UNREAD } from './source.ts'
import type { Candidates } from '../repository/candidates.ts'
import type { LoadedPackage } from '../repository/package.ts'
import type { PackageEntry, Repository } from '../repository/repository.ts'
import type { PackageSource, SourceFault, SourcePackage } from './source.ts'
import type { Version } from '../version/version.ts'

interface KnownFamily {
  readonly candidates: Candidates
  readonly versions: readonly Version[] | null
  readonly entries: ReadonlyMap<Version, PackageEntry>
}

interface KnownPackage {
  readonly loaded: LoadedPackage | SourceFault
  readonly answer: SourcePackage | SourceFault
}

/** A source over repositories; of the same version in two of them the first one's holds. */
export class RepositorySource implements PackageSource {
  readonly #repositories: readonly Repository[]
  readonly #families = new Map<string, KnownFamily>()
  readonly #packages = new Map<PackageEntry, KnownPackage>()
  readonly #wantedFamilies = new Set<string>()
  readonly #wantedPackages = new Set<PackageEntry>()

  constructor(repositories: readonly Repository[]) {
    this.#repositories = repositories
  }

  versions(name: string): readonly Version[] | null | typeof UNREAD {
    const known = this.#families.get(name)
    if (known !== undefined) return known.versions
    this.#wantedFamilies.add(name)
    return UNREAD
  }

  load(name: string, version: Version): SourcePackage | SourceFault | typeof UNREAD {
    const entry = this.#families.get(name)?.entries.get(version)
    if (entry === undefined) return { faults: [] }
    const known = this.#packages.get(entry)
    if (known !== undefined) return known.answer
    this.#wantedPackages.add(entry)
    return UNREAD
  }

  /** Reads all that was asked for and not there, at most `jobs` questions being open at any time. */
  async read(jobs: number): Promise<void> {
    const families = [...this.#wantedFamilies]
    const packages = [...this.#wantedPackages]
    this.#wantedFamilies.clear()
    this.#wantedPackages.clear()
    await overlap(families, jobs, async (name) => {
      const candidates = await candidatesFor(name, this.#repositories)
      const { entries, faults } = candidates
      this.#families.set(name, {
        candidates,
        versions: entries.length === 0 && faults.length === 0 ? null : entries.map((entry) => entry.version),
        entries: new Map(entries.map((entry) => [entry.version, entry])),
      })
    })
    await overlap(packages, jobs, async (entry) => {
      const loaded = await loadPackage(entry)
      this.#packages.set(entry, { loaded, answer: 'faults' in loaded ? loaded : sourcePackage(loaded) })
    })
  }

  /** The definition of an answer's package. */
  loaded(name: string, version: Version): LoadedPackage | null {
    const entry = this.#families.get(name)?.entries.get(version)
    const loaded = entry === undefined ? undefined : this.#packages.get(entry)?.loaded
    return loaded === undefined || 'faults' in loaded ? null : loaded
  }

  /** What the repositories offer of a family that the solver asked about. */
  candidates(name: string): Candidates {
    return this.#families.get(name)?.candidates ?? { entries: [], faults: [] }
  }
}

function sourcePackage({ definition, requires, variants }: LoadedPackage): SourcePackage {
  const released = definition.attributes.get('timestamp')?.value
  return {
    variants: variants.map((variant) => ({
      index: variant.index,
      requires: [...requires, ...variant.requires.requirements],
    })),
    timestamp: released?.kind === 'int' ? Number(released.value) : null,
  }
}
