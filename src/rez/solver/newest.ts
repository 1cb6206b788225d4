/**
 * Solves the requests that need no search: where every package can be the one that Rez would most like to have, Rez takes
 * it, whatever the versions demand that it passes over. They need not be read then, and are most of a repository.
 *
 * Why: Rez tries the variants of a scope in its order of preference, and takes a variant out of a scope only where what
 * was chosen before excludes it. As long as all choices are of one valid answer, none of that answer is taken out; so if
 * each variant of the answer is also the first of all that its scope can hold, each choice is of the answer.
 */
import { compareVersions } from '../version/version.ts'
import { dependencyOrder } from './order.ts'
import { Interruption } from './interruption.ts'
import { mergeRequirements } from '../version/requirement-list.ts'
import { sortVariants } from './preference.ts'
import { demandsOf, SolverVariant } from './variant.ts'
import { UNREAD } from './source.ts'
import { VersionOrder } from './orderer.ts'
import type { PackageSource } from './source.ts'
import type { Preference, VariantSelectMode } from './preference.ts'
import type { Requirement } from '../version/requirement.ts'
import type { Solution } from './solve.ts'
import type { Version } from '../version/version.ts'
import type { VersionRange } from '../version/range.ts'

/** How often the choice is made again within what the packages of the last one demand of each other. */
const ATTEMPTS = 4

type Chosen = ReadonlyMap<string, SolverVariant>

type Asked = ReadonlyMap<string, Requirement>

/** One attempt to answer without a search; nothing hides or reorders versions. */
export class Newest {
  readonly #requests: readonly Requirement[]
  readonly #source: PackageSource
  readonly #preference: Preference
  /** By package and version: packages without a version share the same one. */
  readonly #variants = new Map<string, Map<Version, readonly SolverVariant[]>>()
  #asked: Asked
  #attempts = ATTEMPTS
  /** Something was asked of the source that is not there yet. */
  #unread = false

  /** `requests` may name a package more than once. */
  constructor(requests: readonly Requirement[], source: PackageSource, mode: VariantSelectMode) {
    this.#requests = requests
    this.#source = source
    this.#asked = together(requests)
    this.#preference = {
      requests: mergeRequirements(requests).requirements,
      order: new VersionOrder([], () => []),
      mode,
    }
  }

  /** The answer that a search would come to; null where only a search can tell, or say what is wrong. */
  run(): Solution | null | typeof UNREAD {
    try {
      return this.#run()
    } catch (thrown) {
      if (!(thrown instanceof Interruption)) throw thrown
      return thrown.dead === null ? UNREAD : null
    }
  }

  #run(): Solution | null {
    for (; this.#attempts > 0; this.#attempts -= 1) {
      const chosen = this.#choose(this.#asked)
      if (chosen === null) return null
      const demands = [...this.#requests, ...[...chosen.values()].flatMap((one) => one.requires.requirements)]
      // An ephemeral is narrowed by all that is looked at on the way.
      if (demands.some((one) => one.ephemeral)) return null
      if (isMet(demands, chosen)) return this.#isFirstChoice(chosen) ? this.#ordered(chosen) : null
      this.#asked = together(demands)
    }
    return null
  }

  /** The first choice for each package that is asked for, directly or not; null where there is none. */
  #choose(asked: Asked): Chosen | null {
    const chosen = new Map<string, SolverVariant>()
    let names = new Set(this.#preference.requests.filter((one) => !one.conflict).map((one) => one.name))
    while (names.size > 0) {
      const picked = this.#all([...names], (name) => this.#pick(name, asked.get(name)))
      names = new Set()
      for (const variant of picked) {
        if (variant === null) return null
        chosen.set(variant.name, variant)
      }
      for (const variant of picked) {
        for (const name of variant?.wanted ?? []) if (!chosen.has(name)) names.add(name)
      }
    }
    return chosen
  }

  #pick(name: string, asked: Requirement | undefined): SolverVariant | null | undefined {
    const versions = this.#versions(name)
    if (versions === undefined) return undefined
    for (const version of descending(versions)) {
      if (asked?.conflictsWithVersion(name, version) === true) continue
      const variants = this.#sorted(name, version)
      if (variants === undefined) return undefined
      const first = variants.find((variant) => !this.#isExcluded(variant))
      if (first !== undefined) return first
    }
    return null
  }

  /** A request takes the variant out of a scope before the first choice in it. */
  #isExcluded(variant: SolverVariant): boolean {
    return this.#preference.requests.some((request) => {
      return variant.requires.byName.get(request.name)?.conflictsWith(request) === true
    })
  }

  /** No scope of a search can hold a variant that would be tried before the chosen one. */
  #isFirstChoice(chosen: Chosen): boolean {
    const variants = (name: string, versions: readonly Version[]): readonly SolverVariant[] =>
      this.#all(versions, (version) => this.#sorted(name, version)).flat()
    const versions = (name: string): readonly Version[] => this.#versions(name) ?? []
    const scopes = new Scopes(chosen, this.#preference.requests, { versions, variants })
    return [...chosen.values()].every(({ name, version }) => {
      const all = versions(name)
      if (hasTwins(all)) return false
      const higher = all.filter((one) => compareVersions(one, version) > 0)
      const tried = higher.length === 0 ? [] : higher.filter((one) => scopes.canHold(name, one))
      return variants(name, tried).every((variant) => this.#isExcluded(variant))
    })
  }

  /** Null for packages in a circle, which a search explains. */
  #ordered(chosen: Chosen): Solution | null {
    const requested = this.#preference.requests.map((request) => request.name)
    const wanted = new Map([...chosen.values()].map((variant) => [variant.name, variant.wanted]))
    const { names, cycle } = dependencyOrder(requested, wanted)
    if (cycle !== null) return null
    const packages = names.flatMap((name) => chosen.get(name) ?? [])
    return {
      kind: 'solved',
      packages: packages.map(({ name, version, index }) => ({ name, version, index })),
      ephemerals: [],
    }
  }

  /** All answers, once all are there: the source is asked for much at a time. */
  #all<Item, Answer>(items: readonly Item[], ask: (item: Item) => Answer | undefined): Answer[] {
    const answers = items.map(ask)
    if (this.#unread) {
      this.#unread = false
      throw new Interruption(null)
    }
    return answers.filter((answer) => answer !== undefined)
  }

  #versions(name: string): readonly Version[] | undefined {
    const versions = this.#source.versions(name)
    if (versions !== UNREAD) return versions ?? []
    this.#unread = true
    return undefined
  }

  /** The variants of a version, the most wanted first. */
  #sorted(name: string, version: Version): readonly SolverVariant[] | undefined {
    const family = this.#variants.get(name) ?? new Map<Version, readonly SolverVariant[]>()
    this.#variants.set(name, family)
    const known = family.get(version)
    if (known !== undefined) return known
    const loaded = this.#source.load(name, version)
    if (loaded === UNREAD) {
      this.#unread = true
      return undefined
    }
    if ('faults' in loaded) throw new Interruption({ kind: 'unreadable', faults: loaded.faults })
    const variants = loaded.variants.map(
      ({ index, requires }) => new SolverVariant(name, version, index, demandsOf(requires)),
    )
    const sorted = sortVariants(variants, this.#preference)
    family.set(version, sorted)
    return sorted
  }
}

