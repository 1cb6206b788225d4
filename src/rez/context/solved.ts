/** Contexts from requests, as `rez env` makes them: the solver's choice, or why there is none. */
import { explain } from '../solver/explain.ts'
import { faultAt } from '../../domain/fault.ts'
import { isFault } from '../repository/files.ts'
import { isPackageName } from '../version/name.ts'
import { isParseError } from '../version/parse-error.ts'
import { mergeRequirements } from '../version/requirement-list.ts'
import { ordered } from './exact.ts'
import { overlap } from '../repository/overlap.ts'
import { parsePackageRequest } from '../version/requirement.ts'
import { pickVariant } from '../repository/package.ts'
import { readSolveOptions } from '../solver/configuration.ts'
import { resolve, resolveWith } from '../solver/resolve.ts'
import { areFaults } from './request.ts'
import type { ContextOptions, Faults } from './request.ts'
import type { ExactContext } from './exact.ts'
import type { Fault } from '../../domain/fault.ts'
import type { LoadedVariant } from '../repository/package.ts'
import type { Repository } from '../repository/repository.ts'
import type { Requirement } from '../version/requirement.ts'
import type { RepositorySource } from '../solver/repository-source.ts'
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
  const solving = readSolveOptions(options.rezConfig)
  if (isParseError(solving)) return { faults: [faultAt('malformed', 'rezconfig', null, solving.error)] }
  const { solution, source } = await resolve(requirements, repositories, solving, options.jobs)
  const circle = packagesInCircle(solution)
  if (solution.kind !== 'solved' && circle === null) {
    return { faults: await unsolved(solution, { requirements: merged, repositories, options, source, solving }) }
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

interface Attempt {
  readonly requirements: readonly Requirement[]
  readonly repositories: readonly Repository[]
  readonly options: ContextOptions
  readonly source: RepositorySource
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
