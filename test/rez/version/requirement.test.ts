/** Requirements: grammar, conflicts, merging, lists. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPackageName } from '../../../src/rez/version/name.ts'
import { isParseError } from '../../../src/rez/version/parse-error.ts'
import { mergeRequirements, requirementListText } from '../../../src/rez/version/requirement-list.ts'
import { parsePackageRequest, parseRequirement, parseVersionedName } from '../../../src/rez/version/requirement.ts'
import { parseVersion } from '../../../src/rez/version/version.ts'
import { requirementTexts, versionTexts } from './arbitrary.ts'
import type { Parsed } from '../../../src/rez/version/parse-error.ts'
import type { Requirement } from '../../../src/rez/version/requirement.ts'

function sure<T extends object>(parsed: Parsed<T>): T {
  if (isParseError(parsed)) throw new Error(parsed.error)
  return parsed
}
const requirement = (text: string): Requirement => sure(parseRequirement(text))

describe('parsing', () => {
  it.each([
    ['usd', 'usd', 'usd', ''],
    ['usd-24.8', 'usd-24.8', 'usd', '24.8'],
    ['usd@24', 'usd@24', 'usd', '24'],
    ['usd#24+', 'usd#24+', 'usd', '24+'],
    ['usd==24.8.1', 'usd==24.8.1', 'usd', '==24.8.1'],
    ['usd>=24,<25', 'usd-24+<25', 'usd', '24+<25'],
    ['usd-', 'usd', 'usd', ''],
    ['usd<24', 'usd<24', 'usd', '<24'],
    ['usd-core-1', 'usd-core-1', 'usd', 'core-1'],
    ['!usd', '!usd', 'usd', ''],
    ['!usd-24', '!usd-24', 'usd', '24'],
    ['~usd-24', '~usd-24', 'usd', '<24|24_+'],
    ['.feature-1', '.feature-1', '.feature', '1'],
  ])('%j is %j', (text, canonical, name, range) => {
    const parsed = requirement(text)
    expect([parsed.text, parsed.name, parsed.range?.text]).toEqual([canonical, name, range])
  })

  it('a weak requirement without a range demands nothing', () => {
    const parsed = requirement('~usd')
    expect([parsed.weak, parsed.conflict, parsed.range, parsed.text]).toEqual([true, true, null, '~usd'])
    expect(requirement('~usd-').range).toBeNull()
  })

  it.each(['usd-1..', 'usd-2+<1', 'usd-<', '!usd-1 2', '~usd-1..4|2+<3|>4'])('%j is no requirement', (text) => {
    const parsed = parseRequirement(text)
    expect(isParseError(parsed) && parsed.error).toContain(text)
  })

  it.each(['usd+', 'usd 24', ' usd', '.', '', '!.feature-1', '__pycache__', 'a..b-1', 'usd/../x'])(
    '%j is no request',
    (text) => {
      const parsed = parsePackageRequest(text)
      expect(isParseError(parsed) && parsed.error).toContain('is no')
    },
  )

  it('reads names with versions', () => {
    const { name, version } = sure(parseVersionedName('maya@2024.1'))
    expect([name, version.text]).toEqual(['maya', '2024.1'])
    expect(sure(parseVersionedName('maya')).version.text).toBe('')
    expect(isParseError(parseVersionedName('maya-1..2'))).toBe(true)
  })

  it('any text gives a requirement or an error; a canonical text is a fixed point', () => {
    fc.assert(
      fc.property(fc.oneof(requirementTexts, fc.string({ unit: 'binary' })), (text) => {
        const parsed = parsePackageRequest(text)
        if (!isParseError(parsed)) expect(requirement(parsed.text).text).toBe(parsed.text)
      }),
    )
  })
})

it('package names', () => {
  for (const name of ['usd', 'py_3', '3delight', '_x', 'studio.usd.core']) expect(isPackageName(name)).toBe(true)
  for (const name of ['', '.', 'a.', '.a', 'a..b', 'a-b', 'ü', 'a/b', '__pycache__']) {
    expect(isPackageName(name)).toBe(false)
  }
})

describe('meeting', () => {
  it.each([
    ['usd-24', 'usd-25', true, null],
    ['usd-24', 'usd-24.8', false, 'usd-24.8'],
    ['usd-24', 'nuke-24', false, null],
    ['usd-24+', '!usd-25+', false, 'usd-24+<25'],
    ['!usd-24', 'usd-24.8', true, null],
    ['!usd-24', 'usd', false, 'usd<24|24_+'],
    ['!usd-24', '!usd-26', false, '!usd-24|26'],
    ['~usd-24', 'usd-24.8', false, 'usd-24.8'],
    ['~usd-24', 'usd-25', true, null],
    ['~usd-24', '~usd-24.8', false, '~usd-24.8'],
    ['~usd-24', '~usd-25', false, '!usd'],
    ['~usd', 'usd-25', false, 'usd-25'],
    ['usd-25', '~usd', false, 'usd-25'],
    ['usd@24', 'usd#24.1', false, 'usd@24.1'],
  ])('%s and %s: conflict %j, merged %j', (a, b, conflict, merged) => {
    expect(requirement(a).conflictsWith(requirement(b))).toBe(conflict)
    expect(requirement(a).merged(requirement(b))?.text ?? null).toBe(merged)
  })

  it('equality counts the range and the kind, not the writing', () => {
    expect(requirement('usd>=24,<25').equals(requirement('usd@24+<25'))).toBe(true)
    expect(requirement('usd-24').equals(requirement('!usd-24'))).toBe(false)
    expect(requirement('~usd').equals(requirement('~usd'))).toBe(true)
  })

  it('a merged requirement allows what both allow', () => {
    fc.assert(
      fc.property(requirementTexts, requirementTexts, versionTexts, (first, second, text) => {
        const a = parseRequirement(first)
        const b = parseRequirement(second)
        if (isParseError(a) || isParseError(b) || a.name !== b.name) return
        const version = sure(parseVersion(text))
        const both = !a.conflictsWithVersion(a.name, version) && !b.conflictsWithVersion(a.name, version)
        const merged = a.merged(b)
        if (a.conflict && b.conflict) return
        expect(merged !== null && !merged.conflictsWithVersion(a.name, version)).toBe(both)
        if (merged === null) expect(a.conflictsWith(b)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('lists', () => {
  const merge = (...texts: string[]): string => requirementListText(mergeRequirements(texts.map(requirement)))

  it('merges in the order of first mention', () => {
    expect(merge('nuke-13+', 'usd', '!maya', 'nuke<15', '~usd-24')).toBe('nuke-13+<15 usd-24 !maya')
    expect(merge()).toBe('')
  })

  it('names the first clash', () => {
    const list = mergeRequirements(['usd-24', 'nuke', 'usd-25', 'nuke-1', '!nuke-1'].map(requirement))
    expect(requirementListText(list)).toBe('usd-24 <--!--> usd-25')
    expect(list.requirements).toEqual([])
  })
})
