/** Looks one dynamic symbol up through the hash tables, as a loader does, without listing the others. */
import { encodeBytes } from '../domain/bytes.ts'
import type { Fault } from '../domain/fault.ts'
import type { DynamicSymbol } from '../domain/object.ts'
import type { ByteSource } from '../domain/source.ts'
import { ElfFile } from './file.ts'
import type { GnuTable, SysvTable } from './hash.ts'
import { MAX_CHAIN, gnuHash, readGnuTable, readSysvTable, sysvHash } from './hash.ts'
import type { RawSymbol, SymbolPlaces } from './symbol.ts'
import { dynamicSymbol, findSymbols, symbolAt, versionIndex } from './symbol.ts'
import { NAME_LIMIT } from './strings.ts'

/** The definitions of a name in one file: one per version, in the order the loader meets them. */
export interface SymbolLookup {
  readonly found: readonly DynamicSymbol[]
  readonly faults: readonly Fault[]
}

/** Chains that a name's definitions are sought in are short; versions of one name are few. */
const MAX_FOUND = 64

/**
 * Finds the definitions of `name`. DT_GNU_HASH is asked where there is one (bloom filter, bucket, chain), else DT_HASH,
 * as in glibc elf/dl-lookup.c `do_lookup_x`. Which of several versions serves a need is for the caller to judge.
 *
 * @param source the bytes; read from here only during the call
 * @param file the name that faults carry
 */
export function lookupSymbol(source: ByteSource, file: string, name: string): SymbolLookup {
  const elf = new ElfFile(source, file)
  const places = findSymbols(elf)
  if (places === null) return { found: [], faults: elf.faults }
  const { section, header, loads } = places
  const wanted = encodeBytes(name)
  const matches: (readonly [index: number, raw: RawSymbol])[] = []
  const offer = (index: number): void => {
    const raw = readSymbol(elf, places, index)
    if (raw !== null && raw.section !== 0 && matches.length < MAX_FOUND && isNamed(elf, places, raw, wanted)) {
      matches.push([index, raw])
    }
  }
  if (section.gnuHash >= 0) {
    const table = readGnuTable(elf, loads, section.gnuHash)
    if (table !== null) walkGnu(elf, table, gnuHash(name), offer)
  } else if (section.hash >= 0) {
    const table = readSysvTable(elf, header, loads, section.hash)
    if (table !== null) walkSysv(elf, table, sysvHash(name), offer)
  }
  if (matches.length === 0) return { found: [], faults: elf.faults }
  const indexed = versionIndex(elf, places)
  const found = matches.map(([index, raw]) => dynamicSymbol(raw, name, versymOf(elf, places, index), indexed))
  return { found, faults: elf.faults }
}

function walkGnu(elf: ElfFile, table: GnuTable, hash: number, offer: (index: number) => void): void {
  if (!passesBloom(elf, table, hash)) return
  const bucket = readWord(elf, table.bucketStart + (hash % table.buckets) * 4, table.end)
  if (bucket === null || bucket === 0) return
  if (bucket < table.firstSymbol) {
    elf.fault(
      'malformed',
      table.bucketStart,
      `DT_GNU_HASH names symbol ${bucket}, but begins with ${table.firstSymbol}`,
    )
    return
  }
  for (let index = bucket; index - bucket < MAX_CHAIN; index += 1) {
    const value = readWord(elf, table.chainStart + (index - table.firstSymbol) * 4, table.end)
    if (value === null) return
    if (value >>> 1 === hash >>> 1) offer(index)
    if ((value & 1) !== 0) return
  }
  elf.fault('malformed', table.chainStart, `a chain of DT_GNU_HASH has more than ${MAX_CHAIN} symbols`)
}

/** Whether the filter admits the hash: both of its bits are set in its word. */
function passesBloom(elf: ElfFile, table: GnuTable, hash: number): boolean {
  // A table without filter words filters nothing out; the loader would divide by zero.
  if (table.bloomWords === 0) return true
  const bits = elf.wide ? 64 : 32
  const word = (Math.floor(hash / bits) & (table.bloomWords - 1)) >>> 0
  // Masked as the loader does; the number of words is a power of two.
  const at = elf.seek(table.bloomStart + word * (bits / 8), bits / 8)
  if (at < 0) return false
  const [low, high] = bloomWord(elf, at)
  const isSet = (bit: number): boolean => (((bit < 32 ? low : high) >>> (bit % 32)) & 1) !== 0
  // A shift by 32 or more gives 0 in the loader's arithmetic on 64 bit; linkers write 5 to 26.
  const second = table.bloomShift > 31 ? 0 : hash >>> table.bloomShift
  return isSet(hash % bits) && isSet(second % bits)
}

function bloomWord(elf: ElfFile, at: number): readonly [low: number, high: number] {
  if (!elf.wide) return [elf.word(at), 0]
  return elf.little ? [elf.word(at), elf.word(at + 4)] : [elf.word(at + 4), elf.word(at)]
}

function walkSysv(elf: ElfFile, table: SysvTable, hash: number, offer: (index: number) => void): void {
  const number = (offset: number): number | null => {
    const at = offset + table.entry <= table.end ? elf.seek(offset, table.entry) : -1
    return at < 0 ? null : table.entry === 8 ? elf.native(at) : elf.word(at)
  }
  let index = number(table.bucketStart + (hash % table.buckets) * table.entry)
  for (let steps = 0; index !== null && index !== 0; steps += 1) {
    if (index >= table.symbols || steps > MAX_CHAIN || steps > table.symbols) {
      elf.fault('malformed', table.chainStart, `a chain of DT_HASH runs in a circle or leads to symbol ${index}`)
      return
    }
    offer(index)
    index = number(table.chainStart + index * table.entry)
  }
}

function readWord(elf: ElfFile, offset: number, end: number): number | null {
  const at = offset + 4 <= end ? elf.seek(offset, 4, 256) : -1
  if (at >= 0) return elf.word(at)
  elf.fault('malformed', offset, 'DT_GNU_HASH leads beyond its segment')
  return null
}

function readSymbol(elf: ElfFile, places: SymbolPlaces, index: number): RawSymbol | null {
  const offset = places.start + index * places.entry
  const at = offset + places.entry <= places.end ? elf.seek(offset, places.entry) : -1
  if (at >= 0) return symbolAt(elf, at)
  elf.fault('malformed', offset, `symbol ${index} lies outside the segment of DT_SYMTAB`)
  return null
}

function isNamed(elf: ElfFile, places: SymbolPlaces, raw: RawSymbol, wanted: Uint8Array): boolean {
  if (wanted.length > NAME_LIMIT) return false
  const offset = places.strings.start + raw.name
  const at = offset + wanted.length + 1 <= places.strings.end ? elf.seek(offset, wanted.length + 1) : -1
  if (at < 0 || elf.bytes[at + wanted.length] !== 0) return false
  return wanted.every((byte, i) => elf.bytes[at + i] === byte)
}

function versymOf(elf: ElfFile, places: SymbolPlaces, index: number): number {
  if (places.versions === null) return 1
  const offset = places.versions.start + index * 2
  const at = offset + 2 <= places.versions.end ? elf.seek(offset, 2) : -1
  if (at >= 0) return elf.half(at)
  elf.fault('malformed', offset, 'DT_VERSYM ends before the dynamic symbols')
  return 1
}
