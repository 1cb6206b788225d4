/** Symbols asked for by name, and what a file refers to: against the full list of real libraries and of built ones. */
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { encodeBytes } from '../../src/domain/bytes.ts'
import type { SymbolFile } from '../../src/domain/symbols.ts'
import { REFERENCE_DATA, REFERENCE_PLT, REFERENCE_WEAK } from '../../src/domain/symbols.ts'
import { BlockBudget, closeHeldFiles } from '../../src/elf/blocks.ts'
import { symbolQuery } from '../../src/elf/hash.ts'
import { openSymbols } from '../../src/elf/symbol-file.ts'
import { readSymbols } from '../../src/elf/symbols.ts'
import { buildElf } from '../support/elf/build.ts'
import type { ElfSpec } from '../support/elf/spec.ts'
import { FORMATS, sourceOf } from '../support/elf/source.ts'

function open(bytes: Uint8Array, budget = new BlockBudget()): SymbolFile {
  return openSymbols(0, 'file', () => ({ ...sourceOf(bytes), close: () => undefined }), budget)
}

/** The entries of a name: version and whether it is the default. */
function entriesOf(file: SymbolFile, name: string): readonly string[] {
  const found: string[] = []
  const query = symbolQuery(name)
  file.visit(query.hash, query.bytes, ({ versym }) => {
    found.push(`${file.versionName(versym & 0x7fff)}${versym < 0 || (versym & 0x8000) === 0 ? '' : ' hidden'}`)
    return false
  })
  return found
}

function referenceNames(file: SymbolFile): readonly string[] {
  const { references } = file
  return Array.from({ length: references.count }, (_, i) => {
    const version = file.versionName(references.versions[i] ?? 0)
    return version === '' ? references.text(i) : `${references.text(i)}@${version}`
  }).sort()
}

const LIBRARIES = ['libc.so.6', 'libstdc++.so.6', 'libm.so.6', 'libz.so.1']
  .map((name) => `/usr/lib/x86_64-linux-gnu/${name}`)
  .filter((path) => existsSync(path))
if (LIBRARIES.length === 0) console.warn('SKIPPED: real libraries, for this machine keeps its libraries elsewhere')

describe.each(LIBRARIES)('%s', (path) => {
  const bytes = new Uint8Array(readFileSync(realpathSync(path)))
  const { symbols } = readSymbols(sourceOf(bytes), path)

  test('each definition is found under its name, with its version', () => {
    // A budget that is always spent: what was dropped is read again.
    const file = open(bytes, new BlockBudget(1))
    for (const { name, version, hidden } of symbols.filter((symbol) => symbol.defined && symbol.binding !== 0)) {
      expect(entriesOf(file, name)).toContain(`${version ?? ''}${hidden ? ' hidden' : ''}`)
    }
    expect(entriesOf(file, 'no such symbol')).toEqual([])
    expect(file.readable).toBe(true)
  })

  test('its references are undefined symbols, with the versions demanded', () => {
    const listed = symbols
      .filter((symbol) => !symbol.defined)
      .map(({ name, version }) => (version === null ? name : `${name}@${version}`))
    const referred = referenceNames(open(bytes))
    expect(listed).toEqual(expect.arrayContaining([...referred]))
    // Linkers leave few symbols in the table that no relocation refers to.
    expect(referred.length).toBeGreaterThanOrEqual(listed.length * 0.8)
  })
})

describe.each(FORMATS)('%s', (_, format) => {
  const spec: ElfSpec = {
    ...format,
    versionNeeds: [{ file: 'libx.so', versions: ['X_1', 'X_2'] }],
    versionDefinitions: ['V_1', 'V_2'],
    symbols: [
      { name: 'asked', defined: false, version: 'X_2' },
      { name: 'maybe', defined: false, binding: 2 },
      { name: 'mine', version: 'V_1', hidden: true },
      { name: 'mine', version: 'V_2' },
    ],
  }

  test.each([['gnu'], ['sysv']] as const)('%s hash', (hash) => {
    const file = open(buildElf({ ...spec, hash: [hash] }))
    expect([...entriesOf(file, 'mine')].sort()).toEqual(['V_1 hidden', 'V_2'])
    expect(entriesOf(file, 'other')).toEqual([])
  })

  test('versions by index: of needs with their file, of definitions without', () => {
    const file = open(buildElf(spec))
    const indexOf = (name: string): number => {
      for (let i = 0; i < file.versionCount; i += 1) if (file.versionName(i) === name) return i
      return -1
    }
    expect(file.versionFile(indexOf('X_1'))).toBe('libx.so')
    expect(file.versionFile(indexOf('V_1'))).toBeNull()
    expect(indexOf('X_2')).toBeGreaterThan(1)
  })
})

