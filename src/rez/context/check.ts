/** Whether a set of packages meets every requirement of its members, without changing the set. */
import { meets } from './choose-variant.ts'
import { mergeRequirements } from '../version/requirement-list.ts'
import { packageId } from '../../domain/context.ts'
import type { LoadedVariant } from '../repository/package.ts'
import type { Requirement } from '../version/requirement.ts'
import type { Versions } from './choose-variant.ts'

/** A requirement that the set does not meet. */
export interface Unmet {
  /** `NAME-VERSION` of the package that asks, null for the requests themselves. */
  readonly by: string | null
  readonly requirement: Requirement
  /** The package that breaks it, null where the package asked for is not in the set. */
  readonly found: string | null
}

/** Every requirement of the members and of the requests that the set does not meet, in their order. */
export function unmetRequirements(
  members: readonly LoadedVariant[],
  requests: readonly Requirement[],
  versions: Versions,
): readonly Unmet[] {
  const unmet: Unmet[] = []
  const ask = (by: string | null, requirements: readonly Requirement[]): void => {
    for (const requirement of requirements) {
      if (meets(requirement, versions)) continue
      const version = versions.get(requirement.name)
      const found = version === undefined ? null : packageId({ name: requirement.name, version: version.text })
      unmet.push({ by, requirement, found })
    }
  }
  ask(null, requests)
  for (const member of members) ask(memberId(member), member.requirements)
  return unmet
}

/** The first two demands on one ephemeral (`.foo-1`) that no range meets. */
export function ephemeralClash(
  members: readonly LoadedVariant[],
  requests: readonly Requirement[],
): readonly [Requirement, Requirement] | null {
  const all = [...requests, ...members.flatMap((member) => member.requirements)]
  return mergeRequirements(all.filter((requirement) => requirement.ephemeral)).clash
}

/** The unmet requirement as one sentence without a full stop. */
export function unmetText({ by, requirement, found }: Unmet): string {
  const who = by ?? 'the request'
  if (found === null) return `${who} requires ${requirement.text}, which is not among the requests`
  if (requirement.conflict) return `${who} does not allow ${found} (${requirement.text})`
  return `${who} requires ${requirement.text}, but the requests take ${found}`
}

/** `NAME-VERSION` of a member. */
export function memberId({ loaded }: LoadedVariant): string {
  return packageId({ name: loaded.entry.name, version: loaded.entry.version.text })
}
