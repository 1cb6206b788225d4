/** What repositories offer, and what the outlines of their packages tell a solver: the same for every resolve over them. */
import { candidatesFor } from '../repository/candidates.ts'
import { isParseError } from '../version/parse-error.ts'
import { parsePackageRequest } from '../version/requirement.ts'
import type { Candidates } from '../repository/candidates.ts'
import type { Outline } from '../source/outline.ts'
import type { PackageEntry, Repository } from '../repository/repository.ts'
import type { Parsed } from '../version/parse-error.ts'
import type { Requirement } from '../version/requirement.ts'
import type { SourcePackage, SourceVariant } from './source.ts'
import type { Version } from '../version/version.ts'

export interface KnownFamily {
  readonly candidates: Candidates
  /** Null where no repository has the family. */
  readonly versions: readonly Version[] | null
  readonly entries: ReadonlyMap<Version, PackageEntry>
}

/** Catalogues by the first of their repositories: they last as long as that does. */
const CATALOGUES = new WeakMap<Repository, Catalogue>()

/** The catalogue of these repositories, made once. */
export function catalogueOf(repositories: readonly Repository[]): Catalogue {
  const [first] = repositories
  const known = first === undefined ? undefined : CATALOGUES.get(first)
  if (known?.isOf(repositories) === true) return known
  const made = new Catalogue(repositories)
  if (first !== undefined) CATALOGUES.set(first, made)
  return made
}

export class Catalogue {
  readonly #repositories: readonly Repository[]
  readonly #families = new Map<string, KnownFamily>()
  readonly #packages = new Map<PackageEntry, SourcePackage | null>()
  readonly #requirements = new Map<string, Parsed<Requirement>>()
  readonly #lists = new Map<string, readonly Requirement[]>()

  constructor(repositories: readonly Repository[]) {
    this.#repositories = repositories
  }

  isOf(repositories: readonly Repository[]): boolean {
    return (
      repositories.length === this.#repositories.length &&
      repositories.every((repository, at) => repository === this.#repositories[at])
    )
  }

  /** A family that was read before. */
  family(name: string): KnownFamily | undefined {
    return this.#families.get(name)
  }

  async readFamily(name: string): Promise<KnownFamily> {
    const candidates = await candidatesFor(name, this.#repositories)
    const known = this.#families.get(name) ?? knownFamily(candidates, candidates.entries)
    this.#families.set(name, known)
    return known
  }

  /** A package that was read before; null where its outline does not tell. */
  outlined(entry: PackageEntry): SourcePackage | null | undefined {
    return this.#packages.get(entry)
  }

  async readOutline(entry: PackageEntry): Promise<SourcePackage | null> {
    const known = this.#packages.get(entry)
    if (known !== undefined) return known
    const outline = await entry.outline()
    const outlined = outline === null ? null : this.#fromOutline(outline)
    this.#packages.set(entry, outlined)
    return outlined
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

/** A family of which these packages count. */
export function knownFamily(candidates: Candidates, entries: readonly PackageEntry[]): KnownFamily {
  return {
    candidates,
    versions: entries.length === 0 && candidates.faults.length === 0 ? null : entries.map((entry) => entry.version),
    entries: new Map(entries.map((entry) => [entry.version, entry])),
  }
}
