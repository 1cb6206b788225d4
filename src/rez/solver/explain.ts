/** Says why requests have no solution: which requirements clash, by the shortest chain from the requests first. */
import { closest } from '../../domain/closest.ts'
import { compareVersions } from '../version/version.ts'
import { UNREAD } from './source.ts'
import { Askers, askText, clashText } from './askers.ts'
import type { Asked } from './askers.ts'
import type { Dead } from './interruption.ts'
import type { FailedPhase } from './failure.ts'
import type { PackageSource } from './source.ts'
import type { Reduction } from './slice.ts'
import type { Requirement } from '../version/requirement.ts'
import type { Solution, SolveOptions } from './solve.ts'
import type { Version } from '../version/version.ts'

/** Reasons that are told; a search that fails in many ways has many. */
const REASONS = 5

/** Variants of one package of which each is told why it is out. */
const VARIANTS = 3

/** Requests of which a smaller set that has no solution either is looked for. */
const MINIMIZED = 24

/** A solve of a smaller set may take this share of the choices. */
const SHARE = 20

export type Unsolved = Exclude<Solution, { readonly kind: 'solved' }>

/** What failed, and how to try again with other requests. */
export interface Attempt {
  readonly solution: Unsolved
  readonly requests: readonly Requirement[]
  readonly options: SolveOptions
  /** Names of all families, among which the nearest to a missing one is looked for. */
  readonly families: readonly string[]
  /** What was read. */
  readonly source: PackageSource
  again(requests: readonly Requirement[], options: SolveOptions): Promise<Solution>
}

/** Each reason is one sentence without a full stop, the one with the shortest chain first; at least one. */
export async function explain(attempt: Attempt): Promise<readonly string[]> {
  const { requests } = attempt
  if (attempt.solution.kind === 'dead') return deadReasons(attempt.solution.dead, attempt)
  const reasons: Reason[] = []
  for (let at: Case = { unsolved: attempt.solution, requests }; reasons.length < REASONS;) {
    const core = await smallestFailing(at, attempt)
    if (reasons.length > 0 && isCircle(core)) break
    reasons.push(...caseReasons(at, core))
    // Requests may clash more than once: without the last of these, do the others have a solution?
    const others = at.requests.filter((request) => request !== core.requests.at(-1))
    if (others.length === 0) break
    const next = await attempt.again(others, smaller(attempt.options))
    if (next.kind !== 'failed') break
    at = { unsolved: next, requests: others }
  }
  const sorted = reasons.sort((a, b) => a.length - b.length).map(({ text }) => text)
  const told = [...new Set(sorted)].slice(0, REASONS)
  if (told.length > 0) return told
  return [`no choice of packages meets ${requests.map((request) => request.text).join(', ')}`]
}

function isCircle({ unsolved }: Case): boolean {
  return unsolved.failed[0]?.failure.kind === 'cycle'
}

type Failed = Extract<Solution, { readonly kind: 'failed' }>

interface Case {
  readonly unsolved: Failed
  readonly requests: readonly Requirement[]
}

/** Leaves out each request that is not needed to fail, the last first. */
async function smallestFailing(given: Case, attempt: Attempt): Promise<Case> {
  if (given.requests.length > MINIMIZED) return given
  let best = given
  for (const request of [...given.requests].reverse()) {
    const requests = best.requests.filter((one) => one !== request)
    if (requests.length === 0) break
    const solution = await attempt.again(requests, smaller(attempt.options))
    if (solution.kind === 'failed') best = { unsolved: solution, requests }
  }
  return best
}

function smaller(options: SolveOptions): SolveOptions {
  const { steps, comparisons } = options.limits
  return { ...options, limits: { steps: Math.ceil(steps / SHARE), comparisons: Math.ceil(comparisons / SHARE) } }
}

/** The shortest, and others that are as short. Where fewer requests fail as well a shorter chain may be among the rest. */
function caseReasons(whole: Case, core: Case): readonly Reason[] {
  const reasons = [core, whole].flatMap(({ unsolved, requests }) =>
    unsolved.failed.flatMap((failed) => failureReasons(failed, requests)),
  )
  const shortest = Math.min(...reasons.map(({ length }) => length))
  return reasons.filter(({ length }) => length === shortest)
}

interface Reason {
  readonly text: string
  /** Steps from the requests to both ends of the clash. */
  readonly length: number
}

function failureReasons({ failure, origins }: FailedPhase, requests: readonly Requirement[]): readonly Reason[] {
  const askers = new Askers(requests, origins)
  switch (failure.kind) {
    case 'clash':
      return [clashReason(askers, failure.requirement, failure.against)]
    case 'reduced':
      return [reductionsReason(failure.reductions.map((reduction) => reductionReason(askers, reduction)))]
    case 'no-family': {
      const [first] = askers.of(failure.requirement.name)
      const text = `${first === undefined ? '' : `${askText(first)}, but `}no repository has it`
      return [{ text, length: first?.length ?? 0 }]
    }
    case 'cycle':
      return [{ text: `packages require each other in a circle: ${failure.names.join(' -> ')}`, length: 0 }]
  }
}

function clashReason(askers: Askers, requirement: Requirement, against: Requirement): Reason {
  const asked = askers.of(requirement.name)
  const pair = shortestPair(asked)
  if (pair !== null) return { text: clashText(pair[0], pair[1]), length: pair[0].length + pair[1].length }
  const [first] = asked.filter((one) => one.requirement.conflictsWith(against))
  if (first !== undefined) {
    return { text: `${askText(first)} but what is left of it is ${against.text}`, length: first.length }
  }
  const all = asked.map(askText)
  const length = asked.reduce((sum, one) => sum + one.length, 0)
  if (all.length === 0) return { text: `nothing is in both ${requirement.text} and ${against.text}`, length }
  return { text: `no version of ${requirement.name} is left: ${all.join(', ')}`, length }
}

