/** DUP005: a library is given another package's functions in place of its own. */
import { describe, expect, it } from 'vitest'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { findingsOf, verdicts } from '../support/studio.ts'
import { executable, library } from '../support/symbols.ts'
import type { SymbolSpec } from '../support/elf/spec.ts'

/** A library that defines functions and calls them through relocations, as one without -Bsymbolic does. */
const calls = (soname: string, symbols: readonly Partial<SymbolSpec>[], flags = 0): StudioFile =>
  library(soname, {
    elf: { soname, flags, symbols: symbols.map((symbol) => ({ name: 'inflate', ...symbol, referred: true })) },
  })
const audit = (second: StudioFile, first: StudioFile = calls('liba.so', [{}])): StudioSpec => ({
  packages: {
    'app-1': { files: { 'bin/app': executable({ needs: ['liba.so', 'libb.so'] }) } },
    'a-1': { files: { 'lib/liba.so': first } },
    'b-1': { files: { 'lib/libb.so': second } },
  },
  base: null,
})

describe('interposition-risk', () => {
  it('names who is given what by whom', () => {
    const [finding, ...more] = findingsOf('DUP005', audit(calls('libb.so', [{}])))
    expect(more).toEqual([])
    expect(finding).toMatchObject({ package: 'b-1', subject: 'libb.so', severity: 'note', objects: ['lib/libb.so'] })
    expect(finding?.evidence['winners']).toEqual([
      expect.objectContaining({ package: 'a-1', symbols: ['inflate'], count: 1 }),
    ])
  })

  it('is gone with -Bsymbolic, with hidden visibility, and without references of its own', () => {
    expect(verdicts('DUP005', audit(calls('libb.so', [{}], 2)))).toEqual([])
    expect(verdicts('DUP005', audit(calls('libb.so', [{ visibility: 2 }])))).toEqual([])
    expect(verdicts('DUP005', audit(library('libb.so', { gives: ['inflate'] })))).toEqual([])
  })

  it('says nothing of weak symbols, which every C++ object may define, nor of malloc, which is meant to be replaced', () => {
    expect(verdicts('DUP005', audit(calls('libb.so', [{ binding: 2 }])))).toEqual([])
    expect(verdicts('DUP005', audit(calls('libb.so', [{}]), calls('liba.so', [{ binding: 2 }])))).toEqual([])
    const malloc = [{ name: 'malloc' }]
    expect(verdicts('DUP005', audit(calls('libb.so', malloc), calls('liba.so', malloc)))).toEqual([])
  })

  it('respects versions: a function of another version is another function', () => {
    const versioned = (soname: string, version: string): StudioFile =>
      library(soname, {
        elf: { soname, versionDefinitions: [version], symbols: [{ name: 'inflate', version, referred: true }] },
      })
    expect(verdicts('DUP005', audit(versioned('libb.so', 'B_1'), versioned('liba.so', 'A_1')))).toEqual([])
    expect(verdicts('DUP005', audit(versioned('libb.so', 'Z_1'), versioned('liba.so', 'Z_1')))).toEqual([
      'b-1 libb.so note',
    ])
  })
})