/** What the scopes ask. */
interface Shelf {
  versions(name: string): readonly Version[]
  /** All variants of these versions of the package. */
  variants(name: string, versions: readonly Version[]): readonly SolverVariant[]
}

/**
 * What the scopes of a search can hold at most when it makes its first choice: versions that are requested, and that all
 * variants of such a scope demand.
 */
class Scopes {
  readonly #chosen: Chosen
  readonly #requests: ReadonlyMap<string, Requirement>
  readonly #shelf: Shelf
  readonly #known = new Map<string, readonly Version[] | null>()

  constructor(chosen: Chosen, requests: readonly Requirement[], shelf: Shelf) {
    this.#chosen = chosen
    this.#requests = new Map(requests.map((request) => [request.name, request]))
    this.#shelf = shelf
  }

  canHold(name: string, version: Version): boolean {
    if (this.#requests.get(name)?.conflictsWithVersion(name, version) === true) return false
    return this.#versions(name)?.includes(version) ?? true
  }

  /** Null where the package need not be in the search yet. */
  #versions(name: string): readonly Version[] | null {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    // Packages that require each other are left to the search.
    this.#known.set(name, null)
    let left: readonly Version[] | null = null
    const narrow = (range: VersionRange): void => {
      left = (left ?? this.#shelf.versions(name)).filter((version) => range.contains(version))
    }
    const request = this.#requests.get(name)
    if (request?.conflict === false && request.range !== null) narrow(request.range)
    for (const asking of this.#chosen.values()) {
      if (!asking.wanted.has(name)) continue
      const shared = this.#shared(asking.name, name)
      if (shared !== null) narrow(shared)
    }
    this.#known.set(name, left)
    return left
  }

  /** What all that the scope can hold demands of another; null where something in it demands nothing. */
  #shared(scope: string, name: string): VersionRange | null {
    const versions = this.#versions(scope)
    if (versions === null) return null
    const ranges = new Map<string, VersionRange>()
    for (const variant of this.#shelf.variants(scope, versions)) {
      const requirement = variant.requires.byName.get(name)
      if (requirement === undefined || requirement.conflict || requirement.range === null) return null
      ranges.set(requirement.range.text, requirement.range)
    }
    const [first, ...others] = ranges.values()
    return first?.union(...others) ?? null
  }
}

function isMet(demands: readonly Requirement[], chosen: Chosen): boolean {
  return (
    mergeRequirements(demands).clash === null &&
    demands.every((demand) => {
      const variant = chosen.get(demand.name)
      return variant === undefined ? demand.conflict : !demand.conflictsWithVersion(demand.name, variant.version)
    })
  )
}

/** What all demand of each package. Of two that clash the first holds: the package with the other may be another one. */
function together(demands: readonly Requirement[]): Asked {
  const asked = new Map<string, Requirement>()
  for (const demand of demands) {
    const merged = asked.get(demand.name)?.merged(demand)
    if (merged !== null) asked.set(demand.name, merged ?? demand)
  }
  return asked
}

/** Resolves over the same repositories ask of the same lists. */
const DESCENDING = new WeakMap<readonly Version[], readonly Version[]>()

function descending(versions: readonly Version[]): readonly Version[] {
  const known = DESCENDING.get(versions) ?? versions.toSorted((a, b) => compareVersions(b, a))
  DESCENDING.set(versions, known)
  return known
}

/** Two versions that count as equal, of which the order on disk tells which is tried first. */
function hasTwins(versions: readonly Version[]): boolean {
  const sorted = descending(versions)
  return sorted.some((version, i) => i > 0 && compareVersions(version, sorted[i - 1] ?? version) === 0)
}