test('a file that holds only the stretch of its tables, as in a capture, answers as the whole one', () => {
  const filler = new Uint8Array(70_000)
  const bytes = buildElf({ data: filler, symbols: [{ name: 'mine' }, { name: 'asked', defined: false }] })
  const first = bytes.length - 4000
  const partly = openSymbols(
    0,
    'partly',
    () => {
      const whole = sourceOf(bytes)
      const read = (offset: number, length: number): Uint8Array => {
        const held = offset >= first || offset + length <= 4096
        return held ? whole.read(offset, length) : new Uint8Array(0)
      }
      return { size: bytes.length, read, close: () => undefined }
    },
    new BlockBudget(),
  )
  expect(entriesOf(partly, 'mine')).toEqual([''])
  expect(entriesOf(partly, 'other')).toEqual([])
  expect(partly.readable).toBe(true)
})

test('references: kinds, versions, hashes', () => {
  const file = open(
    buildElf({
      versionNeeds: [{ file: 'libx.so', versions: ['X_1'] }],
      symbols: [
        { name: 'strong', defined: false, version: 'X_1' },
        { name: 'weak', defined: false, binding: 2 },
        { name: 'hidden', defined: false, visibility: 2 },
        { name: 'own' },
      ],
    }),
  )
  const { references } = file
  expect(referenceNames(file)).toEqual(['strong@X_1', 'weak'])
  const strong = references.text(0) === 'strong' ? 0 : 1
  expect(references.kinds[strong]).toBe(REFERENCE_DATA)
  expect(references.kinds[1 - strong]).toBe(REFERENCE_DATA | REFERENCE_WEAK)
  expect(references.hashes[strong]).toBe(symbolQuery('strong').hash)
  expect(Buffer.from(references.name(strong))).toEqual(Buffer.from(encodeBytes('strong')))
  expect(REFERENCE_PLT & REFERENCE_DATA).toBe(0)
})

test('a file that cannot be opened, or is none, asks for nothing', () => {
  const gone = openSymbols(0, 'gone', () => null, new BlockBudget())
  expect([gone.readable, gone.references.count, entriesOf(gone, 'f')]).toEqual([false, 0, []])
  expect(open(new TextEncoder().encode('no object at all')).readable).toBe(false)
  expect(open(buildElf({})).references.count).toBe(0)
})

test('a file is opened once for all its reads, and few files are open at a time', () => {
  const bytes = buildElf({ symbols: [{ name: 'f' }] })
  let opened = 0
  let closed = 0
  const reopen = (): ReturnType<typeof sourceOf> & { close(): void } => {
    opened += 1
    return { ...sourceOf(bytes), close: () => (closed += 1) }
  }
  closeHeldFiles()
  const files = Array.from({ length: 50 }, (_, id) => openSymbols(id, 'file', reopen, new BlockBudget()))
  expect(opened).toBe(50)
  expect(opened - closed).toBe(32)
  const [first] = files.slice(-1)
  expect(first?.references.count).toBe(0)
  expect(first === undefined ? [] : entriesOf(first, 'f')).toEqual([''])
  expect(opened).toBe(50)
  closeHeldFiles()
  expect(closed).toBe(50)
  expect(files.map((file) => entriesOf(file, 'f'))).toEqual(files.map(() => ['']))
  closeHeldFiles()
  expect(closed).toBe(opened)
})

test('the filter says of no name that the file has that it has it not', () => {
  const names = Array.from({ length: 300 }, (_, i) => `name_${i}`)
  for (const [, format] of FORMATS) {
    const file = open(buildElf({ ...format, symbols: names.map((name) => ({ name })) }))
    expect(names.filter((name) => !file.mayHold(symbolQuery(name).hash))).toEqual([])
  }
})
