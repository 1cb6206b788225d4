/** Symbols of files that are cut, that lie, or that hold parts of themselves only: no answer that the bytes do not give. */
import { describe, expect, test } from 'vitest'
import type { ByteSource } from '../../src/domain/source.ts'
import type { SymbolFile } from '../../src/domain/symbols.ts'
import { REFERENCE_COPY, REFERENCE_DATA, REFERENCE_PLT } from '../../src/domain/symbols.ts'
import { BlockBudget, closeHeldFiles } from '../../src/elf/blocks.ts'
import { symbolQuery } from '../../src/elf/hash.ts'
import { openSymbols } from '../../src/elf/symbol-file.ts'
import { readSymbols, touchSymbols } from '../../src/elf/symbols.ts'
import { buildElf, buildWithPlaces } from '../support/elf/build.ts'
import { EVERYTHING } from '../support/elf/everything.ts'
import type { ElfSpec } from '../support/elf/spec.ts'
import { FORMATS, sourceOf } from '../support/elf/source.ts'

type Opened = ByteSource & { close(): void }

const opened = (bytes: Uint8Array): Opened => ({ ...sourceOf(bytes), close: () => undefined })
const open = (bytes: Uint8Array): SymbolFile => openSymbols(0, 'file', () => opened(bytes), new BlockBudget())

/** How many entries of a name there are. */
function count(file: SymbolFile, name: string): number {
  let found = 0
  const { hash, bytes } = symbolQuery(name)
  file.visit(hash, bytes, () => {
    found += 1
    return false
  })
  return found
}

/** A copy in which numbers of 32 bits are written at offsets. */
function patched(bytes: Uint8Array, words: readonly (readonly [number, number])[], little = true): Uint8Array {
  const out = bytes.slice()
  for (const [at, value] of words) new DataView(out.buffer).setUint32(at, value, little)
  return out
}

const placeIn = (spec: ElfSpec, table: string): readonly [Uint8Array, number] => {
  const { bytes, at } = buildWithPlaces(spec)
  const place = at.get(table)
  if (place === undefined) throw new Error(`no table ${table}`)
  return [bytes, place]
}

const MANY = Array.from({ length: 40 }, (_, i) => ({ name: `symbol_${i}` }))

describe.each(FORMATS)('%s', (_, format) => {
  test.each([[['gnu']], [['sysv']], [['gnu', 'sysv']]] as const)(
    'what is touched is all that a lookup in %j reads',
    (hash) => {
      const bytes = buildElf({ ...EVERYTHING, ...format, hash, symbols: [...(EVERYTHING.symbols ?? []), ...MANY] })
      const held = new Uint8Array(bytes.length)
      const whole = sourceOf(bytes)
      const watched: ByteSource = {
        size: bytes.length,
        read: (offset, length) => {
          const part = whole.read(offset, length)
          held.fill(1, offset, offset + part.length)
          return part
        },
      }
      touchSymbols(watched, 'file')
      // Every other byte is spoiled.
      const kept = bytes.map((byte, at) => (held[at] === 1 ? byte : 0xaa))
      expect(readSymbols(sourceOf(kept), 'file')).toEqual(readSymbols(sourceOf(bytes), 'file'))
      for (const name of ['old', 'data', 'plain', 'symbol_7', 'symbol_39', 'absent', 'wanted']) {
        expect([name, count(open(kept), name)]).toEqual([name, count(open(bytes), name)])
      }
    },
  )

  test('each definition is found once, and the walk ends where it is told to', () => {
    for (const hash of ['gnu', 'sysv'] as const) {
      const file = open(buildElf({ ...format, hash: [hash], symbols: [...MANY, { name: 'asked', defined: false }] }))
      for (const { name } of MANY) expect(count(file, name)).toBe(1)
      expect(count(file, 'symbol_40')).toBe(0)
      const { hash: number, bytes } = symbolQuery('symbol_3')
      let offers = 0
      file.visit(number, bytes, () => (offers += 1) > 0)
      expect(offers).toBe(1)
    }
  })
})

test('touching a file without symbols reads no table', () => {
  const source = sourceOf(buildElf({ dynamic: false, interpreter: '/lib/ld.so' }))
  touchSymbols(source, 'static')
  expect(source.reads.length).toBeLessThan(3)
  touchSymbols(sourceOf(new Uint8Array(0)), 'empty')
})

