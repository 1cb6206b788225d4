/** Contexts from packages that are all known: the variant of each that fits, what is not met, Rez's order. */
import { candidatesFor, offerText, within } from '../repository/candidates.ts'
import { chooseVariant } from './choose-variant.ts'
import { dependencyOrder } from '../solver/order.ts'
import { ephemeralClash, memberId, unmetRequirements, unmetText } from './check.ts'
import { faultAt } from '../../domain/fault.ts'
import { isParseError } from '../version/parse-error.ts'
import { mergeRequirements } from '../version/requirement-list.ts'
import { packageId } from '../../domain/context.ts'
import { parsePackageRequest } from '../version/requirement.ts'
import type { Fault } from '../../domain/fault.ts'
import type { Faults } from './request.ts'
import type { LoadedPackage, LoadedVariant } from '../repository/package.ts'
import type { Misfit, Versions } from './choose-variant.ts'
import type { Repository } from '../repository/repository.ts'
import type { Requirement } from '../version/requirement.ts'
import type { Unmet } from './check.ts'

/** Faults of requests name no file. */
const REQUESTS = 'requests'

export interface ExactContext {
  /** As Rez orders them. */
  readonly members: readonly LoadedVariant[]
  readonly ephemerals: readonly string[]
  /** What Rez would make of it otherwise. */
  readonly notes: readonly string[]
}

/** Chooses variants but for those in `settled`, checks every requirement, and orders what fits. */
export async function assemble(
  loaded: readonly LoadedPackage[],
  requests: readonly Requirement[],
  repositories: readonly Repository[],
  settled: ReadonlyMap<string, LoadedVariant> = new Map(),
): Promise<ExactContext | Faults> {
  const versions: Versions = new Map(loaded.map(({ entry }) => [entry.name, entry.version]))
  const members: LoadedVariant[] = []
  const faults: Fault[] = loaded.flatMap(inconsistencies)
  for (const one of loaded) {
    const chosen = settled.get(one.entry.name) ?? chooseVariant(one, requests, versions)
    if ('loaded' in chosen) members.push(chosen)
    else faults.push(usage(misfitText(one, chosen, versions)))
  }
  const clash = ephemeralClash(members, requests)
  if (clash !== null) faults.push(usage(`no version meets both ${clash[0].text} and ${clash[1].text}`))
  const unmet = unmetRequirements(members, requests, versions)
  faults.push(
    ...(await Promise.all(unmet.map(async (one) => usage(unmetText(one) + (await offer(one, repositories)))))),
  )
  if (faults.length > 0) return { faults }
  return ordered(members, requests)
}

/** Requirements of one variant that clash: Rez refuses to resolve with such a package, whichever variant fits. */
function inconsistencies(loaded: LoadedPackage): readonly Fault[] {
  return loaded.variants.flatMap(({ index, requires }) => {
    const { clash } = mergeRequirements([...loaded.requires, ...requires.requirements])
    if (clash === null) return []
    const who = index === null ? 'the package' : `variant ${index}`
    const message = `${who} requires both ${clash[0].text} and ${clash[1].text}, which no version meets`
    return [faultAt('malformed', loaded.definition.file, null, message)]
  })
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

/** What the repositories have that would meet the requirement. */
async function offer({ requirement, found }: Unmet, repositories: readonly Repository[]): Promise<string> {
  if (found !== null || requirement.conflict || requirement.range === null) return ''
  const { entries } = await candidatesFor(requirement.name, repositories)
  const fitting = within(entries, requirement.range)
  return fitting.length === 0
    ? ', nor in any repository'
    : `: add ${fitting.length === 1 ? '' : 'one of '}${offerText(fitting)}`
}

function misfitText(loaded: LoadedPackage, misfits: readonly Misfit[], versions: Versions): string {
  const id = packageId({ name: loaded.entry.name, version: loaded.entry.version.text })
  const reasons = misfits.map(({ index, unmet }) => {
    const wants = unmet.map((requirement) => {
      const version = versions.get(requirement.name)
      const has = version === undefined ? 'not among the requests' : `requested is ${version.text}`
      return `${requirement.text} (${has})`
    })
    return `variant ${index ?? 'without index'} requires ${wants.join(', ')}`
  })
  return `no variant of ${id} fits the requests: ${reasons.join('; ')}`
}

function usage(message: string): Fault {
  return faultAt('malformed', REQUESTS, null, message)
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
