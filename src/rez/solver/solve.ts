/** Finds the packages that meet requests, in Rez's order of preference (`Solver` of `solver.py`). */
import { dependencyOrder } from './order.ts'
import { Entry, Slice } from './slice.ts'
import { firstPhase, PhaseRun, splitPhase } from './phase.ts'
import { filtersAt, isHidden } from './filter.ts'
import { Interruption } from './interruption.ts'
import { mergeRequirements } from '../version/requirement-list.ts'
import { requirementOf } from '../version/requirement.ts'
import { demandsOf, SolverVariant } from './variant.ts'
import { UNREAD } from './source.ts'
import { VersionOrder } from './orderer.ts'
import type { Dead } from './interruption.ts'
import type { FailedPhase, Failure } from './failure.ts'
import type { Orderer, Release } from './orderer.ts'
import type { PackageFilter } from './filter.ts'
import type { PackageSource, SourcePackage } from './source.ts'
import type { Phase, PhaseWorld } from './phase.ts'
import type { Preference, VariantSelectMode } from './preference.ts'
import type { Requirement } from '../version/requirement.ts'
import type { SliceWorld } from './slice.ts'
import type { Version } from '../version/version.ts'
import type { VersionRange } from '../version/range.ts'

/** What Rez's configuration and command line set. */
export interface SolveOptions {
  readonly filters: readonly PackageFilter[]
  readonly orderers: readonly Orderer[]
  readonly variantSelectMode: VariantSelectMode
  /** Packages released after it do not count, in seconds since the epoch; null for no limit. */
  readonly timestamp: number | null
  /** `error_on_missing_variant_requires`. */
  readonly missingFamilyIsFatal: boolean
  /** Choices tried, and comparisons made, before the solve is given up. */
  readonly limits: { readonly steps: number; readonly comparisons: number }
}

/** What Rez does without any configuration, with limits that an ordinary solve stays far below. */
export const DEFAULT_OPTIONS: SolveOptions = {
  filters: [],
  orderers: [],
  variantSelectMode: 'version_priority',
  timestamp: null,
  missingFamilyIsFatal: true,
  limits: { steps: 50_000, comparisons: 200_000_000 },
}

/** A package of the answer. */
export interface SolvedPackage {
  readonly name: string
  readonly version: Version
  readonly index: number | null
}

export type Solution =
  | {
      readonly kind: 'solved'
      /** As Rez orders them: each after those that it requires, else as requested. */
      readonly packages: readonly SolvedPackage[]
      readonly ephemerals: readonly Requirement[]
    }
  /** `failed`: the ways that came to nothing, in the order in which they were tried, at most {@link FAILED_KEPT}. */
  | { readonly kind: 'failed'; readonly failed: readonly FailedPhase[] }
  | { readonly kind: 'dead'; readonly dead: Dead }

/** Failed ways that are kept for the explanation. */
const FAILED_KEPT = 64

/** A solve that can be interrupted to read and then be continued. */
export class Solve {
  readonly #requests: readonly Requirement[]
  readonly #clash: readonly [Requirement, Requirement] | null
  readonly #world: World
  readonly #limits: SolveOptions['limits']
  readonly #failed: FailedPhase[] = []
  #stack: Phase[] | null = null
  /** The top of the stack while it is worked on. */
  #run: PhaseRun | null = null
  #steps = 0

  constructor(requests: readonly Requirement[], source: PackageSource, options: SolveOptions) {
    const merged = mergeRequirements(requests)
    this.#requests = merged.requirements
    this.#clash = merged.clash
    this.#world = new World(merged.requirements, source, options)
    this.#limits = options.limits
  }

  /** Choices tried until now. */
  get steps(): number {
    return this.#steps
  }

  /** Goes on until there is an answer, or the source has to read what it was asked for. */
  run(): Solution | typeof UNREAD {
    if (this.#clash !== null) {
      const [against, requirement] = this.#clash
      return {
        kind: 'failed',
        failed: [{ failure: { kind: 'clash', requirement, against }, origins: null, scopes: [] }],
      }
    }
    try {
      this.#stack ??= [firstPhase(this.#requests, this.#world)]
      for (;;) {
        const solution = this.#step(this.#stack)
        if (solution !== null) return solution
      }
    } catch (thrown) {
      if (!(thrown instanceof Interruption)) throw thrown
      if (thrown.dead === null) return UNREAD
      return { kind: 'dead', dead: thrown.dead }
    }
  }

  /** Changes the stack only after all that can be interrupted. */
  #step(stack: Phase[]): Solution | null {
    const top = stack.at(-1)
    if (top === undefined) return { kind: 'failed', failed: this.#failed }
    if (this.#steps >= this.#limits.steps) {
      throw new Interruption({ kind: 'limit', limit: `${this.#limits.steps} choices` })
    }
    if (top.status === 'exhausted') {
      const [first, rest] = splitPhase(top)
      stack.splice(-1, 1, rest, first)
      return null
    }
    this.#run ??= new PhaseRun(top, this.#world)
    const phase = this.#run.run()
    this.#run = null
    this.#steps += 1
    if (phase.status === 'solved') return this.#finish(phase)
    stack.pop()
    if (phase.status !== 'failed') stack.push(phase)
    else if (phase.failure !== null) this.#fail(phase, phase.failure)
    return null
  }

  #fail({ origins, scopes }: Phase, failure: Failure): void {
    if (this.#failed.length < FAILED_KEPT) this.#failed.push({ failure, origins, scopes })
  }

