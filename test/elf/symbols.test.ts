/** Dynamic symbols: listed through either hash table or none, and looked up by name. */
import { describe, expect, it } from 'vitest'
import type { DynamicSymbol } from '../../src/domain/object.ts'
import { readElf } from '../../src/elf/read.ts'
import { lookupSymbol } from '../../src/elf/lookup.ts'
import { readSymbols } from '../../src/elf/symbols.ts'
import { buildElf, buildWithPlaces } from '../support/elf/build.ts'
import { EVERYTHING } from '../support/elf/everything.ts'
import type { ElfSpec } from '../support/elf/spec.ts'
import { FORMATS, sourceOf } from '../support/elf/source.ts'

const DT_HASH = 4
const DT_SYMTAB = 6
const DT_GNU_HASH = 0x6ffffef5
const DT_VERSYM = 0x6ffffff0

const list = (spec: ElfSpec): ReturnType<typeof readSymbols> => readSymbols(sourceOf(buildElf(spec)), 'x')
const look = (spec: ElfSpec, name: string): ReturnType<typeof lookupSymbol> =>
  lookupSymbol(sourceOf(buildElf(spec)), 'x', name)
const text = (symbol: DynamicSymbol): string =>
  `${symbol.defined ? '' : 'U '}${symbol.name}${symbol.version === null ? '' : `${symbol.hidden ? '@' : '@@'}${symbol.version}`}`

const SYMBOLS = ['U maybe', 'U other@@N_1', 'U wanted@@FIRST_1', 'data@@E_2', 'old@@E_2', 'old@E_1', 'plain']
const TABLES: readonly (readonly [title: string, hash: readonly ('gnu' | 'sysv')[]])[] = [
  ['both', ['gnu', 'sysv']],
  ['DT_GNU_HASH', ['gnu']],
  ['DT_HASH', ['sysv']],
  ['none', []],
]

