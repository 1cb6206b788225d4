/** SYM003: a symbol that nothing in the process defines. */
import { describe, expect, it } from 'vitest'
import { isAlwaysOff } from '../../src/policy/severity.ts'
import type { StudioPackage, StudioSpec } from '../support/studio.ts'
import { findingsOf, verdicts } from '../support/studio.ts'
import { executable, library } from '../support/symbols.ts'

const audit = (packages: StudioSpec['packages'], more: Partial<StudioSpec> = {}): StudioSpec => ({
  packages,
  base: null,
  ...more,
})
const gives = (soname: string, ...names: string[]): StudioPackage => ({
  files: { [`lib/${soname}`]: library(soname, { gives: names }) },
})

describe('symbol-undefined', () => {
  it('names the symbols, the library of the context that defines them, and the link that is missing', () => {
    const packages = {
      'app-1': { files: { 'bin/app': executable({ wants: { '': ['tbb_spawn', 'tbb_wait'] } }) } },
      'tbb-2021': gives('libtbb.so.12', 'tbb_spawn', 'tbb_wait'),
    }
    const [finding, ...more] = findingsOf('SYM003', audit(packages))
    expect(more).toEqual([])
    expect(finding).toMatchObject({
      package: 'app-1',
      subject: 'tbb_spawn',
      severity: 'error',
      objects: ['bin/app'],
      evidence: {
        symbols: ['tbb_spawn', 'tbb_wait'],
        count: 2,
        immediate: true,
        defined_by: ['tbb-2021 lib/libtbb.so.12'],
      },
    })
    expect(finding?.repairs[0]?.text).toBe('Link app-1 with tbb-2021 lib/libtbb.so.12, and require tbb.')
  })

  it('is gone when the library is linked', () => {
    const packages = {
      'app-1': { files: { 'bin/app': executable({ wants: { 'libtbb.so.12': ['tbb_spawn'] } }) } },
      'tbb-2021': gives('libtbb.so.12', 'tbb_spawn'),
    }
    expect(verdicts('SYM003', audit(packages))).toEqual([])
  })

  it('is one finding for objects that lack the same symbols', () => {
    const bad = executable({ wants: { '': ['f', 'g'] } })
    const packages = {
      'app-1': {
        files: {
          'bin/a': bad,
          'bin/b': bad,
          'bin/c': executable({ wants: { '': ['g', 'h'] } }),
          'bin/d': executable({ wants: { '': ['other'] } }),
        },
      },
    }
    expect(findingsOf('SYM003', audit(packages)).map(({ subject, objects }) => [subject, objects])).toEqual([
      ['f', ['bin/a', 'bin/b', 'bin/c']],
      ['other', ['bin/d']],
    ])
  })

  it('says nothing of a library whose program defines the symbol', () => {
    const packages = {
      'app-1': { files: { 'bin/app': executable({ gives: ['callback'], needs: ['libx.so'] }) } },
      'x-1': { files: { 'lib/libx.so': library('libx.so', { wants: { '': ['callback'] } }) } },
    }
    expect(verdicts('SYM003', audit(packages))).toEqual([])
  })

  it('is a suspicion in a public library that nothing of the context loads', () => {
    const packages = { 'x-1': { files: { 'lib/libx.so': library('libx.so', { wants: { '': ['callback'] } }) } } }
    const [finding] = findingsOf('SYM003', audit(packages))
    expect(finding).toMatchObject({ severity: 'warn', confidence: 'inferred', subject: 'callback' })
  })

  it('says nothing where a library is missing: that is the cause', () => {
    const packages = { 'app-1': { files: { 'bin/app': executable({ wants: { 'libgone.so': ['f'] } }) } } }
    expect(verdicts('SYM003', audit(packages))).toEqual([])
    expect(verdicts('RES001', audit(packages))).toEqual(['app-1 libgone.so error'])
  })

  it('says nothing of a version that is not defined: that is the cause', () => {
    const packages = {
      'app-1': { files: { 'bin/app': executable({ wants: { 'libx.so': ['f@X_2'] } }) } },
      'x-1': { files: { 'lib/libx.so': library('libx.so', { versions: ['X_1'], gives: ['f@X_1'] }) } },
    }
    expect(verdicts('SYM003', audit(packages))).toEqual([])
    expect(verdicts('SYM002', audit(packages))).toEqual(['app-1 X_2 error'])
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
