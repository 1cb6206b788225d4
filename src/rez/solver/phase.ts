/** One state of a solve, brought to where only a choice leads further (`_ResolvePhase` of `solver.py`). */
import { Interruption } from './interruption.ts'
import { mergeRequirements } from '../version/requirement-list.ts'
import { Scope } from './scope.ts'
import type { Failure } from './failure.ts'
import type { Origins } from './origins.ts'
import type { Reduction } from './slice.ts'
import type { Requirement } from '../version/requirement.ts'
import type { RequirementList } from '../version/requirement-list.ts'
import type { SliceSource } from './scope.ts'

/** Not yet looked at; a choice is open; every scope has one variant; nothing is possible. */
export type PhaseStatus = 'pending' | 'exhausted' | 'solved' | 'failed'

export interface Phase {
  readonly status: PhaseStatus
  readonly scopes: readonly Scope[]
  /** Scopes that the others have not been held against since they changed. */
  readonly changed: ReadonlySet<number>
  readonly origins: Origins | null
  /** Null unless the phase failed. */
  readonly failure: Failure | null
}

/** What running phases asks for. */
export interface PhaseWorld {
  readonly slices: SliceSource
  /** Asks for all that scopes of these will look at, so that it can be read at a time. */
  prepare(requirements: readonly Requirement[]): void
  hasFamily(name: string): boolean
  /** A family that is required and in no repository ends the solve, or only this way of solving. */
  readonly missingFamilyIsFatal: boolean
}

/** The phase that the merged requests start with. */
export function firstPhase(requests: readonly Requirement[], world: PhaseWorld): Phase {
  world.prepare(requests)
  for (const request of requests) requireFamily(request, world, null)
  const scopes = requests.map((request) => Scope.of(request, world.slices))
  return { status: 'pending', scopes, changed: new Set(scopes.keys()), origins: null, failure: null }
}

/** The two phases that a choice in the first open scope makes; the first is to be tried first. */
export function splitPhase(phase: Phase): readonly [Phase, Phase] {
  for (const [i, scope] of phase.scopes.entries()) {
    const halves = scope.split()
    if (halves === null) continue
    const [first, rest] = halves
    const common = { ...phase, status: 'pending' as const, changed: new Set([i]) }
    return [
      { ...common, scopes: phase.scopes.with(i, first) },
      { ...common, scopes: phase.scopes.with(i, rest) },
    ]
  }
  // Nothing is open: what cannot be decided counts as failed, so that a solve ends.
  const failed: Phase = { ...phase, status: 'failed' }
  return [failed, failed]
}

function requireFamily(requirement: Requirement, world: PhaseWorld, origins: Origins | null): void {
  if (requirement.conflict || requirement.ephemeral || world.hasFamily(requirement.name)) return
  throw new Interruption({ kind: 'no-family', requirement, origins })
}

/**
 * Hands out requirements, narrows and adds scopes, and takes out what clashes, until nothing changes. Where something has
 * to be read first, `run` throws, and goes on from there when it is called again.
 */
export class PhaseRun {
  readonly #phase: Phase
  readonly #world: PhaseWorld
  readonly #scopes: Scope[]
  /** Scopes at the begin of the round; null between two. */
  #before: number | null = null
  /** What scopes handed out, and what all of it together asks, until scopes have taken it in. */
  #handed: Requirement[] = []
  #merged: RequirementList | null = null
  /** Pairs of scopes that are to be held against each other; null while requirements are handed out. */
  #pending: number[] | null = null
  /** The families that the variants of each scope mention, at the begin of the round. */
  #mentioned: readonly ReadonlySet<string>[] = []
  readonly #changed: Set<number>
  readonly #widened = new Set<number>()
  readonly #reductions: Reduction[] = []
  #origins: Origins | null

  constructor(phase: Phase, world: PhaseWorld) {
    this.#phase = phase
    this.#world = world
    this.#scopes = [...phase.scopes]
    this.#changed = new Set(phase.changed)
    this.#origins = phase.origins
  }

