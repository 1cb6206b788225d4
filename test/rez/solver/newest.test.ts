/** Answers without a search: the same as with one, from fewer definitions. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_OPTIONS, Solve } from '../../../src/rez/solver/solve.ts'
import { Newest } from '../../../src/rez/solver/newest.ts'
import { UNREAD } from '../../../src/rez/solver/source.ts'
import { requirements, sourceOf, textOf } from './world.ts'
import type { World } from './world.ts'

/** The answer and what was looked at; null where it takes a search. */
function newest(world: World, line: string): { readonly answer: string; readonly loaded: ReadonlySet<string> } | null {
  const { source, loaded } = sourceOf(world)
  const solution = new Newest(requirements(line), source, 'version_priority').run()
  if (solution === UNREAD) throw new Error('everything was at hand')
  return solution === null ? null : { answer: textOf(solution), loaded: new Set(loaded) }
}

function searched(world: World, line: string): string {
  const solution = new Solve(requirements(line), sourceOf(world).source, DEFAULT_OPTIONS).run()
  if (solution === UNREAD) throw new Error('everything was at hand')
  return textOf(solution)
}

describe('a request that needs no search', () => {
  it('looks at the newest versions alone', () => {
    const world: World = {
      'app-1': ['lib-1'],
      'app-2': ['lib', 'math-1+'],
      'lib-1': [],
      'lib-2': ['math'],
      'math-1': [],
      'math-2': [],
    }
    expect(newest(world, 'app')).toEqual({
      answer: 'math-2 lib-2 app-2',
      loaded: new Set(['app-2', 'lib-2', 'math-2']),
    })
  })

  it('tells packages without a version apart', () => {
    expect(newest({ 'app-': ['lib'], 'lib-': [] }, 'app')?.answer).toBe('lib- app-')
  })

  it('keeps to the versions that all of a requested range demand', () => {
    const world: World = {
      'app-1.0': ['lib-1'],
      'app-1.1': ['lib-1'],
      'app-2': ['lib-2'],
      'lib-1.0': [],
      'lib-1.1': [],
      'lib-2': [],
    }
    expect(newest(world, 'app-1')?.answer).toBe('lib-1.1 app-1.1')
  })

  it('passes over variants and versions that a request excludes', () => {
    const world: World = {
      'python-3.9': [],
      'python-3.11': [],
      'tool-1': [['python-3.9'], ['python-3.11']],
      'tool-2': [['python-3.11']],
    }
    expect(newest(world, 'tool python-3.9')?.answer).toBe(searched(world, 'tool python-3.9'))
    expect(newest(world, 'tool !python-3.11')?.answer).toBe(searched(world, 'tool !python-3.11'))
  })
})

describe('a request that needs a search', () => {
  it.each([
    ['two packages that want different versions of a third', 'app tool'],
    ['an ephemeral', 'app .feature-1'],
    ['a package that is not there', 'nothing'],
    ['a circle', 'round'],
    ['no version in the range', 'app-7'],
  ])('is left to it: %s', (_, line) => {
    const world: World = {
      'app-1': [],
      'app-2': ['lib-2'],
      'tool-1': ['lib-1'],
      'lib-1': [],
      'lib-2': [],
      'round-1': ['trip'],
      'trip-1': ['round'],
    }
    expect(newest(world, line)).toBeNull()
  })
})

describe('any world', () => {
  const family = (i: number): string => `f${i}`
  const requirement = (below: number): fc.Arbitrary<string> =>
    fc
      .tuple(
        fc.nat({ max: below - 1 }),
        fc.constantFrom('', '', '-1', '-2', '-3', '-1+', '-2+', '<3', '-1|3', '-1.1+<3', '==2.0'),
        fc.constantFrom('', '', '', '', '', '', '', '!', '~'),
      )
      .map(([i, range, mark]) => `${mark}${family(i)}${range === '' && mark !== '' ? '-2' : range}`)
  const byName = { selector: (text: string): string => /f\d/.exec(text)?.[0] ?? '' }
  const list = (below: number): fc.Arbitrary<string[]> =>
    below === 0 ? fc.constant([]) : fc.uniqueArray(requirement(below), { maxLength: 3, ...byName })
  const variants = (below: number): fc.Arbitrary<readonly string[] | readonly (readonly string[])[]> =>
    fc.oneof(
      { weight: 3, arbitrary: list(below) },
      { weight: below === 0 ? 0 : 1, arbitrary: fc.array(list(below), { minLength: 1, maxLength: 3 }) },
    )
  const versions = (i: number): fc.Arbitrary<World> =>
    fc
      .tuple(
        fc.uniqueArray(fc.constantFrom('1.0', '1.1', '2.0', '2.1', '3.0', '3'), { minLength: 1, maxLength: 5 }),
        fc.array(variants(i), { minLength: 5, maxLength: 5 }),
        fc.boolean(),
      )
      .map(([names, lists, alike]) => {
        const rows = names.map((name, k) => [`${family(i)}-${name}`, lists[alike ? 0 : k] ?? []] as const)
        return Object.fromEntries(rows)
      })
  const world = fc
    .tuple(...Array.from({ length: 7 }, (_, i) => versions(i)))
    .map((parts) => parts.reduce<World>((all, part) => ({ ...all, ...part }), {}))

  it('is answered as a search answers it', () => {
    let answered = 0
    fc.assert(
      fc.property(
        world,
        fc.uniqueArray(requirement(7), { minLength: 1, maxLength: 3, ...byName }),
        (packages, line) => {
          const without = newest(packages, line.join(' '))
          if (without === null) return
          answered += 1
          expect(without.answer).toBe(searched(packages, line.join(' ')))
        },
      ),
      { numRuns: 500 },
    )
    expect(answered).toBeGreaterThan(25)
  })
})
