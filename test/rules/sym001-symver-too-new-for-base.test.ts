/** SYM001: a version that is newer than all the system has of its family. */
import { describe, expect, it } from 'vitest'
import { grafts } from '../support/repairs.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { findingsOf, inSystem, verdicts } from '../support/studio.ts'
import { executable, library } from '../support/symbols.ts'

type Files = Readonly<Record<string, StudioFile>>
const libc = (...versions: string[]): Files => ({
  [inSystem('libc.so.6')]: library('libc.so.6', { versions, gives: versions.map((version) => `memcpy@${version}`) }),
})
const cxx = (...versions: string[]): Files => ({
  [inSystem('libstdc++.so.6')]: library('libstdc++.so.6', { versions }),
})
const app = (...wants: string[]): StudioSpec['packages'] => ({
  'app-1': { files: { 'bin/app': executable({ wants: { 'libc.so.6': wants } }) } },
})
const studio = (packages: StudioSpec['packages'], base: Files, host: Files | null = null): StudioSpec => ({
  packages,
  base,
  host,
})

const memcpy = app('memcpy@GLIBC_2.14', 'open@GLIBC_2.2.5')
const newer = libc('GLIBC_2.2.5', 'GLIBC_2.14')
const blocked = studio(memcpy, libc('GLIBC_2.2.5', 'GLIBC_2.12'), newer)
const wants = ['a@GLIBC_2.33', 'b@GLIBC_2.34', 'c@GLIBC_2.34', 'd@GLIBC_2.36']
const one = executable({ wants: { 'libc.so.6': wants } })
const many = (base: Files): StudioSpec =>
  studio(
    { 'app-1': { files: { 'bin/one': one, 'bin/two': one } } },
    base,
    libc('GLIBC_2.33', 'GLIBC_2.34', 'GLIBC_2.36'),
  )
const throwing: StudioSpec = studio(
  { 'app-1': { files: { 'bin/app': executable({ wants: { 'libstdc++.so.6': ['s@GLIBCXX_3.4.30'] } }) } } },
  cxx('GLIBCXX_3.4.19'),
  cxx('GLIBCXX_3.4.30'),
)
const stray: StudioSpec['packages'] = {
  'app-1': { files: { 'lib/private/libx.so': library('libx.so', { wants: { 'libc.so.6': ['f@GLIBC_2.14'] } }) } },
}
const weak = { elf: { versionNeeds: [{ file: 'libc.so.6', versions: [{ name: 'GLIBC_2.99', weak: true }] }] } }

ruleWorlds('SYM001', {
  found: [
    {
      name: 'the version, what the base has, and the symbol that stands in the way',
      studio: blocked,
      finds: ['app-1 GLIBC_2.14 error'],
      says: ['Only memcpy@GLIBC_2.14 in bin/app stands in the way of the base.'],
      afterRepair: [studio(memcpy, newer, newer), studio(app('memcpy@GLIBC_2.2.5'), blocked.base ?? {}, newer)],
    },
    {
      name: 'one cause for a family, whatever the number of versions, symbols and objects',
      studio: many(libc('GLIBC_2.31')),
      finds: ['app-1 GLIBC_2.36 error'],
      says: ['4 symbols demand them'],
      afterRepair: many(libc('GLIBC_2.31', 'GLIBC_2.33', 'GLIBC_2.34', 'GLIBC_2.36')),
    },
    {
      name: 'a run-time of the base that a graft of the host replaces',
      studio: throwing,
      finds: ['app-1 GLIBCXX_3.4.30 error'],
      afterRepair: [
        { ...throwing, repairs: grafts(['libstdc++.so.6']) },
        { ...throwing, base: cxx('GLIBCXX_3.4.30') },
      ],
    },
    {
      name: 'an object that nothing is known to load, as a suspicion',
      studio: studio(stray, libc('GLIBC_2.12')),
      finds: ['app-1 GLIBC_2.14 warn'],
      afterRepair: studio(stray, libc('GLIBC_2.12', 'GLIBC_2.14')),
    },
  ],
  clean: [
    {
      name: 'where the base has the version, which is a number and no text',
      studio: studio(app('f@GLIBC_2.9'), libc('GLIBC_2.2.5', 'GLIBC_2.9', 'GLIBC_2.10')),
    },
    {
      name: 'where a newer one is there: that is another rule',
      studio: studio(app('f@GLIBC_2.9'), libc('GLIBC_2.10')),
    },
    {
      name: 'about weak demands',
      studio: studio(
        { 'app-1': { files: { 'bin/app': executable({ needs: ['libc.so.6'], ...weak }) } } },
        libc('GLIBC_2.12'),
      ),
    },
    { name: 'about a library without versions', studio: studio(app('f@GLIBC_2.14'), libc()) },
  ],
})

describe('symver-too-new-for-base', () => {
  it('tells family, maximum, and who demands what', () => {
    const [finding] = findingsOf('SYM001', blocked)
    expect(finding).toMatchObject({
      confidence: 'exact',
      world: 'base',
      objects: ['bin/app'],
      evidence: {
        family: 'GLIBC',
        needs: 'GLIBC_2.14',
        has: 'GLIBC_2.12',
        versions: [{ version: 'GLIBC_2.14', soname: 'libc.so.6', objects: ['bin/app'], symbols: ['memcpy'], count: 1 }],
        demands: [{ family: 'GLIBC', soname: 'libc.so.6', needs: 'GLIBC_2.14', has: 'GLIBC_2.12' }],
      },
    })
    expect(findingsOf('SYM001', many(libc('GLIBC_2.31')))[0]?.objects).toEqual(['bin/one', 'bin/two'])
  })

  it('holds in the host as well where both are too old', () => {
    const old = libc('GLIBC_2.12')
    expect(findingsOf('SYM001', studio(app('f@GLIBC_2.14'), old, old)).map(({ world }) => world)).toEqual(['both'])
  })

  it('leaves an older version that is not there to SYM002', () => {
    const spec = studio(app('f@GLIBC_2.9'), libc('GLIBC_2.10'))
    expect(verdicts('SYM002', spec)).toEqual(['app-1 GLIBC_2.9 error'])
  })

  it('offers the newer library of the host as a graft, but never the C library', () => {
    const [cxxFinding] = findingsOf('SYM001', throwing)
    expect(cxxFinding?.repairs.map(({ kind, target }) => [kind, target])).toEqual([
      ['graft', 'libstdc++.so.6'],
      ['advice', 'GLIBCXX_3.4.30'],
    ])
    expect(findingsOf('SYM001', blocked)[0]?.repairs.map(({ kind }) => kind)).toEqual(['advice'])
  })
})