  run(): Phase {
    if (this.#phase.status !== 'pending') return this.#phase
    for (;;) {
      if (this.#before === null) this.#widened.clear()
      this.#before ??= this.#scopes.length
      if (this.#pending === null) {
        const failure = this.#extractAll()
        if (failure !== null) return this.#end('failed', failure)
        if (this.#scopes.length === this.#before && this.#changed.size === 0 && this.#widened.size === 0) break
        this.#pending = this.#pairs(this.#before)
      }
      const reduced = this.#reduceAll(this.#pending)
      if (reduced !== null) return this.#end('failed', reduced)
      this.#changed.clear()
      this.#pending = null
      this.#before = null
    }
    return this.#end(this.#scopes.every((scope) => scope.isSolved) ? 'solved' : 'exhausted', null)
  }

  /** Until no scope has anything more to hand out. */
  #extractAll(): Failure | null {
    for (;;) {
      this.#merged ??= this.#extract()
      const merged = this.#merged
      if (merged.requirements.length === 0 && merged.clash === null) {
        this.#merged = null
        return null
      }
      if (merged.clash !== null) {
        return { kind: 'clash', requirement: merged.clash[1], against: merged.clash[0] }
      }
      // Taking in the same again, after something was read, changes nothing.
      const failure = this.#intersectAll(merged) ?? this.#addAll(merged)
      if (failure !== null) return failure
      this.#merged = null
    }
  }

  /** What the scopes hand out, each once. */
  #extract(): RequirementList {
    for (const [i, before] of this.#scopes.entries()) {
      if (!before.extractable) continue
      const { scope, requirements } = before.extract()
      for (const requirement of requirements) {
        this.#handed.push(requirement)
        this.#origins = { scope: before, requirement, before: this.#origins }
      }
      this.#scopes[i] = scope
    }
    const merged = mergeRequirements(this.#handed)
    this.#handed = []
    return merged
  }

  #intersectAll(merged: RequirementList): Failure | null {
    for (const [i, scope] of this.#scopes.entries()) {
      const requirement = merged.byName.get(scope.name)
      if (requirement?.range == null) continue
      const narrowed = scope.intersect(requirement.range)
      if (narrowed === null) return { kind: 'clash', requirement, against: scope.request }
      if (narrowed === scope) continue
      this.#scopes[i] = narrowed
      this.#changed.add(i)
      // A scope that only forbade has variants now, which were held against nothing yet.
      if (scope.isConflict && !narrowed.isConflict) this.#widened.add(i)
    }
    return null
  }

  #addAll(merged: RequirementList): Failure | null {
    const known = new Set(this.#scopes.map((scope) => scope.name))
    const added = merged.requirements.filter((requirement) => !known.has(requirement.name))
    this.#world.prepare(added)
    for (const requirement of added) {
      const missing = !requirement.ephemeral && !this.#world.hasFamily(requirement.name)
      if (missing && !this.#world.missingFamilyIsFatal) return { kind: 'no-family', requirement }
      if (missing) requireFamily(requirement, this.#world, this.#origins)
      this.#scopes.push(Scope.of(requirement, this.#world.slices, this.#origins))
    }
    return null
  }

  /** Holds scopes against each other, each pair again when one of it changed, until no variant goes any more. */
  #reduceAll(pending: number[]): Failure | null {
    const count = this.#scopes.length
    for (let pair = pending.at(-1); pair !== undefined; pair = pending.at(-1)) {
      const x = Math.floor(pair / count)
      const y = pair % count
      const reduced = this.#scopes[x]
      const against = this.#scopes[y]
      if (reduced === undefined || against === undefined) break
      const { scope, reductions } = reduced.reduce(against.request)
      pending.pop()
      this.#reductions.push(...reductions)
      if (scope === null) {
        return { kind: 'reduced', reductions: this.#reductions.filter(({ variant }) => variant.name === reduced.name) }
      }
      if (scope === reduced) continue
      this.#scopes[x] = scope
      for (const [k, mentioned] of this.#mentioned.entries()) {
        if (k !== x && mentioned.has(reduced.name)) pending.push(k * count + x)
      }
    }
    return null
  }

  /**
   * Which scope has to be held against which, as `reduced * count + against`, ascending; worked off from the end. A scope
   * whose variants do not mention the other, most of all pairs, has nothing to lose to it.
   */
  #pairs(before: number): number[] {
    const count = this.#scopes.length
    const places = new Map(this.#scopes.map((scope, y) => [scope.name, y]))
    this.#mentioned = this.#scopes.map((scope) => scope.mentioned)
    const pairs: number[] = []
    for (const [x, mentioned] of this.#mentioned.entries()) {
      const every = x >= before || this.#widened.has(x)
      for (const name of mentioned) {
        const y = places.get(name)
        if (y === undefined || y === x) continue
        if (every || y >= before || this.#changed.has(y)) pairs.push(x * count + y)
      }
    }
    return pairs.sort((a, b) => a - b)
  }

  #end(status: PhaseStatus, failure: Failure | null): Phase {
    return { status, scopes: this.#scopes, changed: new Set(), origins: this.#origins, failure }
  }
}
