/** Which of the variants of one version is tried first (`_PackageEntry.sort` of `solver.py`). */
import type { Requirement } from '../version/requirement.ts'
import type { SolverVariant } from './variant.ts'
import type { VersionOrder } from './orderer.ts'

/**
 * `version_priority`: highest range of the package requested first, then second and so on; `intersection_priority`:
 * before that, most packages shared with the request.
 */
export type VariantSelectMode = 'version_priority' | 'intersection_priority'

export interface Preference {
  /** The merged requests in their order. */
  readonly requests: readonly Requirement[]
  readonly order: VersionOrder
  readonly mode: VariantSelectMode
}

/** The variants, most wanted first. Of two that nothing else tells apart the one with the higher index comes first. */
export function sortVariants(variants: readonly SolverVariant[], preference: Preference): readonly SolverVariant[] {
  const keyed = variants.map((variant) => ({ variant, key: keyOf(variant, preference.requests) }))
  if (keyed.length < 2) return variants
  return keyed.sort((a, b) => -compareKeys(a.key, b.key, preference)).map(({ variant }) => variant)
}

interface Key {
  /** What the variant says about packages of the request, with the place of the request. */
  readonly requested: readonly { readonly at: number; readonly requirement: Requirement }[]
  /** Packages beyond the request. */
  readonly additional: readonly Requirement[]
  readonly index: number
}

function keyOf(variant: SolverVariant, requests: readonly Requirement[]): Key {
  const { byName, requirements } = variant.requires
  const requested: { at: number; requirement: Requirement }[] = []
  const names = new Set<string>()
  for (const [at, request] of requests.entries()) {
    const requirement = request.conflict ? undefined : byName.get(request.name)
    if (requirement === undefined) continue
    requested.push({ at, requirement })
    names.add(request.name)
  }
  const additional = requirements.filter((one) => !one.conflict && !names.has(one.name))
  return { requested, additional, index: variant.index ?? 0 }
}

function compareKeys(a: Key, b: Key, { order, mode }: Preference): number {
  const shared = a.requested.length - b.requested.length
  if (mode === 'intersection_priority' && shared !== 0) return shared
  return (
    compareRequested(a, b, order) ||
    b.additional.length - a.additional.length ||
    compareAdditional(a, b, order) ||
    a.index - b.index
  )
}

function compareRequested(a: Key, b: Key, order: VersionOrder): number {
  for (const [i, left] of a.requested.entries()) {
    const right = b.requested[i]
    if (right === undefined) return 1
    const result = right.at - left.at || order.ranges(left.requirement, right.requirement)
    if (result !== 0) return result
  }
  return a.requested.length - b.requested.length
}

/** Both have as many. Ranges of different packages are compared as if they were of one, each by its own orderer's key. */
function compareAdditional(a: Key, b: Key, order: VersionOrder): number {
  for (const [i, left] of a.additional.entries()) {
    const right = b.additional[i]
    if (right === undefined) break
    const result = order.ranges(left, right) || compareText(left.name, right.name)
    if (result !== 0) return result
  }
  return 0
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
