/** Which packages are chosen: small worlds whose answers are those of Rez 3.4, and properties of any answer. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answer, requirements, solve, sourceOf } from './world.ts'
import { DEFAULT_OPTIONS, Solve } from '../../../src/rez/solver/solve.ts'
import { mergeRequirements } from '../../../src/rez/version/requirement-list.ts'
import { UNREAD } from '../../../src/rez/solver/source.ts'
import type { Requirement } from '../../../src/rez/version/requirement.ts'
import type { World } from './world.ts'

const STUDIO: World = {
  'maya-2023': ['python-3.9'],
  'maya-2024': ['python-3.10'],
  'houdini-19.5': ['python-3.9'],
  'houdini-20': ['python-3.10'],
  'python-3.9.7': [],
  'python-3.10.9': [],
  'python-3.11.1': [],
  'usd-23.11': [['python-3.9'], ['python-3.10']],
  'usd-24.8': [['python-3.10', 'maya'], ['python-3.10'], ['python-3.11']],
  'tools-1': ['usd', '~maya-2023+'],
  'old-1': ['usd-24', '!maya'],
}

describe('versions', () => {
  it.each([
    ['python', 'python-3.11.1'],
    ['python-3.9|3.10', 'python-3.10.9'],
    ['python !python-3.11', 'python-3.10.9'],
    ['maya', 'python-3.10.9 maya-2024'],
    ['maya python-3.9', 'python-3.9.7 maya-2023'],
    ['python-3.9 maya', 'python-3.9.7 maya-2023'],
    ['maya houdini', 'python-3.10.9 maya-2024 houdini-20'],
    ['houdini<20 maya', 'python-3.9.7 houdini-19.5 maya-2023'],
    ['maya-2023 houdini', 'python-3.9.7 maya-2023 houdini-19.5'],
    ['maya-2024 houdini-19', 'failed: clash'],
    ['maya-2024 maya-2023', 'failed: clash'],
    ['maya-2025', 'dead: no-version'],
    ['nuke', 'dead: no-family'],
    ['', ''],
  ])('%s', (request, expected) => {
    expect(answer(STUDIO, request)).toBe(expected)
  })
})

describe('variants', () => {
  it.each([
    // Highest range of the package requested first, then fewest further packages.
    ['usd', 'python-3.11.1 usd-24.8[2]'],
    ['usd maya', 'python-3.10.9 maya-2024 usd-24.8[0]'],
    ['usd python-3.10', 'python-3.10.9 usd-24.8[1]'],
    ['usd maya-2023', 'python-3.9.7 usd-23.11[0] maya-2023'],
    ['tools', 'python-3.11.1 usd-24.8[2] tools-1'],
    ['old maya', 'failed: reduced'],
    ['old', 'python-3.11.1 usd-24.8[2] old-1'],
  ])('%s', (request, expected) => {
    expect(answer(STUDIO, request)).toBe(expected)
  })

  it('with intersection_priority, that which shares most packages with the request', () => {
    const world = { 'foo-1': [['bar-2'], ['bar-1', 'burgle-1']], 'bar-1': [], 'bar-2': [], 'burgle-1': [] }
    expect(answer(world, 'foo bar burgle')).toBe('bar-2 foo-1[0] burgle-1')
    expect(answer(world, 'foo bar burgle', { variantSelectMode: 'intersection_priority' })).toBe(
      'bar-1 burgle-1 foo-1[1]',
    )
  })
})

describe('weak, conflicting and ephemeral requirements', () => {
  const world = { 'a-1': ['.opt-1+', '~b-1'], 'a-2': ['.opt-2', '!b-1'], 'b-1': [], 'b-2': ['.opt-1'], 'c-1': ['b'] }
  it.each([
    ['a', 'a-2 .opt-2'],
    ['a .opt-1', 'a-1 .opt-1'],
    ['a b', 'a-1 b-1 .opt-1+'],
    ['a b-1', 'a-1 b-1 .opt-1+'],
    ['~b-1 c', 'b-1 c-1'],
    ['c ~b', 'b-2 c-1 .opt-1'],
    ['~b-1', ''],
    ['!b c', 'failed: clash'],
  ])('%s', (request, expected) => {
    expect(answer(world, request)).toBe(expected)
  })
})

describe('what no other choice avoids', () => {
  it('a required family that is nowhere, although an older version would do without', () => {
    expect(answer({ 'a-1': [], 'a-2': ['nowhere'] }, 'a')).toBe('dead: no-family')
    expect(answer({ 'a-1': [], 'a-2': ['nowhere'] }, 'a', { missingFamilyIsFatal: false })).toBe('a-1')
  })

  it('a variant whose requirements clash, but only when it is looked at', () => {
    const world = { 'a-1': [], 'a-2': ['b-1', 'b-2'], 'b-1': [], 'b-2': [] }
    expect(answer(world, 'a')).toBe('dead: self-clash')
    expect(answer(world, 'a-1')).toBe('a-1')
  })

  it('a circle, although an older version has none', () => {
    expect(answer({ 'a-1': [], 'a-2': ['b'], 'b-1': ['a'] }, 'a')).toBe('failed: cycle')
  })
})

it('reads only versions in the ranges that are asked for', () => {
  const { source, loaded } = sourceOf(STUDIO)
  new Solve(requirements('maya-2023'), source, DEFAULT_OPTIONS).run()
  expect(loaded).toEqual(['maya-2023', 'python-3.9.7'])
})

describe('a search without end', () => {
  it('is given up', () => {
    // Each of many families excludes one more combination of two others, so that no short proof exists.
    const world: Record<string, string[]> = {}
    for (let i = 0; i < 9; i += 1) {
      for (let version = 1; version <= 8; version += 1) {
        const others = Array.from({ length: 9 }, (_, k) => k).filter((k) => k !== i)
        world[`p${i}-${version}`] = others.map((k) => `!p${k}-${version}`)
      }
    }
    const request = Array.from({ length: 9 }, (_, i) => `p${i}`).join(' ')
    const limits = { steps: 500, comparisons: 1e9 }
    expect(solve(world, request, { limits })).toMatchObject({ kind: 'dead', dead: { kind: 'limit' } })
    const few = { steps: 1e9, comparisons: 1000 }
    expect(solve(world, request, { limits: few })).toMatchObject({ kind: 'dead', dead: { kind: 'limit' } })
  })
})

const NAMES = ['a', 'b', 'c', 'd', 'e']
const requirement = fc
  .tuple(fc.constantFrom('', '', '', '!', '~'), fc.constantFrom(...NAMES), fc.constantFrom('', '-1', '-2', '-2+', '<3'))
  .map(([prefix, name, range]) => `${prefix}${name}${range}`)
const worlds = fc.dictionary(
  fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom('1', '2', '3')).map(([name, version]) => `${name}-${version}`),
  fc.oneof(
    fc.array(requirement, { maxLength: 2 }),
    fc.array(fc.array(requirement, { maxLength: 2 }), { minLength: 1, maxLength: 3 }),
  ),
)
const requests = fc.array(requirement, { minLength: 1, maxLength: 3 }).map((list) => list.join(' '))

describe('any world', () => {
  it('an answer meets all that is asked, in it each package stands after those it requires', () => {
    fc.assert(
      fc.property(worlds, requests, (world, line) => {
        const solution = solve(world, line)
        if (solution.kind !== 'solved') return
        const { source } = sourceOf(world)
        const versions = new Map(solution.packages.map(({ name, version }) => [name, version]))
        const asked: Requirement[] = [...requirements(line)]
        const before = new Set<string>()
        for (const { name, version, index } of solution.packages) {
          const known = source.versions(name)
          const own = known === null || known === UNREAD ? undefined : known.find((one) => one.text === version.text)
          const loaded = own === undefined ? UNREAD : source.load(name, own)
          if (loaded === UNREAD || 'faults' in loaded) throw new Error(`${name} is not in the world`)
          const requires = loaded.variants.find((variant) => variant.index === index)?.requires ?? []
          for (const one of requires) if (!one.conflict) expect(before.has(one.name)).toBe(true)
          // As in Rez nobody looks at what a package forbids of itself.
          asked.push(...requires.filter((one) => one.name !== name))
          before.add(name)
        }
        expect(mergeRequirements(asked).clash).toBeNull()
        for (const one of asked) {
          const version = versions.get(one.name)
          if (version === undefined) expect(one.conflict).toBe(true)
          else expect(one.conflictsWithVersion(one.name, version)).toBe(false)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('the answer does not depend on the order in which the source names versions', () => {
    fc.assert(
      fc.property(worlds, requests, (world, line) => {
        const reversed = Object.fromEntries(Object.entries(world).reverse())
        expect(answer(reversed, line)).toBe(answer(world, line))
      }),
      { numRuns: 200 },
    )
  })
})
