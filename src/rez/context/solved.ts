/** Contexts from requests, as `rez env` makes them: the solver's choice, or why there is none. */
import { explain } from '../solver/explain.ts'
import { faultAt } from '../../domain/fault.ts'
import { isFault } from '../repository/files.ts'
import { isPackageName } from '../version/name.ts'
import { isParseError } from '../version/parse-error.ts'
import { mergeRequirements } from '../version/requirement-list.ts'
import { exactRange } from '../version/range.ts'
import { ordered } from './ordered.ts'
import { overlap } from '../repository/overlap.ts'
import { parsePackageRequest, requirementOf } from '../version/requirement.ts'
import { pickVariant } from '../repository/package.ts'
import { DEFAULT_OPTIONS } from '../solver/solve.ts'
import { RepositorySource } from '../solver/repository-source.ts'
import { resolveWith } from '../solver/resolve.ts'
import { areFaults } from './request.ts'
import type { ContextOptions, Faults } from './request.ts'
import type { ExactContext } from './ordered.ts'
import type { Fault } from '../../domain/fault.ts'
import type { LateBindings } from '../commands/late.ts'
import type { LoadedVariant } from '../repository/package.ts'
import type { Repository } from '../repository/repository.ts'
import type { Requirement } from '../version/requirement.ts'
import type { Unsolved } from '../solver/explain.ts'
import type { Solution, SolvedPackage, SolveOptions } from '../solver/solve.ts'

/** Faults of requests name no file. */
const REQUESTS = 'requests'

/** The packages that Rez would take for the requests, in its order. */
export async function solvedContext(
  texts: readonly string[],
  repositories: readonly Repository[],
  options: ContextOptions,
): Promise<ExactContext | Faults> {
  const parsed = parseAll([...texts, ...(options.implicit ?? [])])
  if ('faults' in parsed) return parsed
  const { requirements } = parsed
  const { requirements: merged, clash } = mergeRequirements(requirements)
  if (clash !== null) return { faults: [usage(`no version meets both ${clash[0].text} and ${clash[1].text}`)] }
  if (!merged.some((request) => !request.conflict && !request.ephemeral)) {
    return { faults: [usage('no package is requested: NAME or NAME-VERSION was expected')] }
  }
  const source = new RepositorySource(repositories, null, bindingsOf(texts, options))
  return solved(requirements, { source, repositories, options })
}

/** A variant of a package that need not lie in a repository, with what Rez would resolve for exactly that version. */
export async function solvedFolder(
  start: LoadedVariant,
  repositories: readonly Repository[],
  options: ContextOptions,
): Promise<ExactContext | Faults> {
  const { entry } = start.loaded
  const range = exactRange([entry.version])
  const parsed = parseAll(options.implicit ?? [])
  if ('faults' in parsed) return parsed
  const requirements = [...(range === null ? [] : [requirementOf(entry.name, range)]), ...parsed.requirements]
  const texts = requirements.slice(0, 1).map((request) => request.text)
  const source = new RepositorySource(repositories, { entry, index: start.variant.index }, bindingsOf(texts, options))
  return solved(requirements, { source, repositories, options })
}

function bindingsOf(requests: readonly string[], { implicit, system, parent }: ContextOptions): LateBindings {
  return { requests, implicits: implicit, system, ...(parent === undefined ? {} : { parent }) }
}

interface Setting {
  readonly source: RepositorySource
  readonly repositories: readonly Repository[]
  readonly options: ContextOptions
}

async function solved(requirements: readonly Requirement[], setting: Setting): Promise<ExactContext | Faults> {
  const { source, options } = setting
  const { requirements: merged } = mergeRequirements(requirements)
  const solving = options.settings?.solve ?? DEFAULT_OPTIONS
  const { solution } = await resolveWith(source, requirements, solving, options.jobs)
  const circle = packagesInCircle(solution)
  if (solution.kind !== 'solved' && circle === null) {
    return { faults: await unsolved(solution, { ...setting, requirements: merged, solving }) }
  }
  const chosen = await chosenVariants(circle ?? packagesOf(solution), source)
  if (areFaults(chosen)) return chosen
  if (solution.kind !== 'solved') return ordered(chosen, merged)
  return { members: chosen, ephemerals: solution.ephemerals.map((ephemeral) => ephemeral.text), notes: [] }
}

async function chosenVariants(
  packages: readonly SolvedPackage[],
  source: RepositorySource,
): Promise<readonly LoadedVariant[] | Faults> {
  const chosen: LoadedVariant[] = []
  const faults: Fault[] = []
  for (const { name, version, index } of packages) {
    const loaded = await source.loaded(name, version)
    const picked = 'faults' in loaded ? loaded.faults : pickVariant(loaded, index)
    if ('loaded' in picked) chosen.push(picked)
    else faults.push(...(isFault(picked) ? [picked] : picked))
  }
  return faults.length > 0 ? { faults } : chosen
}

function packagesOf(solution: Solution): readonly SolvedPackage[] {
  return solution.kind === 'solved' ? solution.packages : []
}

/** The packages that the solver chose, although some require each other; null where nothing or all else failed. */
function packagesInCircle(solution: Solution): readonly SolvedPackage[] | null {
  if (solution.kind !== 'failed') return null
  const [failed] = solution.failed
  return failed?.failure.kind === 'cycle' ? failed.scopes.flatMap((scope) => scope.solved ?? []) : null
}

interface Attempt extends Setting {
  readonly requirements: readonly Requirement[]
  readonly solving: SolveOptions
}

async function unsolved(solution: Unsolved, attempt: Attempt): Promise<readonly Fault[]> {
  const { requirements, repositories, options, source, solving } = attempt
  const dead = solution.kind === 'dead' ? solution.dead : null
  if (dead?.kind === 'unreadable') return dead.faults
  const families = dead?.kind === 'no-family' ? await familyNames(attempt) : []
  const again = async (requests: readonly Requirement[], limited: SolveOptions): Promise<Solution> =>
    (await resolveWith(source, requests, limited, options.jobs)).solution
  const reasons = await explain({ solution, requests: requirements, options: solving, families, source, again })
  if (dead?.kind === 'self-clash') {
    const loaded = await source.loaded(dead.name, dead.version)
    const file = 'faults' in loaded ? REQUESTS : loaded.definition.file
    return reasons.map((reason) => faultAt('malformed', file, null, reason))
  }
  if (dead?.kind === 'limit') return reasons.map((reason) => faultAt('unsupported', REQUESTS, null, reason))
  if (dead === null) return reasons.map(usage)
  const where = repositories.map((repository) => repository.location).join(', ')
  return reasons.map((reason) => faultAt('missing', REQUESTS, null, `${reason} (looked in ${where})`))
}

/** Names of all families, for the nearest to a name that is none. */
async function familyNames({ repositories, options }: Attempt): Promise<readonly string[]> {
  const lists = await overlap(repositories, options.jobs, (repository) => options.files.list(repository.location))
  const names = lists.flatMap((entries) => (isFault(entries) ? [] : entries.map(({ name }) => name)))
  return [...new Set(names.map((name) => name.replace(/\.(py|yaml)$/, '')))].filter(isPackageName).sort()
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