describe.each(FORMATS)('%s', (_, format) => {
  it.each(TABLES)('lists every symbol, hash tables: %s', (_title, hash) => {
    const { symbols, faults } = list({ ...EVERYTHING, ...format, hash })
    expect(faults).toEqual([])
    expect(symbols.map(text).sort()).toEqual(SYMBOLS)
  })

  it('reads every field', () => {
    const { symbols } = list({ ...EVERYTHING, ...format })
    const find = (name: string): DynamicSymbol | undefined => symbols.find((symbol) => symbol.name === name)
    expect(find('data')).toEqual({
      name: 'data',
      version: 'E_2',
      versionFile: null,
      hidden: false,
      defined: true,
      binding: 10,
      type: 1,
      visibility: 0,
    })
    expect(find('plain')).toMatchObject({ version: null, visibility: 3, binding: 1, type: 2 })
    expect(find('other')).toMatchObject({ version: 'N_1', versionFile: 'libn\udcffm.so', defined: false })
    expect(find('maybe')).toMatchObject({ version: null, versionFile: null, binding: 2 })
  })

  it.each([['gnu' as const], ['sysv' as const]])('looks names up through %s', (hash) => {
    const spec = { ...EVERYTHING, ...format, hash: [hash] }
    expect(look(spec, 'old').found.map(text).sort()).toEqual(['old@@E_2', 'old@E_1'])
    expect(look(spec, 'plain').found.map(text)).toEqual(['plain'])
    for (const absent of ['wanted', 'maybe', '', 'ol', 'older', 'n'.repeat(5000)]) {
      expect(look(spec, absent)).toEqual({ found: [], faults: [] })
    }
  })

  it.each([['gnu' as const], ['sysv' as const]])('finds each of many names through %s, and no others', (hash) => {
    const names = Array.from({ length: 700 }, (_item, i) => `symbol_${(i * 2654435761) % 4294967296}`)
    const bytes = buildElf({ ...format, hash: [hash], symbols: names.map((name) => ({ name })) })
    expect(
      readSymbols(sourceOf(bytes), 'x')
        .symbols.map((symbol) => symbol.name)
        .sort(),
    ).toEqual([...names].sort())
    for (const name of names) {
      expect(lookupSymbol(sourceOf(bytes), 'x', name).found).toHaveLength(1)
      expect(lookupSymbol(sourceOf(bytes), 'x', `${name}_`).found).toEqual([])
    }
  })

  it('lists undefined symbols where DT_GNU_HASH knows none', () => {
    const symbols = ['a', 'b', 'c'].map((name) => ({ name, defined: false }))
    const listed = list({ ...format, hash: ['gnu'], symbols })
    expect(listed.faults).toEqual([])
    expect(listed.symbols.map((symbol) => symbol.name)).toEqual(['a', 'b', 'c'])
  })

  it('names what lies outside every segment', () => {
    const outside = 0x7f000000
    const cases: readonly (readonly [number, string, number])[] = [
      [DT_SYMTAB, 'DT_SYMTAB is at address', 0],
      [DT_VERSYM, 'DT_VERSYM is at address', 7],
      [DT_HASH, 'DT_HASH is at address', 7],
    ]
    for (const [tag, message, count] of cases) {
      const { symbols, faults } = list({ ...EVERYTHING, ...format, dynamicValues: { [tag]: outside } })
      expect(faults[0]?.message).toContain(message)
      expect(symbols).toHaveLength(count)
    }
    const { found, faults } = look({ ...EVERYTHING, ...format, dynamicValues: { [DT_GNU_HASH]: outside } }, 'plain')
    expect(found).toEqual([])
    expect(faults[0]?.message).toContain('DT_GNU_HASH is at address')
  })

  it('ends where a chain of DT_HASH runs in a circle', () => {
    const { bytes, at } = buildWithPlaces({ ...format, hash: ['sysv'], symbols: [{ name: 'a' }, { name: 'b' }] })
    const view = new DataView(bytes.buffer)
    const little = format.order === 'little'
    const size = format.machine === 22 ? 8 : 4
    const start = at.get('hash') ?? 0
    const put = (index: number, value: number): void =>
      view.setUint32(start + index * size + (size === 8 && !little ? 4 : 0), value, little)
    // Two buckets and three chains, all of which lead to symbol 1.
    for (let index = 2; index < 7; index += 1) put(index, 1)
    const { found, faults } = lookupSymbol(sourceOf(bytes), 'x', 'absent')
    expect(found).toEqual([])
    expect(faults[0]?.message).toContain('runs in a circle')
    put(2, 900)
    put(3, 900)
    expect(lookupSymbol(sourceOf(bytes), 'x', 'absent').faults[0]?.message).toContain('leads to symbol 900')
    put(0, 0)
    expect(lookupSymbol(sourceOf(bytes), 'x', 'a').faults[0]?.message).toContain('DT_HASH with 0 buckets')
    put(0, 0x7fffffff)
    expect(readSymbols(sourceOf(bytes), 'x').faults[0]?.message).toContain('does not fit its segment')
  })
})

describe('a damaged DT_GNU_HASH', () => {
  const symbols = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ name }))
  const built = buildWithPlaces({ hash: ['gnu'], symbols })
  const start = built.at.get('gnu.hash') ?? 0
  // 16 bytes of header, one filter word, three buckets, six chain values.
  const [bucketAt, chainAt] = [24, 36]
  const change = (values: readonly (readonly [at: number, value: number])[]): Uint8Array => {
    const bytes = built.bytes.slice()
    for (const [at, value] of values) new DataView(bytes.buffer).setUint32(start + at, value, true)
    return bytes
  }
  const faultsOf = (bytes: Uint8Array): string =>
    [readSymbols(sourceOf(bytes), 'x'), lookupSymbol(sourceOf(bytes), 'x', 'a')]
      .flatMap((reading) => reading.faults.map((fault) => fault.message))
      .join('\n')

  it('without buckets, or with more than fit', () => {
    expect(faultsOf(change([[0, 0]]))).toContain('DT_GNU_HASH with 0 buckets')
    expect(faultsOf(change([[0, 0x0fff_ffff]]))).toContain('does not fit its segment')
    expect(faultsOf(change([[8, 0x0fff_ffff]]))).toContain('does not fit its segment')
  })

  it('with chains that do not end', () => {
    const endless = Array.from({ length: 6 }, (_item, i) => [chainAt + i * 4, 2] as const)
    const filter = [
      [16, 0xffffffff],
      [20, 0xffffffff],
    ] as const
    const bytes = change([...endless, ...filter])
    // What follows the table ends the chain sooner or later; it must not go on without bound.
    expect(readSymbols(sourceOf(bytes), 'x').symbols.length).toBeGreaterThanOrEqual(5)
    expect(lookupSymbol(sourceOf(bytes), 'x', 'a').found).toEqual([])
  })

  it('with buckets before its first symbol, or beyond its chains', () => {
    const open = [
      [16, 0xffffffff],
      [20, 0xffffffff],
    ] as const
    const before = change([...open, [4, 5], ...[0, 4, 8].map((at) => [bucketAt + at, 2] as const)])
    expect(faultsOf(before)).toContain('DT_GNU_HASH names symbol 2, but begins with 5')
    const beyond = change([...open, ...[0, 4, 8].map((at) => [bucketAt + at, 0x00ffffff] as const)])
    expect(faultsOf(beyond)).toContain('leads beyond its segment')
  })

  it('with an empty filter finds nothing, without filter words finds all', () => {
    expect(
      lookupSymbol(
        sourceOf(
          change([
            [16, 0],
            [20, 0],
          ]),
        ),
        'x',
        'a',
      ).found,
    ).toEqual([])
    expect(lookupSymbol(sourceOf(built.bytes), 'x', 'a').found).toHaveLength(1)
    const shift = change([
      [12, 40],
      [16, 0xffffffff],
      [20, 0xffffffff],
    ])
    expect(lookupSymbol(sourceOf(shift), 'x', 'a').found).toHaveLength(1)
  })
})

