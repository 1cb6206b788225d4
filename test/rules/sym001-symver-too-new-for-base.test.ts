/** SYM001: a version that is newer than all the system has of its family. */
import { describe, expect, it } from 'vitest'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { findingsOf, inSystem, verdicts } from '../support/studio.ts'
import { executable, library } from '../support/symbols.ts'

const libc = (...versions: string[]): Readonly<Record<string, StudioFile>> => ({
  [inSystem('libc.so.6')]: library('libc.so.6', { versions, gives: versions.map((version) => `memcpy@${version}`) }),
})
const app = (...wants: string[]): StudioSpec['packages'] => ({
  'app-1': { files: { 'bin/app': executable({ wants: { 'libc.so.6': wants } }) } },
})

describe('symver-too-new-for-base', () => {
  it('names the version, what the base has, and the symbol that stands in the way', () => {
    const [finding, ...more] = findingsOf('SYM001', {
      packages: app('memcpy@GLIBC_2.14', 'open@GLIBC_2.2.5'),
      host: libc('GLIBC_2.2.5', 'GLIBC_2.14'),
      base: libc('GLIBC_2.2.5', 'GLIBC_2.12'),
    })
    expect(more).toEqual([])
    expect(finding).toMatchObject({
      package: 'app-1',
      subject: 'GLIBC_2.14',
      severity: 'error',
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
    expect(finding?.message).toContain('Only memcpy@GLIBC_2.14 in bin/app stands in the way of the base.')
    expect(finding?.repairs.map(({ kind }) => kind)).toEqual(['advice'])
  })

  it('is one finding for a family, whatever the number of versions, symbols and objects', () => {
    const wants = ['a@GLIBC_2.33', 'b@GLIBC_2.34', 'c@GLIBC_2.34', 'd@GLIBC_2.36']
    const packages = {
      'app-1': {
        files: {
          'bin/one': executable({ wants: { 'libc.so.6': wants } }),
          'bin/two': executable({ wants: { 'libc.so.6': wants } }),
        },
      },
    }
    const findings = findingsOf('SYM001', {
      packages,
      host: libc('GLIBC_2.33', 'GLIBC_2.34', 'GLIBC_2.36'),
      base: libc('GLIBC_2.31'),
    })
    expect(findings.map(({ subject, objects }) => [subject, objects])).toEqual([['GLIBC_2.36', ['bin/one', 'bin/two']]])
    expect(findings[0]?.message).toContain('4 symbols demand them')
  })

  it('holds in the host as well where both are too old', () => {
    const old = libc('GLIBC_2.12')
    expect(
      findingsOf('SYM001', { packages: app('f@GLIBC_2.14'), host: old, base: old }).map(({ world }) => world),
    ).toEqual(['both'])
  })

  it('is gone with a base that has the version, and compares numbers, not text', () => {
    const packages = app('f@GLIBC_2.9')
    expect(verdicts('SYM001', { packages, base: libc('GLIBC_2.2.5', 'GLIBC_2.9', 'GLIBC_2.10'), host: null })).toEqual(
      [],
    )
    // 2.10 is newer than 2.9: an older version that is not there is another matter.
    expect(verdicts('SYM001', { packages, base: libc('GLIBC_2.10'), host: null })).toEqual([])
    expect(verdicts('SYM002', { packages, base: libc('GLIBC_2.10'), host: null })).toEqual(['app-1 GLIBC_2.9 error'])
  })

  it('says nothing of weak demands, and of a library without versions', () => {
    const weak = { elf: { versionNeeds: [{ file: 'libc.so.6', versions: [{ name: 'GLIBC_2.99', weak: true }] }] } }
    const packages = { 'app-1': { files: { 'bin/app': executable({ needs: ['libc.so.6'], ...weak }) } } }
    expect(verdicts('SYM001', { packages, base: libc('GLIBC_2.12'), host: null })).toEqual([])
    expect(verdicts('SYM001', { packages: app('f@GLIBC_2.14'), base: libc(), host: null })).toEqual([])
  })

  it('offers the newer library of the host as a graft, but never the C library', () => {
    const cxx = (...versions: string[]): Readonly<Record<string, StudioFile>> => ({
      [inSystem('libstdc++.so.6')]: library('libstdc++.so.6', { versions }),
    })
    const packages = {
      'app-1': { files: { 'bin/app': executable({ wants: { 'libstdc++.so.6': ['s@GLIBCXX_3.4.30'] } }) } },
    }
    const [finding] = findingsOf('SYM001', { packages, host: cxx('GLIBCXX_3.4.30'), base: cxx('GLIBCXX_3.4.19') })
    expect(finding?.repairs.map(({ kind, target }) => [kind, target])).toEqual([
      ['graft', 'libstdc++.so.6'],
      ['advice', 'GLIBCXX_3.4.30'],
    ])
  })

  it('is a suspicion where nothing is known to load the object', () => {
    const packages = {
      'app-1': { files: { 'lib/private/libx.so': library('libx.so', { wants: { 'libc.so.6': ['f@GLIBC_2.14'] } }) } },
    }
    expect(verdicts('SYM001', { packages, base: libc('GLIBC_2.12'), host: null })).toEqual(['app-1 GLIBC_2.14 warn'])
  })
})
