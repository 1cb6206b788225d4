/** The members of a context in Rez's order, and what a context of requests is called. */
import { dependencyOrder } from '../solver/order.ts'
import { isParseError } from '../version/parse-error.ts'
import { mergeRequirements } from '../version/requirement-list.ts'
import { packageId } from '../../domain/context.ts'
import { parsePackageRequest } from '../version/requirement.ts'
import type { LoadedVariant } from '../repository/package.ts'
import type { Requirement } from '../version/requirement.ts'

export interface ExactContext {
  /** As Rez orders them. */
  readonly members: readonly LoadedVariant[]
  readonly ephemerals: readonly string[]
  /** What Rez would make of it otherwise. */
  readonly notes: readonly string[]
}

/** The members in Rez's order; with a note for each circle, in which Rez finds none. */
export function ordered(members: readonly LoadedVariant[], requests: readonly Requirement[]): ExactContext {
  const byName = new Map(members.map((member) => [member.loaded.entry.name, member]))
  const requires = new Map(members.map((member) => [member.loaded.entry.name, requiredNames(member)]))
  const requested = requests.map((request) => request.name)
  const notes: string[] = []
  let { names, cycle } = dependencyOrder(requested, requires)
  while (cycle !== null) {
    // Rez finds no order and refuses; the files are there all the same, and what they load can be judged.
    notes.push(`Rez refuses this resolve: packages require each other in a circle: ${cycle.join(' -> ')}`)
    const [from = '', to = ''] = cycle.slice(-2)
    requires.get(from)?.delete(to)
    ;({ names, cycle } = dependencyOrder(requested, requires))
  }
  const asked = [...requests, ...members.flatMap((member) => member.requirements)]
  const ephemerals = mergeRequirements(asked.filter((requirement) => requirement.ephemeral)).requirements
  return {
    members: names.flatMap((name) => byName.get(name) ?? []),
    ephemerals: ephemerals.map((ephemeral) => ephemeral.text),
    notes,
  }
}

function requiredNames(member: LoadedVariant): Set<string> {
  const { requirements } = mergeRequirements(member.requirements)
  return new Set(requirements.filter((one) => !one.conflict && !one.ephemeral).map((one) => one.name))
}

/** `NAME-VERSION` of a member. */
export function memberId({ loaded }: LoadedVariant): string {
  return packageId({ name: loaded.entry.name, version: loaded.entry.version.text })
}

/** The name of a context made from requests: its first packages. */
export function contextName(members: readonly LoadedVariant[], requests: readonly string[]): string {
  const ids = new Map(members.map((member) => [member.loaded.entry.name, memberId(member)]))
  const asked = requests.flatMap((text) => {
    const request = parsePackageRequest(text)
    return isParseError(request) ? [] : (ids.get(request.name) ?? [])
  })
  const shown = asked.slice(0, 3).join(' ')
  return asked.length > 3 ? `${shown} and ${asked.length - 3} more` : shown
}
