/** Lists of requirements, merged package by package in the order of first mention (`RequirementList` of Rez). */
import type { Requirement } from './requirement.ts'

export interface RequirementList {
  /** One for each package, in the order of first mention; empty where two clash. */
  readonly requirements: readonly Requirement[]
  /** The first two that no version meets. */
  readonly clash: readonly [Requirement, Requirement] | null
  /** By package name. */
  readonly byName: ReadonlyMap<string, Requirement>
}

/** Merges the requirements. Where two clash, `byName` holds what was merged until then. */
export function mergeRequirements(requirements: readonly Requirement[]): RequirementList {
  const byName = new Map<string, Requirement>()
  for (const requirement of requirements) {
    const existing = byName.get(requirement.name)
    const merged = existing === undefined ? requirement : existing.merged(requirement)
    if (existing !== undefined && merged === null) {
      return { requirements: [], clash: [existing, requirement], byName }
    }
    if (merged !== null) byName.set(requirement.name, merged)
  }
  return { requirements: [...byName.values()], clash: null, byName }
}

/** The list as Rez prints it. */
export function requirementListText(list: RequirementList): string {
  if (list.clash !== null) return list.clash.map((requirement) => requirement.text).join(' <--!--> ')
  return list.requirements.map((requirement) => requirement.text).join(' ')
}