function shortestPair(asked: readonly Asked[]): readonly [Asked, Asked] | null {
  let best: readonly [Asked, Asked] | null = null
  for (const [i, left] of asked.entries()) {
    for (const right of asked.slice(i + 1)) {
      if (!left.requirement.conflictsWith(right.requirement)) continue
      if (best === null || left.length + right.length < best[0].length + best[1].length) best = [left, right]
    }
  }
  return best
}

/** All of them together leave nothing: one sentence, with the nearest first. */
function reductionsReason(reasons: readonly Reason[]): Reason {
  const sorted = [...reasons].sort((a, b) => a.length - b.length)
  const texts = [...new Set(sorted.map(({ text }) => text))]
  const more = texts.length > VARIANTS ? [`and so on for ${texts.length - VARIANTS} more`] : []
  return { text: [...texts.slice(0, VARIANTS), ...more].join('; '), length: sorted[0]?.length ?? 0 }
}

function reductionReason(askers: Askers, { variant, requirement, against }: Reduction): Reason {
  const own = askers.byVariant(variant, requirement)
  const [other] = askers.of(requirement.name).filter((one) => one.requirement.conflictsWith(requirement))
  if (other !== undefined) return { text: clashText(own, other), length: own.length + other.length }
  const left = against.conflict ? `${against.text} is asked for` : `only ${leftText(against)} could be taken`
  // A chain that is not known is longer than one that is.
  return { text: `${askText(own)} but ${left}`, length: own.length + askers.depth(requirement.name) + 1 }
}

function leftText({ name, range, text }: Requirement): string {
  const versions = range?.exactVersions() ?? []
  if (versions.length === 0) return text
  const shown = versions.slice(-3).map((version) => (version.text === '' ? name : `${name}-${version.text}`))
  return versions.length > 3 ? `${shown.join(', ')} and ${versions.length - 3} more` : shown.join(' or ')
}

type Offer = Pick<Attempt, 'requests' | 'source' | 'families'>

function deadReasons(dead: Dead, offer: Offer): readonly string[] {
  switch (dead.kind) {
    case 'no-family':
    case 'no-version':
      return dead.origins === null ? missingRequests(dead, offer) : [missingText(dead, offer)]
    case 'self-clash': {
      const id = dead.version.text === '' ? dead.name : `${dead.name}-${dead.version.text}`
      const who = dead.index === null ? id : `variant ${dead.index} of ${id}`
      const [a, b] = dead.clash
      return [`${who} requires both ${a.text} and ${b.text}, which no version meets`]
    }
    case 'unreadable':
      return dead.faults.map((fault) => `${fault.file}: ${fault.message}`)
    case 'limit':
      return [`the search was given up after ${dead.limit}: name versions in the requests`]
  }
}

type Missing = Extract<Dead, { readonly origins: unknown }>

/** Each request that nothing in the repositories meets, not only the first. */
function missingRequests(first: Missing, offer: Offer): readonly string[] {
  const texts: string[] = []
  for (const requirement of offer.requests) {
    const { name, range, conflict, ephemeral } = requirement
    if (conflict || ephemeral || range === null) continue
    const versions = offer.source.versions(name)
    if (versions === UNREAD) continue
    const absent = versions === null || versions.length === 0
    if (absent) texts.push(missingText({ kind: 'no-family', requirement, origins: null }, offer))
    else if (requirement === first.requirement || !versions.some((version) => range.contains(version))) {
      texts.push(missingText({ kind: 'no-version', requirement, origins: null }, offer))
    }
  }
  return texts.length > 0 ? texts : [missingText(first, offer)]
}

function missingText(dead: Missing, offer: Offer): string {
  return dead.kind === 'no-family' ? missingFamilyText(dead, offer) : missingVersionText(dead, offer)
}

function missingFamilyText(dead: Missing, { requests, families }: Offer): string {
  const { name } = dead.requirement
  const near = closest(name, families)
  const hint = near === null ? '' : `; nearest is ${near}`
  const [first] = new Askers(requests, dead.origins).of(name)
  return `${first === undefined ? '' : `${askText(first)}, but `}no repository has a package called ${name}${hint}`
}

function missingVersionText(dead: Missing, { requests, source }: Offer): string {
  const { name, range, text } = dead.requirement
  const asked = new Askers(requests, dead.origins).of(name)
  const who = asked.length === 0 ? `${text} is asked for` : asked.slice(0, 3).map(askText).join(' and ')
  const versions = source.versions(name)
  if (versions === UNREAD || versions === null || range === null) return `${who}: no version is in ${text}`
  const hidden = versions.filter((version) => range.contains(version))
  if (hidden.length > 0)
    return `${who}: ${hidden.map((version) => `${name}-${version.text}`).join(', ')} are hidden by a filter or a point in time`
  return `${who}, but no repository has a version of ${name} in ${range.text}; nearest ${nearestVersions(name, range.bounds[0]?.lower.version, versions)}`
}

/** The versions around the one asked for. */
function nearestVersions(name: string, wanted: Version | undefined, versions: readonly Version[]): string {
  const sorted = [...versions].sort(compareVersions)
  const at = wanted === undefined ? sorted.length : sorted.findIndex((version) => compareVersions(version, wanted) > 0)
  const end = at < 0 ? sorted.length : at
  const near = sorted.slice(Math.max(0, end - 1), end + 1)
  return near.length === 0 ? 'is none' : `is ${near.map((version) => `${name}-${version.text}`).join(' or ')}`
}
