/** The tables of the dynamic section: symbols, hash tables, versions, and the notes. */
import type { ElfDeclaration, SymbolDeclaration } from './declaration.ts'
import type { Strings, Writer } from './writer.ts'

/** The System V hash of a name (gABI, "Hash Table"). */
export function elfHash(name: string): number {
  let hash = 0
  for (const byte of Buffer.from(name)) {
    hash = ((hash << 4) + byte) >>> 0
    const high = hash & 0xf0000000
    if (high !== 0) hash ^= high >>> 24
    hash = (hash & ~high) >>> 0
  }
  return hash
}

/** The GNU hash of a name. */
export function gnuHash(name: string): number {
  let hash = 5381
  for (const byte of Buffer.from(name)) hash = (Math.imul(hash, 33) + byte) >>> 0
  return hash
}

export interface Versioned {
  readonly index: ReadonlyMap<string, number>
  readonly verneed: Uint8Array | null
  readonly verneedCount: number
  readonly verdef: Uint8Array | null
  readonly verdefCount: number
}

/** Version tables; indices count from 2 through definitions, then needs. */
export function versionTables(spec: ElfDeclaration, make: () => Writer, strings: Strings): Versioned {
  const index = new Map<string, number>()
  const definitions = (spec.versionDefinitions ?? []).map((item) =>
    typeof item === 'string' ? { name: item, parents: [] } : item,
  )
  const verdef = make()
  const base = { name: spec.soname ?? 'base', parents: [] as readonly string[] }
  const all = definitions.length === 0 ? [] : [base, ...definitions]
  for (const [i, { name, parents }] of all.entries()) {
    index.set(`=${name}`, i + 1)
    const names = [name, ...parents]
    const last = i === all.length - 1
    verdef.half(1, i === 0 ? 1 : 0, i + 1, names.length).word(elfHash(name), 20, last ? 0 : 20 + 8 * names.length)
    for (const [k, text] of names.entries()) verdef.word(strings.add(text), k === names.length - 1 ? 0 : 8)
  }
  const verneed = make()
  let next = all.length + 2
  const needs = spec.versionNeeds ?? []
  for (const [i, { file, versions }] of needs.entries()) {
    const size = 16 + 16 * versions.length
    verneed.half(1, versions.length).word(strings.add(file), 16, i === needs.length - 1 ? 0 : size)
    for (const [k, item] of versions.entries()) {
      const { name, weak } = typeof item === 'string' ? { name: item, weak: false } : item
      index.set(`${file}=${name}`, next)
      verneed.word(elfHash(name)).half(weak ? 2 : 0, next)
      verneed.word(strings.add(name), k === versions.length - 1 ? 0 : 16)
      next += 1
    }
  }
  return {
    index,
    verneed: needs.length === 0 ? null : verneed.bytes(),
    verneedCount: needs.length,
    verdef: all.length === 0 ? null : verdef.bytes(),
    verdefCount: all.length,
  }
}

export interface Symbols {
  readonly symtab: Uint8Array
  readonly versym: Uint8Array
  readonly hash: Uint8Array
  readonly gnuHash: Uint8Array
}

/** Symbols with undefined ones first, as DT_GNU_HASH wants it, and both hash tables. */
export function symbolTables(
  spec: ElfDeclaration,
  make: () => Writer,
  strings: Strings,
  versions: Versioned,
  address: number,
): Symbols {
  const declared = spec.symbols ?? []
  const undefinedOnes = declared.filter((symbol) => symbol.defined === false)
  const definedOnes = declared.filter((symbol) => symbol.defined !== false)
  const buckets = Math.max(1, Math.ceil(definedOnes.length / 4))
  definedOnes.sort((a, b) => (gnuHash(a.name) % buckets) - (gnuHash(b.name) % buckets))
  const ordered = [...undefinedOnes, ...definedOnes]
  const symtab = make().raw(new Uint8Array(make().wide ? 24 : 16))
  const versym = make().half(0)
  for (const symbol of ordered) {
    writeSymbol(symtab, symbol, strings, address)
    versym.half(versionOf(symbol, versions))
  }
  return {
    symtab: symtab.bytes(),
    versym: versym.bytes(),
    hash: sysvHash(ordered, make()),
    gnuHash: gnuHashTable(definedOnes, undefinedOnes.length + 1, buckets, make()),
  }
}

