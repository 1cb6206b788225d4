/** Lists the dynamic symbols of one file, through the dynamic section alone. */
import type { DynamicSymbol, SymbolTable } from '../domain/object.ts'
import type { ByteSource } from '../domain/source.ts'
import { ElfFile } from './file.ts'
import { MAX_SYMBOLS, gnuCount, readGnuTable, readSysvTable } from './hash.ts'
import type { RawSymbol, SymbolPlaces } from './symbol.ts'
import { dynamicSymbol, findSymbols, symbolAt, versionIndex } from './symbol.ts'
import { NAME_LIMIT, textAt } from './strings.ts'

/** Entries that are read at once. */
const BATCH = 2048
/** Bytes of names: of the stretch of the string table that holds them, and of all names together. */
const MAX_NAMES = 64 * 1024 * 1024

/**
 * Reads all dynamic symbols, defined and undefined, in the order of the file; the null symbol and unnamed ones are left
 * out. DT_HASH holds the number of symbols; DT_GNU_HASH the last defined one; where it knows none, the next table of the
 * dynamic section bounds the symbols.
 *
 * @param source the bytes; read from here only during the call
 * @param file the name that faults carry
 * @returns what could be read; a file without dynamic symbols has an empty list
 */
export function readSymbols(source: ByteSource, file: string): SymbolTable {
  const elf = new ElfFile(source, file)
  const places = findSymbols(elf)
  if (places === null) return { symbols: [], faults: elf.faults }
  const indexed = versionIndex(elf, places)
  const raw = readEntries(elf, places, bounded(elf, places, countOf(elf, places)))
  const versions = readVersions(elf, places, raw.length)
  const names = readNames(elf, places, raw)
  const symbols: DynamicSymbol[] = []
  raw.forEach((entry, i) => {
    const name = names[i] ?? ''
    if (name !== '') symbols.push(dynamicSymbol(entry, name, versions[i] ?? 1, indexed))
  })
  return { symbols, faults: elf.faults }
}

/**
 * Reads from a source whatever {@link readSymbols} and a lookup of any name would read, and makes nothing of it: who
 * watches the source knows what to keep of a file.
 */
export function touchSymbols(source: ByteSource, file: string): void {
  const elf = new ElfFile(source, file)
  const places = findSymbols(elf)
  if (places === null) return
  versionIndex(elf, places)
  const raw = readEntries(elf, places, bounded(elf, places, countOf(elf, places)))
  readVersions(elf, places, raw.length)
  const names = stretchOfNames(elf, places, raw)
  if (names !== null && names.length <= MAX_NAMES) elf.copy(names.start, names.length)
  touchTables(elf, places, raw.length + 1)
}

/** The hash tables as a whole: a lookup reads any part of them. */
function touchTables(elf: ElfFile, { section, header, loads }: SymbolPlaces, count: number): void {
  const touch = (start: number, end: number): void => {
    if (end > start && end - start <= MAX_NAMES) elf.copy(start, Math.min(end, elf.size) - start)
  }
  const gnu = section.gnuHash < 0 ? null : readGnuTable(elf, loads, section.gnuHash)
  if (gnu !== null) {
    touch(gnu.bloomStart, Math.min(gnu.chainStart + Math.max(0, count - gnu.firstSymbol) * 4 + 256, gnu.end))
  }
  const sysv = section.hash < 0 ? null : readSysvTable(elf, header, loads, section.hash)
  if (sysv !== null) touch(sysv.bucketStart, Math.min(sysv.chainStart + sysv.symbols * sysv.entry, sysv.end))
}

function countOf(elf: ElfFile, places: SymbolPlaces): number {
  const { section, header, loads } = places
  if (section.hash >= 0) {
    const table = readSysvTable(elf, header, loads, section.hash)
    if (table !== null) return table.symbols
  }
  if (section.gnuHash >= 0) {
    const table = readGnuTable(elf, loads, section.gnuHash)
    const count = table === null ? null : gnuCount(elf, table)
    if (count !== null) return count
  }
  return countByNeighbour(places)
}