describe('a file that is cut', () => {
  test('anywhere says so, or tells the same as before', () => {
    const bytes = buildElf({ ...EVERYTHING, filler: 6000, symbols: [...(EVERYTHING.symbols ?? []), ...MANY] })
    const whole = readSymbols(sourceOf(bytes), 'file')
    expect(whole.faults).toEqual([])
    for (let end = 0; end < bytes.length; end += 61) {
      const cut = readSymbols(sourceOf(bytes.slice(0, end)), 'file')
      if (cut.faults.length === 0) expect([end, cut.symbols]).toEqual([end, whole.symbols])
      const file = open(bytes.slice(0, end))
      if (file.references.count < 3) expect([end, file.readable]).toEqual([end, false])
    }
  })

  test('within its symbols gives those before the cut', () => {
    const symbols = Array.from({ length: 5000 }, (_, i) => ({ name: `s${i}` }))
    const [bytes, at] = placeIn({ hash: ['sysv'], symbols }, 'dynsym')
    const source = sourceOf(bytes)
    const short: ByteSource = {
      size: bytes.length,
      read: (offset, length) =>
        offset > at + 24 * 2048 && offset < at + 24 * 5000 ? new Uint8Array(0) : source.read(offset, length),
    }
    const { symbols: read, faults } = readSymbols(short, 'file')
    expect(read).toHaveLength(2048)
    expect(faults.map((fault) => fault.message)).toEqual([
      'the file ends within the dynamic symbols (49152 bytes expected)',
    ])
  })

  test('within its relocations is not readable', () => {
    const [bytes, at] = placeIn({ symbols: [{ name: 'asked', defined: false }] }, 'rela')
    const file = openSymbols(
      0,
      'file',
      () => {
        const whole = opened(bytes)
        const read = (offset: number, length: number): Uint8Array =>
          offset >= at && offset < at + 24
            ? new Uint8Array(0)
            : whole.read(offset, Math.min(length, Math.max(0, at - offset)) || length)
        return { ...whole, read }
      },
      new BlockBudget(),
    )
    expect(file.references.count).toBe(0)
    expect(file.readable).toBe(false)
  })
})

describe('relocations', () => {
  const spec: ElfSpec = {
    symbols: [
      { name: 'copied', relocation: 5, defined: false },
      { name: 'called', relocation: 7, defined: false },
      { name: 'data', defined: false },
    ],
  }
  const kindsOf = (bytes: Uint8Array): Readonly<Record<string, number>> => {
    const { references } = open(bytes)
    return Object.fromEntries(
      Array.from({ length: references.count }, (_, i) => [references.text(i), references.kinds[i] ?? 0]),
    )
  }

  test.each([['little'], ['big']] as const)('tell kinds of references, %s endian', (order) => {
    expect(kindsOf(buildElf({ ...spec, order, machine: 62 }))).toEqual({
      copied: REFERENCE_COPY,
      called: REFERENCE_PLT,
      data: REFERENCE_DATA,
    })
  })

  test('of a machine that is not known are of data, in the table of slots of functions', () => {
    const bytes = buildElf({ ...spec, header: { machine: 0x1234 } })
    expect(new Set(Object.values(kindsOf(buildElf({ ...spec, machine: 62 }))))).toHaveProperty('size', 3)
    const machineAt = 18
    const built = buildElf(spec)
    const strange = built.slice()
    strange[machineAt] = 0x34
    strange[machineAt + 1] = 0x12
    expect(kindsOf(bytes)).toEqual(kindsOf(strange))
    expect(new Set(Object.values(kindsOf(strange)))).toEqual(new Set([REFERENCE_DATA]))
    // DT_RELA and DT_RELASZ become DT_JMPREL and DT_PLTRELSZ.
    const [, dynamic] = placeIn(spec, 'dynamic')
    const slots = strange.slice()
    const view = new DataView(slots.buffer)
    for (let at = dynamic; view.getUint32(at, true) !== 0; at += 16) {
      const tag = view.getUint32(at, true)
      if (tag === 7) view.setUint32(at, 23, true)
      if (tag === 8) view.setUint32(at, 2, true)
    }
    expect(new Set(Object.values(kindsOf(slots)))).toEqual(new Set([REFERENCE_PLT]))
  })

  test('of a symbol beyond the table refer to nothing', () => {
    const [bytes, at] = placeIn(spec, 'rela')
    expect(Object.keys(kindsOf(patched(bytes, [[at + 12, 0xfffffff0]])))).toHaveLength(2)
    expect(Object.keys(kindsOf(patched(bytes, [[at + 12, 5000]])))).toHaveLength(2)
  })
})

