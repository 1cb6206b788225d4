/** Versions: what is one, and the order of Rez. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compareVersions,
  EMPTY,
  INFINITE,
  nextVersion,
  parseVersion,
  trimVersion,
} from '../../../src/rez/version/version.ts'
import { isParseError } from '../../../src/rez/version/parse-error.ts'
import { versionTexts } from './arbitrary.ts'
import type { Version } from '../../../src/rez/version/version.ts'

const version = (text: string): Version => {
  const parsed = parseVersion(text)
  if (isParseError(parsed)) throw new Error(parsed.error)
  return parsed
}

describe('parsing', () => {
  it.each([
    ['2024.1.3', ['2024', '1', '3'], ['.', '.']],
    ['5-rc2', ['5', 'rc2'], ['-']],
    ['_', ['_'], []],
    ['1:2', ['1', '2'], [':']],
    ['1é2', ['1', '2'], ['é']],
    ['', [], []],
  ])('%j has the tokens %j', (text, tokens, separators) => {
    const parsed = version(text)
    expect(parsed.text).toBe(text)
    expect(parsed.tokens.map((token) => token.text)).toEqual(tokens)
    expect(parsed.separators).toEqual(separators)
  })

  it.each(['.', '1.', '.1', '1..2', '1--2', '1.-2', ' 1', '1\n', 'é', '1++'])('%j is no version', (text) => {
    const parsed = parseVersion(text)
    expect(isParseError(parsed) && parsed.error).toContain('is no version')
  })

  it('answers any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parsed = parseVersion(text)
        if (!isParseError(parsed)) expect(parsed.text).toBe(text)
      }),
    )
  })
})

describe('order', () => {
  it('sorts runs of letters before runs of digits, numbers by value, and a beginning before the whole', () => {
    const ascending = [
      '',
      '_',
      'a',
      'a1',
      'b',
      '0',
      '0.9',
      '00',
      '02',
      '2',
      '2.B',
      '2._',
      '2.b',
      '2.post7',
      '2.post12',
      '2.0',
      '2.0.5',
      '2.007',
      '2.7',
      '2_',
      '2a',
      '2a0',
      '019',
      '19',
      '19.1',
    ]
    const shuffled = [...ascending].reverse().map(version)
    expect(shuffled.sort(compareVersions).map((one) => one.text)).toEqual(ascending)
    for (const text of ascending) expect(compareVersions(version(text), INFINITE)).toBeLessThan(0)
  })

  it('does not count separators', () => {
    expect(compareVersions(version('4-1.2'), version('4.1-2'))).toBe(0)
    expect(compareVersions(version('4.1'), version('41'))).not.toBe(0)
  })

  it('compares numbers that a double cannot hold', () => {
    const long = ['9007199254740992', '9007199254740993', '90071992547409930', '0'.repeat(400) + '1'.repeat(300)]
    const numbers = long.map(version)
    for (let i = 1; i < numbers.length; i += 1) {
      expect(compareVersions(numbers[i - 1] ?? EMPTY, numbers[i] ?? EMPTY)).toBeLessThan(0)
    }
    expect(compareVersions(version('09007199254740993'), version('9007199254740993'))).toBeLessThan(0)
    expect(compareVersions(version('7'), version('9007199254740993'))).toBeLessThan(0)
  })

  it('is total', () => {
    fc.assert(
      fc.property(versionTexts, versionTexts, versionTexts, (a, b, c) => {
        const [left, middle, right] = [version(a), version(b), version(c)]
        expect(Math.sign(compareVersions(left, middle))).toBe(-Math.sign(compareVersions(middle, left)) + 0)
        if (compareVersions(left, middle) <= 0 && compareVersions(middle, right) <= 0) {
          expect(compareVersions(left, right)).toBeLessThanOrEqual(0)
        }
      }),
    )
  })
})

describe('next and trim', () => {
  it('next is above every longer version', () => {
    expect(nextVersion(version('2.1')).text).toBe('2.1_')
    expect(nextVersion(version('2-rc')).text).toBe('2-rc_')
    expect(nextVersion(EMPTY)).toBe(INFINITE)
    for (const text of ['2.1', '2.1.0', '2.1.99.z', '2.1.zz']) {
      expect(compareVersions(version(text), nextVersion(version('2.1')))).toBeLessThan(0)
    }
    expect(compareVersions(version('2.1a'), nextVersion(version('2.1')))).toBeGreaterThan(0)
  })

  it('trim keeps the first tokens and what joins them', () => {
    expect(trimVersion(version('1-2.3'), 2).text).toBe('1-2')
    expect(trimVersion(version('1-2.3'), 9).text).toBe('1-2.3')
    expect(trimVersion(version('1-2.3'), 0).text).toBe('')
  })
})