function writeSymbol(out: Writer, symbol: SymbolDeclaration, strings: Strings, address: number): void {
  const info = ((symbol.weak === true ? 2 : 1) << 4) | (symbol.type ?? 2)
  const section = symbol.defined === false ? 0 : 1
  const value = symbol.defined === false ? 0 : address
  if (out.wide) out.word(strings.add(symbol.name)).byte(info, 0).half(section).native(value, 0)
  else out.word(strings.add(symbol.name), value, 0).byte(info, 0).half(section)
}

function versionOf(symbol: SymbolDeclaration, versions: Versioned): number {
  if (symbol.version === undefined) return 1
  const index = versions.index.get(`${symbol.defined === false ? (symbol.from ?? '') : ''}=${symbol.version}`) ?? 1
  return symbol.hidden === true ? index | 0x8000 : index
}

function sysvHash(symbols: readonly SymbolDeclaration[], out: Writer): Uint8Array {
  const count = symbols.length + 1
  const buckets = Math.max(1, Math.ceil(count / 3))
  const heads = new Array<number>(buckets).fill(0)
  const chains = new Array<number>(count).fill(0)
  for (const [i, symbol] of symbols.entries()) {
    const bucket = elfHash(symbol.name) % buckets
    chains[i + 1] = heads[bucket] ?? 0
    heads[bucket] = i + 1
  }
  return out.word(buckets, count, ...heads, ...chains).bytes()
}

function gnuHashTable(symbols: readonly SymbolDeclaration[], first: number, buckets: number, out: Writer): Uint8Array {
  const bits = out.wide ? 64 : 32
  const words = 1
  const shift = 6
  const hashes = symbols.map((symbol) => gnuHash(symbol.name))
  let bloom = 0n
  for (const hash of hashes) bloom |= (1n << BigInt(hash % bits)) | (1n << BigInt((hash >>> shift) % bits))
  out.word(buckets, first, words, shift)
  const low = Number(bloom & 0xffffffffn)
  const high = Number(bloom >> 32n)
  if (!out.wide) out.word(low)
  else if (out.little) out.word(low, high)
  else out.word(high, low)
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const at = hashes.findIndex((hash) => hash % buckets === bucket)
    out.word(at < 0 ? 0 : first + at)
  }
  for (const [i, hash] of hashes.entries()) {
    const next = hashes[i + 1]
    const last = next === undefined || next % buckets !== hash % buckets
    out.word(last ? (hash | 1) >>> 0 : (hash & ~1) >>> 0)
  }
  return out.bytes()
}

/** All notes of a declaration, each aligned as the loader expects. */
export function notes(spec: ElfDeclaration, make: () => Writer): { plain: Uint8Array; property: Uint8Array } {
  const plain = make()
  const add = (out: Writer, owner: string, type: number, content: Uint8Array, align: number): void => {
    out
      .word(owner.length + 1, content.length, type)
      .text(owner)
      .align(4)
      .raw(content)
      .align(align)
  }
  if (spec.abiTag !== undefined) {
    add(
      plain,
      'GNU',
      1,
      make()
        .word(spec.abiTag.os ?? 0, ...spec.abiTag.kernel)
        .bytes(),
      4,
    )
  }
  if (spec.buildId !== undefined) add(plain, 'GNU', 3, Buffer.from(spec.buildId, 'hex'), 4)
  if (spec.dlopen !== undefined) {
    const text = typeof spec.dlopen === 'string' ? spec.dlopen : JSON.stringify(spec.dlopen)
    add(plain, 'FDO', 0x407c0c0a, make().text(text).bytes(), 4)
  }
  const property = make()
  if (spec.properties !== undefined) {
    const content = make()
    const entries: readonly (readonly [number, number | undefined])[] = [
      [0xc0000002, spec.properties.features],
      [0xc0008002, spec.properties.isaNeeded],
      [0xc0010002, spec.properties.isaUsed],
    ]
    for (const [type, value] of entries) {
      if (value !== undefined) content.word(type, 4, value).align(content.wide ? 8 : 4)
    }
    add(property, 'GNU', 5, content.bytes(), property.wide ? 8 : 4)
  }
  return { plain: plain.bytes(), property: property.bytes() }
}
