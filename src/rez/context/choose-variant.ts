/** Which variant of a package fits a set of packages, and which of several Rez prefers (`_PackageEntry.sort`). */
import { mergeRequirements } from '../version/requirement-list.ts'
import type { LoadedPackage, LoadedVariant } from '../repository/package.ts'
import type { Requirement } from '../version/requirement.ts'
import type { RequirementList } from '../version/requirement-list.ts'
import type { Version } from '../version/version.ts'

/** The packages of a context by name. */
export type Versions = ReadonlyMap<string, Version>

/** Why a variant does not fit: its requirements that the set does not meet. */
export interface Misfit {
  readonly index: number | null
  readonly unmet: readonly Requirement[]
}

/**
 * The variant whose own requirements the set meets; of several the one that Rez prefers. The misfits, in the order of
 * the variants, where none fits.
 */
export function chooseVariant(
  loaded: LoadedPackage,
  requests: readonly Requirement[],
  versions: Versions,
): LoadedVariant | readonly Misfit[] {
  const fitting = rankVariants(loaded, requests).find((one) => unmetBy(one, versions).length === 0)
  if (fitting !== undefined) return fitting
  return loaded.variants.map((variant) => ({
    index: variant.index,
    unmet: variant.requires.requirements.filter((requirement) => !meets(requirement, versions)),
  }))
}

/** The variant's own requirements that the set does not meet. */
export function unmetBy(member: LoadedVariant, versions: Versions): readonly Requirement[] {
  return member.variant.requires.requirements.filter((requirement) => !meets(requirement, versions))
}

/**
 * The variants from the one that Rez tries first (`version_priority`): highest range of the package requested first, and
 * so on, then fewest other packages, then their highest ranges. Rez sorts in reverse, so that of equals the last is first.
 */
export function rankVariants(loaded: LoadedPackage, requests: readonly Requirement[]): readonly LoadedVariant[] {
  return loaded.variants
    .map((variant) => {
      const requirements = [...loaded.requires, ...variant.requires.requirements]
      const key = preferenceKey(mergeRequirements(requirements), requests)
      return { key, member: { loaded, variant, requirements } }
    })
    .reverse()
    .sort((a, b) => compareKeys(b.key, a.key))
    .map(({ member }) => member)
}

/** Whether the set has what a requirement asks for, or lacks what it forbids. Ephemerals ask for no package. */
export function meets(requirement: Requirement, versions: Versions): boolean {
  if (requirement.ephemeral) return true
  const version = versions.get(requirement.name)
  if (version === undefined) return requirement.conflict
  return !requirement.conflictsWithVersion(requirement.name, version)
}

interface PreferenceKey {
  readonly requested: readonly { readonly at: number; readonly requirement: Requirement }[]
  readonly additional: readonly Requirement[]
}

function preferenceKey(requires: RequirementList, requests: readonly Requirement[]): PreferenceKey {
  const requested: { at: number; requirement: Requirement }[] = []
  const names = new Set<string>()
  requests.forEach((request, at) => {
    const requirement = request.conflict ? undefined : requires.byName.get(request.name)
    if (requirement === undefined) return
    requested.push({ at, requirement })
    names.add(request.name)
  })
  const additional = requires.requirements.filter((one) => !one.conflict && !names.has(one.name))
  return { requested, additional }
}

function compareKeys(a: PreferenceKey, b: PreferenceKey): number {
  for (const [i, left] of a.requested.entries()) {
    const right = b.requested[i]
    if (right === undefined) return 1
    const order = right.at - left.at || compareRanges(left.requirement, right.requirement)
    if (order !== 0) return order
  }
  if (a.requested.length < b.requested.length) return -1
  if (a.additional.length !== b.additional.length) return b.additional.length - a.additional.length
  for (const [i, left] of a.additional.entries()) {
    const right = b.additional[i]
    if (right === undefined) continue
    const order = compareRanges(left, right) || (left.name < right.name ? -1 : left.name > right.name ? 1 : 0)
    if (order !== 0) return order
  }
  return 0
}

function compareRanges(a: Requirement, b: Requirement): number {
  return a.range === null || b.range === null ? 0 : a.range.compare(b.range)
}
