/** DUP005: a library is given another package's functions in place of its own. */
import { expect, it } from 'vitest'
import type { SymbolSpec } from '../support/elf/spec.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { findingsOf } from '../support/studio.ts'
import { executable, library } from '../support/symbols.ts'

const SYMBOLIC = 2
const WEAK = 2
const HIDDEN = 2

/** A library that defines functions and calls them through relocations, as one without -Bsymbolic does. */
const calls = (soname: string, symbols: readonly Partial<SymbolSpec>[] = [{}], flags = 0): StudioFile =>
  library(soname, {
    elf: { soname, flags, symbols: symbols.map((symbol) => ({ name: 'inflate', ...symbol, referred: true })) },
  })
const versioned = (soname: string, version: string): StudioFile =>
  library(soname, {
    elf: { soname, versionDefinitions: [version], symbols: [{ name: 'inflate', version, referred: true }] },
  })
const studio = (second: StudioFile, first: StudioFile = calls('liba.so')): StudioSpec => ({
  packages: {
    'app-1': { requires: ['a', 'b'], files: { 'bin/app': executable({ needs: ['liba.so', 'libb.so'] }) } },
    'a-1': { files: { 'lib/liba.so': first } },
    'b-1': { files: { 'lib/libb.so': second } },
  },
  base: null,
})

/** Two libraries that define and call the same. */
const both = (...names: string[]): readonly [StudioFile, StudioFile] => [
  calls(
    'libb.so',
    names.map((name) => ({ name })),
  ),
  calls(
    'liba.so',
    names.map((name) => ({ name })),
  ),
]

ruleWorlds('DUP005', {
  found: [
    {
      name: 'who is given what by whom',
      studio: studio(calls('libb.so')),
      finds: ['b-1 libb.so note'],
      says: ['inflate', 'a-1'],
      afterRepair: [studio(calls('libb.so', [{}], SYMBOLIC)), studio(calls('libb.so', [{ visibility: HIDDEN }]))],
    },
    {
      name: 'functions of one version',
      studio: studio(versioned('libb.so', 'Z_1'), versioned('liba.so', 'Z_1')),
      finds: ['b-1 libb.so note'],
      afterRepair: studio(versioned('libb.so', 'B_1'), versioned('liba.so', 'Z_1')),
    },
  ],
  clean: [
    { name: 'without references of its own', studio: studio(library('libb.so', { gives: ['inflate'] })) },
    {
      name: 'about weak symbols, which every C++ object may define',
      studio: studio(calls('libb.so', [{ binding: WEAK }])),
    },
    {
      name: 'about a weak winner',
      studio: studio(calls('libb.so'), calls('liba.so', [{ binding: WEAK }])),
    },
    {
      name: 'about what every C++ object may define, where LTO has made it strong',
      studio: studio(...both('_ZZ4makevE5count', '_ZTS5Noise', '_ZN8SequenceI4ListIiEE5valueE', '_Z3maxIiET_S0_S0_')),
    },
    {
      name: 'about malloc, which is meant to be replaced',
      studio: studio(calls('libb.so', [{ name: 'malloc' }]), calls('liba.so', [{ name: 'malloc' }])),
    },
    {
      name: 'about another version, which is another function',
      studio: studio(versioned('libb.so', 'B_1'), versioned('liba.so', 'A_1')),
    },
  ],
})

it('lists the winners and their symbols', () => {
  const [finding] = findingsOf('DUP005', studio(calls('libb.so')))
  expect(finding?.objects).toEqual(['lib/libb.so'])
  expect(finding?.evidence['winners']).toEqual([
    expect.objectContaining({ package: 'a-1', symbols: ['inflate'], count: 1 }),
  ])
})

it.each([
  ['_ZN3zip7inflateESt6vectorIhSaIhEE', true],
  ['_Z7inflateNSt7__cxx1112basic_stringIcEE', true],
  ['_ZTVN3zip6StreamE', true],
  ['_ZNK3zip6Stream3posB5cxx11Ev', true],
  ['_ZTV6StreamIhE', false],
  ['_ZSt4moveIRiEONSt16remove_referenceIT_E4typeEOS2_', false],
  ['_ZN3zip6filterINS_6StreamEEEvT_', false],
])('%s is judged: %s', (name, judged) => {
  expect(findingsOf('DUP005', studio(...both(name)))).toHaveLength(judged ? 1 : 0)
})