describe('tables that lead out of their segment', () => {
  const spec: ElfSpec = {
    versionNeeds: [{ file: 'libx.so', versions: ['X_1'] }],
    symbols: [...MANY, { name: 'asked', defined: false, version: 'X_1' }],
  }

  test('DT_VERSYM: versions are unknown, symbols are not', () => {
    const [bytes, dynamic] = placeIn(spec, 'dynamic')
    const view = new DataView(bytes.buffer)
    const end = bytes.length
    for (let at = dynamic; view.getUint32(at, true) !== 0; at += 16) {
      // The last two bytes of the writable segment, which lies one page behind its place in the file.
      if (view.getUint32(at, true) === 0x6ffffff0) view.setUint32(at + 8, end - 2 + 4096, true)
    }
    const { symbols, faults } = readSymbols(sourceOf(bytes), 'file')
    expect(symbols).toHaveLength(41)
    expect(faults.map((fault) => fault.message)).toContain('DT_VERSYM ends before the dynamic symbols')
    const file = open(bytes)
    expect(file.references.count).toBe(1)
    expect(file.versionName(file.references.versions[0] ?? 9)).toBe('')
    expect(file.readable).toBe(false)
  })

  test('a bucket of DT_GNU_HASH: nothing is found, and nothing may be said', () => {
    const [bytes, at] = placeIn({ ...spec, hash: ['gnu'] }, 'gnu.hash')
    const view = new DataView(bytes.buffer)
    const [buckets, , words] = [0, 4, 8].map((offset) => view.getUint32(at + offset, true)) as [number, number, number]
    const first = at + 16 + words * 8
    const lost = patched(
      bytes,
      Array.from({ length: buckets }, (_, i) => [first + 4 * i, 0x7fffffff] as const),
    )
    const file = open(lost)
    expect(MANY.map(({ name }) => count(file, name))).toEqual(MANY.map(() => 0))
    expect(file.readable).toBe(false)
    expect(readSymbols(sourceOf(lost), 'file').faults.length).toBeGreaterThan(0)
  })

  test('a circle in DT_HASH ends', () => {
    const [bytes, at] = placeIn({ ...spec, hash: ['sysv'] }, 'hash')
    const view = new DataView(bytes.buffer)
    const buckets = view.getUint32(at, true)
    const chains = Array.from({ length: 42 }, (_, i) => [at + 8 + (buckets + i) * 4, i] as const)
    expect(count(open(patched(bytes, chains)), 'absent')).toBe(0)
  })

  test('a name that does not end, and one that is longer than any', () => {
    const [bytes, at] = placeIn({ symbols: [{ name: 'asked', defined: false }] }, 'dynsym')
    const { symbols, faults } = readSymbols(sourceOf(patched(bytes, [[at + 24, 0xffff]])), 'file')
    expect(symbols).toEqual([])
    expect(faults).toHaveLength(1)
    const damaged = open(patched(bytes, [[at + 24, 0xffff]]))
    expect(damaged.references.count === 0 || damaged.references.text(0) === '').toBe(true)
    expect(damaged.readable).toBe(false)
    const long = 'n'.repeat(5000)
    const spun = buildElf({ symbols: [{ name: long }, { name: 'short', defined: false }] })
    expect(count(open(spun), long)).toBe(0)
    expect(readSymbols(sourceOf(spun), 'file').faults[0]?.message).toContain('does not end within 4096 bytes')
  })
})

describe('a file that cannot be opened again', () => {
  test('has no flags, no versions and no references', () => {
    const gone = openSymbols(0, 'gone', () => null, new BlockBudget())
    expect([gone.symbolic, gone.bindsNow, gone.versionCount, gone.versionHidden(2)]).toEqual([false, false, 0, false])
    expect(gone.ownReferences.text(0)).toBe('')
  })

  test('after its tables were read is not readable any more', () => {
    const bytes = buildElf({ flags: 10, symbols: [{ name: 'mine' }, { name: 'asked', defined: false }] })
    let left = 1
    const file = openSymbols(0, 'file', () => ((left -= 1) < 0 ? null : opened(bytes)), new BlockBudget())
    expect(file.readable).toBe(true)
    closeHeldFiles()
    expect([file.symbolic, file.references.count, count(file, 'mine')]).toEqual([false, 0, 0])
    expect(file.readable).toBe(false)
    expect([open(bytes).symbolic, open(bytes).bindsNow]).toEqual([true, true])
  })
})

describe('a large filter of DT_GNU_HASH', () => {
  // One symbol, and a filter of two megabytes that admits its hash alone.
  test.each([
    ['64 bit', { class: 64, order: 'little', machine: 62 }, 8],
    ['64 bit big endian', { class: 64, order: 'big', machine: 22 }, 8],
    ['32 bit', { class: 32, order: 'little', machine: 3 }, 4],
    ['32 bit big endian', { class: 32, order: 'big', machine: 8 }, 4],
  ] as const)('is read in parts, %s', (_, format, size) => {
    const little = format.order === 'little'
    const words = (2 * 1024 * 1024) / size
    const shift = 6
    const bits = size * 8
    const { hash } = symbolQuery('mine')
    const data = new Uint8Array(16 + words * size + 8)
    const view = new DataView(data.buffer)
    for (const [i, value] of [1, 1, words, shift].entries()) view.setUint32(i * 4, value, little)
    const word = 16 + (Math.floor(hash / bits) & (words - 1)) * size
    for (const bit of [hash % bits, (hash >>> shift) % bits]) {
      const at = little ? word + (bit >> 3) : word + size - 1 - (bit >> 3)
      data[at] = (data[at] ?? 0) | (1 << (bit & 7))
    }
    view.setUint32(16 + words * size, 1, little)
    view.setUint32(20 + words * size, hash | 1, little)
    const spec: ElfSpec = { ...format, hash: ['gnu'], data, symbols: [{ name: 'mine' }] }
    const [, address] = placeIn(spec, 'data')
    const bytes = buildElf({ ...spec, dynamicValues: { 0x6ffffef5: address } })
    const file = open(bytes)
    expect([count(file, 'mine'), count(file, 'other'), file.readable]).toEqual([1, 0, true])
    bytes.fill(0, address + 16, address + 16 + words * size)
    expect(count(open(bytes), 'mine')).toBe(0)
  })
})

