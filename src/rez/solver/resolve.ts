/** Resolves requests over repositories: runs the solver, reads what it asks for, and hands out what it chose. */
import { Newest } from './newest.ts'
import { RepositorySource } from './repository-source.ts'
import { Solve } from './solve.ts'
import { UNREAD } from './source.ts'
import type { Repository } from '../repository/repository.ts'
import type { Requirement } from '../version/requirement.ts'
import type { Solution, SolveOptions } from './solve.ts'

export interface Resolution {
  readonly solution: Solution
  /** What was read; holds the definitions of all packages of the solution. */
  readonly source: RepositorySource
  /** Choices tried; none where no search was needed. */
  readonly steps: number
}

/** The solution of the requests, implicit ones being the last of them. Reads nothing that the solver does not look at. */
export async function resolve(
  requests: readonly Requirement[],
  repositories: readonly Repository[],
  options: SolveOptions,
  jobs: number,
): Promise<Resolution> {
  const source = new RepositorySource(repositories)
  return resolveWith(source, requests, options, jobs)
}

/** As {@link resolve}, with a source that may have read much already. */
export async function resolveWith(
  source: RepositorySource,
  requests: readonly Requirement[],
  options: SolveOptions,
  jobs: number,
): Promise<Resolution> {
  const newest = await newestOf(source, requests, options, jobs)
  if (newest !== null) return { solution: newest, source, steps: 0 }
  const solve = new Solve(requests, source, options)
  for (;;) {
    const solution = solve.run()
    if (solution !== UNREAD) return { solution, source, steps: solve.steps }
    await source.read(jobs)
  }
}

/** Null where it takes a search, or settings decide which versions count and which come first. */
async function newestOf(
  source: RepositorySource,
  requests: readonly Requirement[],
  { filters, orderers, timestamp, variantSelectMode }: SolveOptions,
  jobs: number,
): Promise<Solution | null> {
  if (filters.length > 0 || orderers.length > 0 || timestamp !== null) return null
  const newest = new Newest(requests, source, variantSelectMode)
  for (;;) {
    const solution = newest.run()
    if (solution !== UNREAD) return solution
    await source.read(jobs)
  }
}
