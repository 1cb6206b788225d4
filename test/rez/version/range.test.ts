/** Version ranges: grammar, canonical text, algebra. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ANY, exactRange, hasImpossibleGap, parseRange, rangeOf } from '../../../src/rez/version/range.ts'
import { EMPTY, parseVersion } from '../../../src/rez/version/version.ts'
import { isParseError } from '../../../src/rez/version/parse-error.ts'
import { rangeTexts, versionTexts } from './arbitrary.ts'
import type { Parsed } from '../../../src/rez/version/parse-error.ts'
import type { Version } from '../../../src/rez/version/version.ts'
import type { VersionRange } from '../../../src/rez/version/range.ts'

function sure<T extends object>(parsed: Parsed<T>): T {
  if (isParseError(parsed)) throw new Error(parsed.error)
  return parsed
}
const range = (text: string): VersionRange => sure(parseRange(text))
const version = (text: string): Version => sure(parseVersion(text))

describe('canonical text', () => {
  it.each([
    ['', ''],
    ['2024', '2024'],
    ['5.2+', '5.2+'],
    ['>=5.2', '5.2+'],
    ['>5.2', '>5.2'],
    ['<6', '<6'],
    ['<=6', '<=6'],
    ['==6.0', '==6.0'],
    ['==', '=='],
    ['6.0..6.0', '==6.0'],
    ['..6', '<=6'],
    ['..', '=='],
    ['5+<7', '5+<7'],
    ['5<7', '5+<7'],
    ['>=5,<7', '5+<7'],
    ['>5<7', '>5<7'],
    ['>5,<=7', '>5<=7'],
    ['5+<=7', '5..7'],
    ['<7,>=5', '5+<7'],
    ['<=7,>5', '>5<=7'],
    ['7,>5', '>5<=7'],
    ['<7,<5', '5+<7'],
    ['5+<5_', '5'],
    ['+', ''],
    ['>', '>'],
    ['>=', ''],
    ['<=', '=='],
    ['><3', '><3'],
    ['8|2', '2|8'],
    ['2+<5|4+<9', '2+<9'],
    ['2+|3', '2+'],
    ['==4|==4', '==4'],
    ['2||3', ''],
    ['|3<2', ''],
    ['1-0', '1-0'],
    ['3\n', '3'],
  ])('%j is %j', (text, canonical) => {
    expect(range(text).text).toBe(canonical)
  })

  it.each([
    '<',
    '1.',
    '1..2..3',
    '1+2',
    '1,2',
    ' 1',
    '==1,2',
    '>1+',
    '1 | 2',
    '<1,<=0',
    '<3>1',
    '1.2+,',
    '!1',
    '7+<5',
    '>7<7',
    '7+<7',
    '<>7',
    '7..5',
    '2|4,|',
  ])('%j is no range', (text) => {
    const parsed = parseRange(text)
    expect(isParseError(parsed) && parsed.error).toContain(`range "${text}"`)
  })

  it('any text gives a range or an error, and a canonical text is a fixed point', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({ unit: fc.constantFrom('1', '2', '.', '-', '+', '<', '>', '=', ',', '|', 'a') }),
        ),
        (text) => {
          const parsed = parseRange(text)
          if (!isParseError(parsed)) expect(range(parsed.text).text).toBe(parsed.text)
        },
      ),
    )
  })
})

describe('containment', () => {
  it.each([
    ['5', '5', true],
    ['5', '5.0.1', true],
    ['5', '5.z', true],
    ['5', '5a', false],
    ['5', '50', false],
    ['5.1..5.3', '5.3', true],
    ['5.1..5.3', '5.3.0', false],
    ['<=2', '2', true],
    ['<=2', '2.0', false],
    ['1+<2', '2.beta', false],
    ['>1', '1', false],
    ['>1', '1.0', true],
    ['==', '', true],
    ['==', '0', false],
    ['1|3|5|7|9|11', '7.2', true],
    ['1|3|5|7|9|11', '8', false],
  ])('%j holds %j: %j', (text, one, expected) => {
    expect(range(text).contains(version(one))).toBe(expected)
  })
})

describe('algebra', () => {
  it('combines ranges', () => {
    const a = range('2+<5|8')
    const b = range('4+<6|8.1+')
    expect(a.union(b).text).toBe('2+<6|8+')
    expect(a.intersection(b)?.text).toBe('4+<5|8.1+<8_')
    expect(a.difference(b)?.text).toBe('2+<4|8+<8.1')
    expect(a.inverse()?.text).toBe('<2|5+<8|8_+')
    expect(ANY.inverse()).toBeNull()
    expect(range('1').intersection(range('2'))).toBeNull()
    expect(range('1').difference(ANY)).toBeNull()
    expect(range('2|6..7').span().text).toBe('2..7')
  })

  it('makes ranges from versions', () => {
    expect(rangeOf(version('3.1')).text).toBe('3.1')
    expect(rangeOf(EMPTY).any).toBe(true)
    expect(exactRange([version('2'), version('1.0'), version('2')])?.text).toBe('==1.0|==2')
    expect(exactRange([])).toBeNull()
    expect(
      range('==2|3|==4')
        .exactVersions()
        .map((one) => one.text),
    ).toEqual(['2', '4'])
  })

  it('leaves touching bounds as Rez leaves them', () => {
    // Rez looks at the bound before, not at the highest end so far.
    const unmerged = range('1..4|2+<3|>4')
    expect(unmerged.text).toBe('1..4|>4')
    expect(hasImpossibleGap(unmerged)).toBe(true)
    expect(unmerged.inverse()?.text).toBe('<1')
  })

  const pairs = fc
    .tuple(rangeTexts, rangeTexts, versionTexts)
    .map(([a, b, one]) => [parseRange(a), parseRange(b), version(one)] as const)
    .filter(([a, b]) => !isParseError(a) && !isParseError(b) && !hasImpossibleGap(a) && !hasImpossibleGap(b))
    .map(([a, b, one]) => [sure(a), sure(b), one] as const)

  it('intersection, difference and inverse agree with containment', () => {
    fc.assert(
      fc.property(pairs, ([a, b, one]) => {
        const inA = a.contains(one)
        const inB = b.contains(one)
        expect(a.intersection(b)?.contains(one) ?? false).toBe(inA && inB)
        expect(a.difference(b)?.contains(one) ?? false).toBe(inA && !inB)
        expect(a.inverse()?.contains(one) ?? false).toBe(!inA)
        if (inA || inB) expect(a.union(b).contains(one)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('the inverse of the inverse is the range', () => {
    fc.assert(
      fc.property(pairs, ([a]) => {
        if (!a.any) expect(a.inverse()?.inverse()?.text).toBe(a.text)
      }),
    )
  })

  it('superset, intersects and equality agree with the operations', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        expect(a.intersects(b)).toBe(a.intersection(b) !== null)
        expect(b.intersects(a)).toBe(a.intersects(b))
        expect(a.isSuperset(a)).toBe(true)
        expect(a.union(b).isSuperset(a)).toBe(true)
        // Equal, though perhaps written with other separators: the text of an end is that of the left side.
        if (a.isSuperset(b)) expect(a.intersection(b)?.equals(b)).toBe(true)
        if (a.equals(b)) expect(a.compare(b)).toBe(0)
        expect(Math.sign(a.compare(b))).toBe(-Math.sign(b.compare(a)) + 0)
      }),
      { numRuns: 2000 },
    )
  })
})
