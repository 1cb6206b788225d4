/** Filters and orderers as Rez's configuration writes them. */
import { describe, expect, it } from 'vitest'
import { answer, sure } from './world.ts'
import { isParseError } from '../../../src/rez/version/parse-error.ts'
import { readFilters, readOrderers, readSolveOptions } from '../../../src/rez/solver/configuration.ts'

const VERSIONS = { 'foo-1@100': [], 'foo-1.5.beta@150': [], 'foo-2@200': [], 'foo-3@300': [], 'foo-4': [] }

describe('package_filter', () => {
  const filtered = (filter: unknown, timestamp: number | null = null): string =>
    answer(VERSIONS, 'foo', { filters: sure(readFilters(filter)), timestamp })

  it.each([
    [{ excludes: 'glob(foo-4)' }, 'foo-3'],
    [{ excludes: 'foo-*' }, 'dead: no-version'],
    [{ excludes: 'glob(foo-[!12]*)' }, 'foo-2'],
    [{ excludes: ['foo-2+'] }, 'foo-1.5.beta'],
    [{ excludes: ['foo-2+', 'regex(.*\\.beta$)'] }, 'foo-1'],
    [{ excludes: ['foo-1+'], includes: ['foo-2'] }, 'foo-2'],
    // A package that was never released is neither before nor after.
    [{ excludes: 'after(150)' }, 'foo-4'],
    [{ excludes: ['after(150)', 'foo-4'] }, 'foo-1.5.beta'],
    [{ excludes: ['after(150)', 'foo-4'], includes: ['after(foo:250)'] }, 'foo-3'],
    [{ excludes: 'before(bar:999)' }, 'foo-4'],
    // The start of the pattern up to its last separator is the family: "foo-2" is none.
    [{ excludes: 'glob(foo-2-*)' }, 'foo-4'],
    [[{ excludes: 'foo-4' }, { excludes: 'foo-3' }], 'foo-2'],
  ])('%j', (filter, expected) => {
    expect(filtered(filter)).toBe(expected)
  })

  it('a point in time hides what came later', () => {
    expect(filtered(null, 250)).toBe('foo-4')
    expect(filtered({ excludes: 'foo-4' }, 250)).toBe('foo-2')
    expect(filtered({ excludes: 'foo-4' }, 200)).toBe('foo-2')
  })

  it.each([['what(foo)'], ['before(soon)'], ['regex([)'], ['foo-1..'], [7]])('%j is refused', (rule) => {
    expect(isParseError(readFilters({ excludes: rule }))).toBe(true)
  })
})

describe('package_orderers', () => {
  const ordered = (orderers: unknown, line = 'foo'): string =>
    answer(VERSIONS, line, { orderers: sure(readOrderers(orderers)) })

  it.each([
    [[{ type: 'sorted', descending: false }], 'foo-1'],
    [[{ type: 'sorted', descending: false, packages: 'bar' }], 'foo-4'],
    [[{ type: 'version_split', first_version: '2' }], 'foo-2'],
    [
      [
        { type: 'version_split', first_version: '2', packages: ['foo'] },
        { type: 'sorted', descending: false },
      ],
      'foo-2',
    ],
    [[{ type: 'per_family', orderers: [{ type: 'sorted', descending: false, packages: ['foo'] }] }], 'foo-1'],
    [[{ type: 'soft_timestamp', timestamp: 180 }], 'foo-1.5.beta'],
    [[{ type: 'soft_timestamp', timestamp: 999 }], 'foo-4'],
  ])('%j', (orderers, expected) => {
    expect(ordered(orderers)).toBe(expected)
  })

  it('what is not first choice is still taken where it must be', () => {
    expect(ordered([{ type: 'version_split', first_version: '2' }], 'foo-3+')).toBe('foo-4')
  })

  it('time with a rank lets later patches through', () => {
    const world = Object.fromEntries(
      ['1.9.0@1', '2.0.0@1', '2.0.5@9', '2.0.6@9', '2.1.0@9', '2.1.1@9'].map((id) => [`foo-${id}`, []]),
    )
    const orderers = sure(readOrderers([{ type: 'soft_timestamp', timestamp: 5, rank: 3 }]))
    expect(answer(world, 'foo', { orderers })).toBe('foo-2.0.6')
    expect(answer(world, 'foo-2.1', { orderers })).toBe('foo-2.1.1')
  })

  it.each([
    [[], 1],
    // `late` was released after the time, `early` before: each counts by the releases of its own family.
    [[{ type: 'soft_timestamp', timestamp: 5 }], 0],
    [[{ type: 'version_split', first_version: '1.5', packages: ['early', 'late'] }], 0],
    [[{ type: 'version_split', first_version: '1.5', packages: ['early'] }], 1],
    [[{ type: 'sorted', descending: false }], 0],
    [[{ type: 'sorted', descending: false, packages: ['late'] }], 1],
    [[{ type: 'no_order' }], 1],
  ])('%j between variants that require different packages', (orderers, index) => {
    const world = { 'foo-1': [['early-1'], ['late-2']], 'early-1@1': [], 'late-2@9': [] }
    const answered = answer(world, 'foo', { orderers: sure(readOrderers(orderers)) })
    expect(answered.endsWith(`foo-1[${index}]`)).toBe(true)
  })

  it.each([[{}], [[{ type: 'random' }]], [[{ type: 'version_split' }]], [[{ type: 'sorted' }]]])(
    '%j is refused',
    (orderers) => {
      expect(isParseError(readOrderers(orderers))).toBe(true)
    },
  )
})

it('a rezconfig gives the options of a solve', () => {
  const options = sure(
    readSolveOptions({
      package_filter: { excludes: 'foo-4' },
      package_orderers: [{ type: 'version_split', first_version: '2' }],
      variant_select_mode: 'intersection_priority',
      error_on_missing_variant_requires: false,
      packages_path: ['/elsewhere'],
    }),
  )
  expect(options).toMatchObject({ variantSelectMode: 'intersection_priority', missingFamilyIsFatal: false })
  expect(answer(VERSIONS, 'foo-3+', options)).toBe('foo-3')
  expect(isParseError(readSolveOptions({ variant_select_mode: 'best' }))).toBe(true)
})