/** Symbols up to the next table that the dynamic section names. */
function countByNeighbour(places: SymbolPlaces): number {
  const { section, entry } = places
  let room = places.end - places.start
  for (const address of [section.strtab, section.versym, section.hash, section.gnuHash, ...section.tables]) {
    if (address > section.symtab) room = Math.min(room, address - section.symtab)
  }
  return Math.floor(room / entry)
}

function bounded(elf: ElfFile, places: SymbolPlaces, count: number): number {
  const room = Math.floor((places.end - places.start) / places.entry)
  if (count > room) {
    elf.fault(
      'malformed',
      places.start,
      `${count} symbols do not fit the segment of DT_SYMTAB, which has room for ${room}`,
    )
  }
  if (Math.min(count, room) > MAX_SYMBOLS) {
    elf.fault('malformed', places.start, `${count} symbols; the first ${MAX_SYMBOLS} are read`)
  }
  return Math.min(count, room, MAX_SYMBOLS)
}

/** The entries from index 1 on. */
function readEntries(elf: ElfFile, places: SymbolPlaces, count: number): readonly RawSymbol[] {
  const { start, entry } = places
  const raw: RawSymbol[] = []
  for (let first = 1; first < count; first += BATCH) {
    const size = Math.min(BATCH, count - first)
    const offset = start + first * entry
    const at = elf.seek(offset, size * entry)
    if (at < 0) {
      elf.fault('truncated', offset, `the file ends within the dynamic symbols (${size * entry} bytes expected)`)
      return raw
    }
    for (let i = 0; i < size; i += 1) raw.push(symbolAt(elf, at + i * entry))
  }
  return raw
}

function readVersions(elf: ElfFile, places: SymbolPlaces, count: number): readonly number[] {
  const versions: number[] = []
  if (places.versions === null) return versions
  const { start, end } = places.versions
  for (let first = 1; first <= count; first += BATCH) {
    const size = Math.min(BATCH, count - first + 1)
    const offset = start + first * 2
    const at = offset + size * 2 <= end ? elf.seek(offset, size * 2) : -1
    if (at < 0) {
      elf.fault('malformed', offset, 'DT_VERSYM ends before the dynamic symbols')
      return versions
    }
    for (let i = 0; i < size; i += 1) versions.push(elf.half(at + i * 2))
  }
  return versions
}

/** The stretch of the string table that holds the names of entries; null where none has a name. */
function stretchOfNames(
  elf: ElfFile,
  places: SymbolPlaces,
  raw: readonly RawSymbol[],
): { readonly first: number; readonly start: number; readonly length: number } | null {
  const { start, end } = places.strings
  let first = Infinity
  let last = -1
  for (const { name } of raw) {
    if (name === 0) continue
    first = Math.min(first, name)
    last = Math.max(last, name)
  }
  if (last < 0) return null
  const length = Math.max(0, Math.min(start + last + NAME_LIMIT + 1, end, elf.size) - start - first)
  return { first, start: start + first, length }
}

/** The names of the entries, empty for one that has none: their stretch of the string table is read as a whole. */
function readNames(elf: ElfFile, places: SymbolPlaces, raw: readonly RawSymbol[]): readonly string[] {
  const stretch = stretchOfNames(elf, places, raw)
  if (stretch === null) return []
  const { first, length } = stretch
  const { start } = places.strings
  const bytes = length > MAX_NAMES ? null : elf.copy(start + first, length)
  if (bytes === null) {
    elf.fault('malformed', start + first, `symbol names spread over ${length} bytes; at most ${MAX_NAMES} are read`)
    return []
  }
  let left = MAX_NAMES
  return raw.map(({ name }, i) => {
    const at = name - first
    const text = name === 0 || left < 0 ? '' : textAt(bytes, at, Math.min(bytes.length, at + NAME_LIMIT + 1))
    if (text === null) {
      elf.fault(
        'malformed',
        start + name,
        `the name of symbol ${i + 1} at ${name} does not end within ${NAME_LIMIT} bytes`,
      )
      return ''
    }
    left -= text.length
    if (left < 0 && left + text.length >= 0) {
      elf.fault('malformed', start, `more than ${MAX_NAMES} bytes of symbol names; the rest is left out`)
    }
    return text
  })
}
