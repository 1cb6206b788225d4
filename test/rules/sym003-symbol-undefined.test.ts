/** SYM003: a symbol that nothing in the process defines. */
import { describe, expect, it } from 'vitest'
import { isAlwaysOff } from '../../src/policy/severity.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioPackage, StudioSpec } from '../support/studio.ts'
import { findingsOf, verdicts } from '../support/studio.ts'
import { executable, library } from '../support/symbols.ts'

const audit = (packages: StudioSpec['packages'], more: Partial<StudioSpec> = {}): StudioSpec => ({
  packages,
  base: null,
  ...more,
})
const tbb: StudioPackage = {
  files: { 'lib/libtbb.so.12': library('libtbb.so.12', { gives: ['tbb_spawn', 'tbb_wait'] }) },
}
const asking = (soname: string, requires: readonly string[] = []): StudioSpec =>
  audit({
    'app-1': {
      requires,
      files: { 'bin/app': executable({ wants: { [soname]: ['tbb_spawn', 'tbb_wait'] } }) },
    },
    'tbb-2021': tbb,
  })
const program = (...names: string[]): ReturnType<typeof executable> => executable({ wants: { '': names } })
const several = audit({
  'app-1': {
    files: {
      'bin/a': program('f', 'g'),
      'bin/b': program('f', 'g'),
      'bin/c': program('g', 'h'),
      'bin/d': program('other'),
    },
  },
})
const calling: StudioPackage = { files: { 'lib/libx.so': library('libx.so', { wants: { '': ['callback'] } }) } }
const caller = (gives: readonly string[]): StudioPackage => ({
  requires: ['x'],
  files: { 'bin/app': executable({ gives, needs: ['libx.so'] }) },
})
const gone = audit({ 'app-1': { files: { 'bin/app': executable({ wants: { 'libgone.so': ['f'] } }) } } })
const unversioned = audit({
  'app-1': { files: { 'bin/app': executable({ wants: { 'libx.so': ['f@X_2'] } }) } },
  'x-1': { files: { 'lib/libx.so': library('libx.so', { versions: ['X_1'], gives: ['f@X_1'] }) } },
})

ruleWorlds('SYM003', {
  found: [
    {
      name: 'the symbols, and the library of the context that defines them and is not linked',
      studio: asking(''),
      finds: ['app-1 tbb_spawn error'],
      says: ['tbb_spawn', 'tbb-2021 lib/libtbb.so.12'],
      afterRepair: asking('libtbb.so.12', ['tbb']),
    },
    {
      name: 'one cause for objects that lack the same symbols',
      studio: several,
      finds: ['app-1 f error', 'app-1 other error'],
    },
    {
      name: 'a callback of a public library that nothing of the context loads, as a suspicion',
      studio: audit({ 'x-1': calling }),
      finds: ['x-1 callback warn'],
      afterRepair: audit({ 'app-1': caller(['callback']), 'x-1': calling }),
    },
    {
      name: 'a callback that the program does not define',
      studio: audit({ 'app-1': caller([]), 'x-1': calling }),
      finds: ['x-1 callback error'],
      afterRepair: audit({ 'app-1': caller(['callback']), 'x-1': calling }),
    },
  ],
  clean: [
    {
      name: 'about a library whose program defines the symbol',
      studio: audit({ 'app-1': caller(['callback', 'more']), 'x-1': calling }),
    },
    { name: 'where a library is missing: that is the cause', studio: gone },
    { name: 'about a version that is not defined: that is the cause', studio: unversioned },
  ],
})

describe('symbol-undefined', () => {
  it('tells whether the program fails at start, who defines the symbols, and the link that is missing', () => {
    const [finding] = findingsOf('SYM003', asking(''))
    expect(finding).toMatchObject({
      objects: ['bin/app'],
      evidence: {
        symbols: ['tbb_spawn', 'tbb_wait'],
        count: 2,
        immediate: true,
        defined_by: ['tbb-2021 lib/libtbb.so.12'],
      },
    })
    expect(finding?.repairs[0]?.text).toBe('Link app-1 with tbb-2021 lib/libtbb.so.12, and require tbb.')
    expect(findingsOf('SYM003', several).map(({ objects }) => objects)).toEqual([
      ['bin/a', 'bin/b', 'bin/c'],
      ['bin/d'],
    ])
    expect(findingsOf('SYM003', audit({ 'x-1': calling }))[0]?.confidence).toBe('inferred')
  })

  it('leaves causes to the rules that name them', () => {
    expect(verdicts('RES001', gone)).toEqual(['app-1 libgone.so error'])
    expect(verdicts('SYM002', unversioned)).toEqual(['app-1 X_2 error'])
  })

  it('is not computed where policy switches it off', () => {
    const packages = { 'app-1': { files: { 'bin/app': executable({ wants: { '': ['f'] } }) } } }
    const where = {
      packages: null,
      version: null,
      variant: null,
      subjects: null,
      files: null,
      contexts: null,
      world: null,
      fingerprint: null,
    }
    const off = { rule: 'SYM003', severity: 'off', where, origin: { file: 'airtight.yaml', line: 1 } } as const
    expect(isAlwaysOff({ rules: [off] }, 'SYM003')).toBe(true)
    expect(isAlwaysOff({ rules: [{ ...off, where: { ...where, packages: ['app'] } }] }, 'SYM003')).toBe(false)
    expect(isAlwaysOff({ rules: [] }, 'SYM003')).toBe(false)
    expect(verdicts('SYM003', audit(packages, { policy: { rules: [off] } }))).toEqual([])
  })
})
