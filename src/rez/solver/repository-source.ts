/** Answers the solver from repositories, which are read only where it asked and it asks for much at a time. */
import { catalogueOf, knownFamily } from './catalogue.ts'
import { compareVersions } from '../version/version.ts'
import { loadPackage } from '../repository/package.ts'
import { overlap } from '../repository/overlap.ts'
import { UNREAD } from './source.ts'
import type { Candidates } from '../repository/candidates.ts'
import type { Catalogue, KnownFamily } from './catalogue.ts'
import type { LateBindings } from '../commands/late.ts'
import type { LoadedPackage } from '../repository/package.ts'
import type { PackageEntry, Repository } from '../repository/repository.ts'
import type { PackageSource, SourceFault, SourcePackage } from './source.ts'
import type { Version } from '../version/version.ts'

/** A package that comes before all repositories, with one of its variants. */
export interface Pinned {
  readonly entry: PackageEntry
  readonly index: number | null
}

/** A source over repositories; of the same version in two of them the first one's holds. */
export class RepositorySource implements PackageSource {
  readonly #catalogue: Catalogue
  /** Families with the pinned package in them. */
  readonly #families = new Map<string, KnownFamily>()
  /** Packages whose outlines do not tell. */
  readonly #packages = new Map<PackageEntry, SourcePackage | SourceFault>()
  readonly #wantedFamilies = new Set<string>()
  readonly #wantedPackages = new Set<PackageEntry>()

  readonly #pinned: Pinned | null

  readonly #bindings: LateBindings | undefined

  /** `bindings`: what late functions of packages are evaluated with. */
  constructor(repositories: readonly Repository[], pinned: Pinned | null = null, bindings?: LateBindings) {
    this.#catalogue = catalogueOf(repositories)
    this.#pinned = pinned
    this.#bindings = bindings
  }

  versions(name: string): readonly Version[] | null | typeof UNREAD {
    const known = this.#family(name)
    if (known !== undefined) return known.versions
    this.#wantedFamilies.add(name)
    return UNREAD
  }

  load(name: string, version: Version): SourcePackage | SourceFault | typeof UNREAD {
    const entry = this.#family(name)?.entries.get(version)
    if (entry === undefined) return { faults: [] }
    const known = this.#packages.get(entry) ?? this.#outlined(entry)
    if (known !== undefined) return known
    this.#wantedPackages.add(entry)
    return UNREAD
  }

  /** Reads all that was asked for and not there, at most `jobs` questions being open at any time. */
  async read(jobs: number): Promise<void> {
    const families = [...this.#wantedFamilies]
    const packages = [...this.#wantedPackages]
    this.#wantedFamilies.clear()
    this.#wantedPackages.clear()
    await overlap(families, jobs, (name) => this.#catalogue.readFamily(name))
    await overlap(packages, jobs, (entry) => this.#read(entry))
  }

  /** The whole definition of a package that the solver looked at. */
  async loaded(name: string, version: Version): Promise<LoadedPackage | SourceFault> {
    const entry = this.#family(name)?.entries.get(version)
    return entry === undefined ? { faults: [] } : loadPackage(entry, this.#bindings)
  }

  /** What the repositories offer of a family that the solver asked about. */
  candidates(name: string): Candidates {
    return this.#family(name)?.candidates ?? { entries: [], faults: [] }
  }

  #family(name: string): KnownFamily | undefined {
    const pinned = this.#pinned?.entry
    const found = this.#families.get(name) ?? this.#catalogue.family(name)
    if (found === undefined || pinned?.name !== name || this.#families.has(name)) return found
    const { candidates } = found
    const others = candidates.entries.filter(({ version }) => compareVersions(version, pinned.version) !== 0)
    const known = knownFamily(candidates, [pinned, ...others])
    this.#families.set(name, known)
    return known
  }

  #outlined(entry: PackageEntry): SourcePackage | undefined {
    return entry === this.#pinned?.entry ? undefined : (this.#catalogue.outlined(entry) ?? undefined)
  }

  async #read(entry: PackageEntry): Promise<void> {
    if (entry !== this.#pinned?.entry && (await this.#catalogue.readOutline(entry)) !== null) return
    const loaded = await loadPackage(entry, this.#bindings)
    this.#packages.set(entry, 'faults' in loaded ? loaded : this.#wanted(entry, sourcePackage(loaded)))
  }

  /** Of the pinned package one variant counts. */
  #wanted(entry: PackageEntry, all: SourcePackage): SourcePackage {
    if (entry !== this.#pinned?.entry) return all
    const { index } = this.#pinned
    return { ...all, variants: all.variants.filter((variant) => variant.index === index) }
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