  /** A circle ends the solve, although another choice of packages might have none. */
  #finish(phase: Phase): Solution {
    const wanted = new Map<string, ReadonlySet<string>>()
    for (const scope of phase.scopes) {
      if (!scope.isConflict) wanted.set(scope.name, scope.solved?.wanted ?? new Set())
    }
    const requested = this.#requests.map((request) => request.name)
    const { names, cycle } = dependencyOrder(requested, wanted)
    if (cycle !== null) {
      const failure: Failure = { kind: 'cycle', names: cycle }
      return { kind: 'failed', failed: [{ failure, origins: phase.origins, scopes: phase.scopes }] }
    }
    const scopes = new Map(phase.scopes.map((scope) => [scope.name, scope]))
    const ordered = names.flatMap((name) => scopes.get(name) ?? [])
    return {
      kind: 'solved',
      packages: ordered.flatMap(({ solved }) => {
        return solved === null ? [] : [{ name: solved.name, version: solved.version, index: solved.index }]
      }),
      ephemerals: ordered.filter((scope) => scope.isEphemeral).map((scope) => scope.request),
    }
  }
}

/** A version as the solve knows it: hidden by a filter, its variants, or not looked at yet. */
interface Known {
  readonly version: Version
  state: 'unknown' | 'hidden' | readonly SolverVariant[]
}

/** The packages of the source as one solve sees them. */
class World implements PhaseWorld, SliceWorld {
  readonly preference: Preference
  readonly missingFamilyIsFatal: boolean
  readonly slices: (name: string, range: VersionRange) => Slice | null = (name, range) => this.#slice(name, range)
  readonly #source: PackageSource
  readonly #filters: readonly PackageFilter[]
  readonly #families = new Map<string, readonly Known[] | null>()
  readonly #budget: number
  #spent = 0

  constructor(requests: readonly Requirement[], source: PackageSource, options: SolveOptions) {
    this.#source = source
    this.#filters = options.timestamp === null ? options.filters : filtersAt(options.filters, options.timestamp)
    this.missingFamilyIsFatal = options.missingFamilyIsFatal
    this.#budget = options.limits.comparisons
    const order = new VersionOrder(options.orderers, (name) => this.#releases(name))
    this.preference = { requests, order, mode: options.variantSelectMode }
  }

  spend(comparisons: number): void {
    this.#spent += comparisons
    if (this.#spent > this.#budget) throw new Interruption({ kind: 'limit', limit: `${this.#budget} comparisons` })
  }

  hasFamily(name: string): boolean {
    const family = this.#family(name)
    if (family === UNREAD) throw new Interruption(null)
    return family !== null && family.length > 0
  }

  prepare(requirements: readonly Requirement[]): void {
    let unread = false
    for (const { name, range, conflict, ephemeral } of requirements) {
      if (conflict || ephemeral || range === null) continue
      const family = this.#family(name)
      if (family === UNREAD) unread = true
      else if (family !== null && !this.#look(name, family, range)) unread = true
    }
    if (unread) throw new Interruption(null)
  }

  /** A family without any version is as good as none, as in Rez. */
  #slice(name: string, range: VersionRange): Slice | null {
    const family = this.#family(name)
    if (family === UNREAD) throw new Interruption(null)
    if (family === null || family.length === 0) {
      const requirement = requirementOf(name, range)
      throw new Interruption({ kind: 'no-family', requirement, origins: null })
    }
    if (!this.#look(name, family, range)) throw new Interruption(null)
    const entries: Entry[] = []
    for (const { version, state } of family) {
      if (typeof state === 'object' && range.contains(version)) entries.push(new Entry(version, state))
    }
    return entries.length === 0 ? null : new Slice(this, name, entries)
  }

  #family(name: string): readonly Known[] | null | typeof UNREAD {
    const known = this.#families.get(name)
    if (known !== undefined) return known
    const versions = this.#source.versions(name)
    if (versions === UNREAD) return UNREAD
    const family = versions?.map((version): Known => ({ version, state: 'unknown' })) ?? null
    this.#families.set(name, family)
    return family
  }

  /** Looks at every version in the range, so that the source is asked for all at once; false where some are unread. */
  #look(name: string, family: readonly Known[], range: VersionRange): boolean {
    let read = true
    for (const known of family) {
      if (known.state !== 'unknown' || !range.contains(known.version)) continue
      const { version } = known
      const hidden = this.#filters.length > 0 ? this.#isHidden(name, version) : false
      const loaded = hidden === false ? this.#source.load(name, version) : UNREAD
      if (hidden === true) known.state = 'hidden'
      else if (loaded === UNREAD) read = false
      else if ('faults' in loaded) throw new Interruption({ kind: 'unreadable', faults: loaded.faults })
      else {
        known.state = loaded.variants.map(
          ({ index, requires }) => new SolverVariant(name, version, index, demandsOf(requires)),
        )
      }
    }
    return read
  }

  #isHidden(name: string, version: Version): boolean | typeof UNREAD {
    try {
      return isHidden(this.#filters, { name, version, timestamp: () => this.#load(name, version).timestamp })
    } catch (thrown) {
      if (thrown instanceof Interruption && thrown.dead === null) return UNREAD
      throw thrown
    }
  }

  #load(name: string, version: Version): SourcePackage {
    const loaded = this.#source.load(name, version)
    if (loaded === UNREAD) throw new Interruption(null)
    if ('faults' in loaded) throw new Interruption({ kind: 'unreadable', faults: loaded.faults })
    return loaded
  }

  #releases(name: string): readonly Release[] {
    const family = this.#family(name)
    if (family === UNREAD) throw new Interruption(null)
    return (family ?? []).map(({ version }) => ({
      version,
      timestamp: () => this.#load(name, version).timestamp,
    }))
  }
}
