/** Answers the solver from repositories, which are read only where it asked and it asks for much at a time. */
import { candidatesFor } from '../repository/candidates.ts'
import { compareVersions } from '../version/version.ts'
import { isParseError } from '../version/parse-error.ts'
import { loadPackage } from '../repository/package.ts'
import { overlap } from '../repository/overlap.ts'
import { parsePackageRequest } from '../version/requirement.ts'
import { UNREAD } from './source.ts'
import type { Candidates } from '../repository/candidates.ts'
import type { LateBindings } from '../commands/late.ts'
import type { LoadedPackage } from '../repository/package.ts'
import type { Outline } from '../source/outline.ts'
import type { PackageEntry, Repository } from '../repository/repository.ts'
import type { PackageSource, SourceFault, SourcePackage, SourceVariant } from './source.ts'
import type { Parsed } from '../version/parse-error.ts'
import type { Requirement } from '../version/requirement.ts'
import type { Version } from '../version/version.ts'

interface KnownFamily {
  readonly candidates: Candidates
  readonly versions: readonly Version[] | null
  readonly entries: ReadonlyMap<Version, PackageEntry>
}

/** A package that comes before all repositories, with one of its variants. */
export interface Pinned {
  readonly entry: PackageEntry
  readonly index: number | null
}

/** A source over repositories; of the same version in two of them the first one's holds. */
export class RepositorySource implements PackageSource {
  readonly #repositories: readonly Repository[]
  readonly #families = new Map<string, KnownFamily>()
  readonly #packages = new Map<PackageEntry, SourcePackage | SourceFault>()
  readonly #requirements = new Map<string, Parsed<Requirement>>()
  readonly #lists = new Map<string, readonly Requirement[]>()
  readonly #wantedFamilies = new Set<string>()
  readonly #wantedPackages = new Set<PackageEntry>()

  readonly #pinned: Pinned | null

  readonly #bindings: LateBindings | undefined

  /** `bindings`: what late functions of packages are evaluated with. */
  constructor(repositories: readonly Repository[], pinned: Pinned | null = null, bindings?: LateBindings) {
    this.#repositories = repositories
    this.#pinned = pinned
    this.#bindings = bindings
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
    await overlap(families, jobs, async (name) => {
      const candidates = await candidatesFor(name, this.#repositories)
      const { entries: found, faults } = candidates
      const entries = this.#withPinned(name, found)
      this.#families.set(name, {
        candidates,
        versions: entries.length === 0 && faults.length === 0 ? null : entries.map((entry) => entry.version),
        entries: new Map(entries.map((entry) => [entry.version, entry])),
      })
    })
    await overlap(packages, jobs, async (entry) => {
      this.#packages.set(entry, await this.#answer(entry))
    })
  }

  /** The whole definition of a package that the solver looked at. */
  async loaded(name: string, version: Version): Promise<LoadedPackage | SourceFault> {
    const entry = this.#families.get(name)?.entries.get(version)
    return entry === undefined ? { faults: [] } : loadPackage(entry, this.#bindings)
  }

  /** What the repositories offer of a family that the solver asked about. */
  candidates(name: string): Candidates {
    return this.#families.get(name)?.candidates ?? { entries: [], faults: [] }
  }

  #withPinned(name: string, entries: readonly PackageEntry[]): readonly PackageEntry[] {
    const pinned = this.#pinned?.entry
    if (pinned?.name !== name) return entries
    return [pinned, ...entries.filter(({ version }) => compareVersions(version, pinned.version) !== 0)]
  }

  async #answer(entry: PackageEntry): Promise<SourcePackage | SourceFault> {
    const answer = await this.#read(entry)
    if ('faults' in answer || entry !== this.#pinned?.entry) return answer
    const { index } = this.#pinned
    return { ...answer, variants: answer.variants.filter((variant) => variant.index === index) }
  }

  async #read(entry: PackageEntry): Promise<SourcePackage | SourceFault> {
    const outline = await entry.outline()
    const outlined = outline === null ? null : this.#fromOutline(outline)
    if (outlined !== null) return outlined
    const loaded = await loadPackage(entry, this.#bindings)
    return 'faults' in loaded ? loaded : sourcePackage(loaded)
  }

  /** Null where a requirement is none: the whole definition tells on which line it stands. */
  #fromOutline({ requires, variants, timestamp }: Outline): SourcePackage | null {
    const lists = variants ?? [[]]
    const read: SourceVariant[] = []
    for (const [index, own] of lists.entries()) {
      const all = this.#all([...requires, ...own])
      if (all === null) return null
      read.push({ index: variants === null ? null : index, requires: all })
    }
    return { variants: read, timestamp }
  }

  /** Packages repeat each other's requirements: each text, and each list of them, is read once. */
  #all(texts: readonly string[]): readonly Requirement[] | null {
    const key = texts.join('\n')
    const known = this.#lists.get(key)
    if (known !== undefined) return known
    const all: Requirement[] = []
    for (const text of texts) {
      const requirement = this.#requirements.get(text) ?? parsePackageRequest(text)
      this.#requirements.set(text, requirement)
      if (isParseError(requirement)) return null
      all.push(requirement)
    }
    this.#lists.set(key, all)
    return all
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