test('names that share their bytes are each told whole', () => {
  const long = 'n'.repeat(4000)
  const spec: ElfSpec = {
    symbols: [{ name: long, defined: false }, ...MANY.map(({ name }) => ({ name, defined: false }))],
  }
  const [bytes, at] = placeIn(spec, 'dynsym')
  const view = new DataView(bytes.buffer)
  const { symbols } = readSymbols(sourceOf(bytes), 'file')
  const first = view.getUint32(at + 24 * (1 + symbols.findIndex(({ name }) => name === long)), true)
  const shared = patched(
    bytes,
    symbols.map((_, i) => [at + 24 * (i + 1), first + i] as const),
  )
  const { references } = open(shared)
  expect(references.count).toBe(41)
  for (let i = 0; i < references.count; i += 1) expect(references.text(i)).toMatch(/^n{3960,4000}$/)
})

describe('names that lie far apart', () => {
  const spec: ElfSpec = {
    symbols: [
      { name: 'first', defined: false },
      { name: 'last', defined: false },
    ],
    // The writable segment begins behind all that the other may reach.
    pageSize: 256 * 1024 * 1024,
  }

  /** The file with `last` at `position` of its string table, and a segment that reaches `size`; all that is new is zero. */
  function spread(position: number, size: number): Opened {
    const { bytes, at } = buildWithPlaces(spec)
    const [symbols = 0, strings = 0, header = 0] = ['dynsym', 'dynstr', 'phdr'].map((table) => at.get(table))
    // The first program header is the segment of the tables: p_filesz and p_memsz.
    const moved = patched(bytes, [
      [symbols + 24 * 2, position],
      [header + 32, size],
      [header + 40, size],
    ])
    const name = Buffer.from('far\0')
    return {
      size,
      close: () => undefined,
      read: (offset, length) => {
        const part = Buffer.alloc(Math.max(0, Math.min(length, size - offset)))
        if (offset < moved.length) part.set(moved.subarray(offset, offset + part.length))
        for (const [i, byte] of name.entries()) {
          const at = strings + position + i - offset
          if (at >= 0 && at < part.length) part[at] = byte
        }
        return part
      },
    }
  }
  const openSpread = (position: number, size: number): SymbolFile =>
    openSymbols(0, 'file', () => spread(position, size), new BlockBudget())

  test('by less than the largest table are told', () => {
    const file = openSpread(6 * 1024 * 1024, 8 * 1024 * 1024)
    const { references } = file
    expect([references.text(0), references.text(1), references.count]).toEqual(['first', 'far', 2])
    expect(Buffer.from(references.name(1)).toString()).toBe('far')
    expect(file.readable).toBe(true)
  })

  test('by more are not read, and nothing may be said', () => {
    const file = openSpread(80 * 1024 * 1024, 100 * 1024 * 1024)
    expect([file.references.count, file.ownReferences.count, file.readable]).toEqual([0, 0, false])
  })
})

test('a file that ends within its symbols or within their names is not readable', () => {
  const spec: ElfSpec = { symbols: MANY.map(({ name }) => ({ name, defined: false })) }
  const { bytes, at } = buildWithPlaces({
    ...spec,
    filler: 8192,
    hash: ['sysv'],
    data: new Uint8Array(8192),
  })
  for (const table of ['dynsym', 'dynstr']) {
    const cut = (at.get(table) ?? 0) + 48
    const read = (offset: number, length: number): Uint8Array => {
      if (offset >= cut && offset < cut + 100) return new Uint8Array(0)
      return bytes.subarray(offset, offset < cut ? Math.min(offset + length, cut) : offset + length)
    }
    // As a capture that lacks a part: what lies behind the gap is there.
    const gap = { size: bytes.length, close: () => undefined, read }
    const file = openSymbols(0, 'file', () => gap, new BlockBudget())
    expect([table, file.references.count, file.readable]).toEqual([table, 0, false])
  }
})
