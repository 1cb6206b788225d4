/** Contexts from requests that leave no choice: each package named with its version, none missing, no solver needed. */
import { candidatesFor, offerText, within } from './candidates.ts'
import { chooseVariant } from './choose-variant.ts'
import { dependencyOrder } from './order.ts'
import { ephemeralClash, memberId, unmetRequirements, unmetText } from './check.ts'
import { faultAt } from '../../domain/fault.ts'
import { isParseError } from '../version/parse-error.ts'
import { loadPackage } from '../repository/package.ts'
import { mergeRequirements } from '../version/requirement-list.ts'
import { overlap } from '../repository/overlap.ts'
import { packageId } from '../../domain/context.ts'
import { parsePackageRequest } from '../version/requirement.ts'
import type { Fault } from '../../domain/fault.ts'
import type { Faults } from './request.ts'
import type { LoadedPackage, LoadedVariant } from '../repository/package.ts'
import type { Misfit, Versions } from './choose-variant.ts'
import type { PackageEntry, Repository } from '../repository/repository.ts'
import type { Requirement } from '../version/requirement.ts'
import type { Unmet } from './check.ts'

/** Faults of requests name no file. */
const REQUESTS = 'requests'

export interface ExactContext {
  /** As Rez orders them. */
  readonly members: readonly LoadedVariant[]
  readonly ephemerals: readonly string[]
}

/**
 * The packages that the requests name, with the variant that fits, in Rez's order. Every request must leave one version
 * and every requirement must be met by the packages requested; each that is not is one fault.
 */
export async function exactContext(
  requests: readonly string[],
  implicit: readonly string[],
  repositories: readonly Repository[],
  jobs: number,
): Promise<ExactContext | Faults> {
  const parsed = parseAll([...requests, ...implicit])
  if ('faults' in parsed) return parsed
  const list = mergeRequirements(parsed.requirements)
  if (list.clash !== null) {
    return { faults: [usage(`no version meets both ${list.clash[0].text} and ${list.clash[1].text}`)] }
  }
  const packages = list.requirements.filter((request) => !request.conflict && !request.ephemeral)
  if (packages.length === 0) return { faults: [usage('no package is requested: NAME==VERSION was expected')] }
  const found = await overlap(packages, jobs, (request) => findOne(request, repositories))
  const missing = found.flatMap((one) => ('faults' in one ? one.faults : []))
  if (missing.length > 0) return { faults: missing }
  const loaded = found.flatMap((one) => ('faults' in one ? [] : [one]))
  return assemble(loaded, list.requirements, repositories)
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

function ordered(members: readonly LoadedVariant[], requests: readonly Requirement[]): ExactContext | Faults {
  const byName = new Map(members.map((member) => [member.loaded.entry.name, member]))
  const requires = new Map(members.map((member) => [member.loaded.entry.name, requiredNames(member)]))
  const { names, cycle } = dependencyOrder(
    requests.map((request) => request.name),
    requires,
  )
  if (cycle !== null) return { faults: [usage(`packages require each other in a circle: ${cycle.join(' -> ')}`)] }
  const asked = [...requests, ...members.flatMap((member) => member.requirements)]
  const ephemerals = mergeRequirements(asked.filter((requirement) => requirement.ephemeral)).requirements
  return {
    members: names.flatMap((name) => byName.get(name) ?? []),
    ephemerals: ephemerals.map((ephemeral) => ephemeral.text),
  }
}

function requiredNames(member: LoadedVariant): ReadonlySet<string> {
  const { requirements } = mergeRequirements(member.requirements)
  return new Set(requirements.filter((one) => !one.conflict && !one.ephemeral).map((one) => one.name))
}

async function findOne(request: Requirement, repositories: readonly Repository[]): Promise<LoadedPackage | Faults> {
  const { entries, faults } = await candidatesFor(request.name, repositories)
  const fitting = request.range === null ? entries : within(entries, request.range)
  const [only] = fitting
  if (only !== undefined && fitting.length === 1) return loadPackage(only)
  if (fitting.length > 1) {
    return { faults: [usage(`${request.text} leaves ${fitting.length} versions: name one of ${offerText(fitting)}`)] }
  }
  return { faults: [...faults, faultAt('missing', REQUESTS, null, absentText(request, entries, repositories))] }
}

function absentText(
  request: Requirement,
  entries: readonly PackageEntry[],
  repositories: readonly Repository[],
): string {
  const where = repositories.map((repository) => repository.location).join(', ')
  const others = entries.length === 0 ? '' : `; there are ${offerText(entries)}`
  return `no repository has ${request.text} (looked in ${where})${others}`
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

function parseAll(texts: readonly string[]): { readonly requirements: readonly Requirement[] } | Faults {
  const requirements: Requirement[] = []
  const faults: Fault[] = []
  for (const text of texts) {
    const request = parsePackageRequest(text)
    if (isParseError(request)) faults.push(usage(request.error))
    else requirements.push(request)
  }
  return faults.length > 0 ? { faults } : { requirements }
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
