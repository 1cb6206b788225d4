/** What is asked of both solvers, and how ours answers. */
import { diskFiles } from '../../src/rez/repository/files.ts'
import { openRepository } from '../../src/rez/repository/repository.ts'
import { isParseError } from '../../src/rez/version/parse-error.ts'
import { parsePackageRequest } from '../../src/rez/version/requirement.ts'
import { DEFAULT_OPTIONS } from '../../src/rez/solver/solve.ts'
import { resolve } from '../../src/rez/solver/resolve.ts'
import { readFilters, readOrderers } from '../../src/rez/solver/configuration.ts'
import type { Repository } from '../../src/rez/repository/repository.ts'
import type { Resolution } from '../../src/rez/solver/resolve.ts'
import type { VariantSelectMode } from '../../src/rez/solver/preference.ts'

export interface Task {
  readonly repositories: readonly string[]
  readonly requests: readonly string[]
  readonly mode: VariantSelectMode
  readonly timestamp: number | null
  readonly filters: readonly unknown[]
  readonly orderers: readonly unknown[]
}

export interface Answer {
  readonly failed?: string
  readonly packages?: readonly (readonly [string, string, number | null])[]
  readonly ephemerals?: readonly string[]
  readonly seconds?: number
}

/** A task without any configuration. */
export function plainTask(repositories: readonly string[], requests: readonly string[]): Task {
  return { repositories, requests, mode: 'version_priority', timestamp: null, filters: [], orderers: [] }
}

/** Our answer, over repositories that are opened anew or given. */
export async function ownAnswer(task: Task, opened?: readonly Repository[]): Promise<Answer & { full?: Resolution }> {
  const requests = task.requests.map(parsePackageRequest)
  const wrong = requests.find(isParseError)
  const filters = readFilters(task.filters)
  const orderers = readOrderers(task.orderers)
  if (wrong !== undefined) return { failed: wrong.error }
  if (isParseError(filters) || isParseError(orderers)) throw new Error('the configuration cannot be read')
  const repositories = opened ?? task.repositories.map((location) => openRepository(location, diskFiles))
  const options = {
    ...DEFAULT_OPTIONS,
    filters,
    orderers,
    timestamp: task.timestamp,
    variantSelectMode: task.mode,
  }
  const full = await resolve(
    requests.flatMap((one) => (isParseError(one) ? [] : [one])),
    repositories,
    options,
    16,
  )
  const { solution } = full
  if (solution.kind !== 'solved') return { failed: solution.kind, full }
  return {
    packages: solution.packages.map(({ name, version, index }) => [name, version.text, index] as const),
    ephemerals: solution.ephemerals.map((one) => one.text),
    full,
  }
}