describe('what cannot be listed', () => {
  it('no ELF, no dynamic section, no DT_SYMTAB, no strings', () => {
    expect(readSymbols(sourceOf(Buffer.from('text')), 'x')).toMatchObject({
      symbols: [],
      faults: [{ kind: 'malformed' }],
    })
    expect(list({ dynamic: false })).toEqual({ symbols: [], faults: [] })
    expect(list({ dynamicOmit: [DT_SYMTAB] })).toEqual({ symbols: [], faults: [] })
    expect(list({ ...EVERYTHING, stringsOutside: true }).faults[0]?.message).toContain('DT_STRTAB')
    expect(look({ dynamic: false }, 'a')).toEqual({ found: [], faults: [] })
    const cut = buildElf(EVERYTHING).subarray(0, 700)
    expect(readSymbols(sourceOf(cut), 'x')).toMatchObject({ symbols: [], faults: [{ kind: 'truncated' }] })
  })

  it('more symbols than the segment of DT_SYMTAB has room for', () => {
    const spec: ElfSpec = { hash: ['sysv'], symbols: [{ name: 'a' }] }
    const end = readElf(sourceOf(buildElf(spec)), 'x').object?.loads[0]?.fileSize ?? 0
    const { faults } = list({ ...spec, dynamicValues: { [DT_SYMTAB]: end - 30 } })
    expect(faults[0]?.message).toContain('2 symbols do not fit the segment of DT_SYMTAB, which has room for 1')
  })

  it('a name that is missing, without losing the others', () => {
    for (const position of [0x7fff0000, 600]) {
      const { bytes, at } = buildWithPlaces({ symbols: [{ name: 'a' }, { name: 'b' }] })
      new DataView(bytes.buffer).setUint32((at.get('dynsym') ?? 0) + 24, position, true)
      const { symbols, faults } = readSymbols(sourceOf(bytes), 'x')
      expect(symbols.map((symbol) => symbol.name)).toEqual(['b'])
      expect(faults).toHaveLength(1)
      expect(faults[0]?.message).toContain(`the name of symbol 1 at ${position}`)
    }
  })

  it('versions of symbols behind the end of DT_VERSYM', () => {
    const end = readElf(sourceOf(buildElf(EVERYTHING)), 'x').object?.loads[0]?.fileSize ?? 0
    const { bytes } = buildWithPlaces({ ...EVERYTHING, dynamicValues: { [DT_VERSYM]: end - 2 } })
    const { symbols, faults } = readSymbols(sourceOf(bytes), 'x')
    expect(symbols).toHaveLength(7)
    expect(symbols.every((symbol) => symbol.version === null)).toBe(true)
    expect(faults[0]?.message).toContain('DT_VERSYM ends before')
    expect(lookupSymbol(sourceOf(bytes), 'x', 'plain').faults[0]?.message).toContain('DT_VERSYM ends before')
  })
})
