/** Why there is no solution: the requirements that clash, and who asks for them. */
import { expect, it } from 'vitest'
import { DEFAULT_OPTIONS, Solve } from '../../../src/rez/solver/solve.ts'
import { explain } from '../../../src/rez/solver/explain.ts'
import { requirements, sourceOf } from './world.ts'
import { UNREAD } from '../../../src/rez/solver/source.ts'
import type { Requirement } from '../../../src/rez/version/requirement.ts'
import type { Solution, SolveOptions } from '../../../src/rez/solver/solve.ts'
import type { World } from './world.ts'

async function why(world: World, line: string, families: readonly string[] = []): Promise<readonly string[]> {
  const { source } = sourceOf(world)
  const run = (requests: readonly Requirement[], options: SolveOptions): Solution => {
    const solution = new Solve(requests, source, options).run()
    if (solution === UNREAD) throw new Error('everything was at hand')
    return solution
  }
  const options = DEFAULT_OPTIONS
  const requests = requirements(line)
  const solution = run(requests, options)
  if (solution.kind === 'solved') return []
  const again = (others: readonly Requirement[], limited: SolveOptions): Promise<Solution> =>
    Promise.resolve(run(others, limited))
  return explain({ solution, requests, options, families, source, again })
}

const WORLD: World = {
  'maya-2024': ['python-3.10'],
  'houdini-20': ['python-3.9'],
  'suite-1': ['houdini'],
  'python-3.9': [],
  'python-3.10': [],
  'nuke-15': ['pyton-3'],
  'katana-7': ['python-4'],
  'flame-1': [['python-3.9'], ['python-3.10', '!maya']],
  'broken-1': ['python-3.9', 'python-3.10'],
}

it.each([
  ['maya houdini', ['maya-2024 requires python-3.10 but houdini-20 requires python-3.9']],
  [
    'flame maya',
    [
      'the request asks for maya but flame-1[1] does not allow maya; ' +
        'flame-1[0] requires python-3.9 but maya-2024 requires python-3.10',
    ],
  ],
  ['suite python maya houdini', ['maya-2024 requires python-3.10 but houdini-20 requires python-3.9']],
  ['suite maya', ['maya-2024 requires python-3.10 but houdini-20 (required by suite-1) requires python-3.9']],
  ['maya python-3.9', ['the request asks for python-3.9 but maya-2024 requires python-3.10']],
  ['maya !python-3.10', ['maya-2024 requires python-3.10 but the request does not allow python-3.10']],
  ['maya ~python-3.9', ['maya-2024 requires python-3.10 but the request allows only python-3.9']],
  ['nuke', ['nuke-15 requires pyton-3, but no repository has a package called pyton; nearest is python']],
  ['katana', ['katana-7 requires python-4, but no repository has a version of python in 4; nearest is python-3.10']],
  ['broken', ['broken-1 requires both python-3.9 and python-3.10, which no version meets']],
  [
    'maya-2025 nuk',
    [
      'the request asks for maya-2025, but no repository has a version of maya in 2025; nearest is maya-2024',
      'the request asks for nuk, but no repository has a package called nuk; nearest is nuke',
    ],
  ],
])('%s', async (line, expected) => {
  expect(await why(WORLD, line, ['maya', 'nuke', 'python'])).toEqual(expected)
})
