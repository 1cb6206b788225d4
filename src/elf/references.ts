/** What one file asks of the others: the symbols that its relocations refer to, with name, hash and demanded version. */
import { decodeBytes } from '../domain/bytes.ts'
import type { References } from '../domain/symbols.ts'
import { REFERENCE_COPY, REFERENCE_DATA, REFERENCE_WEAK } from '../domain/symbols.ts'
import type { ElfFile } from './file.ts'
import { MAX_SYMBOLS } from './hash.ts'
import type { Referred } from './relocations.ts'
import type { SymbolPlaces } from './symbol.ts'
import { NAME_LIMIT } from './strings.ts'

const SHN_ABS = 0xfff1
const STT_TLS = 6
/** Entries that are read at once. */
const BATCH = 2048
/** The stretch of the string table that holds the names, in bytes. */
const MAX_NAMES = 64 * 1024 * 1024

/** Which symbols are wanted: those that others must define, or those that the file both defines and refers to. */
export type Wanted = 'others' | 'own'

/** One symbol that is referred to; numbers as they stand in the file. */
interface Reference {
  readonly index: number
  readonly name: number
  readonly kind: number
  version: number
}

/**
 * Reads the references of one file in the order of its symbol table.
 *
 * A symbol that the file defines itself is no reference to others, for its own definition is in every scope that it is
 * looked up in. Symbols of STB_LOCAL and hidden ones are never looked up (glibc elf/dl-reloc.c `resolve_map`).
 *
 * @param referred null: every undefined symbol counts as referred to by data
 */
export function readReferences(
  elf: ElfFile,
  places: SymbolPlaces,
  referred: Referred | null,
  wanted: Wanted,
): References {
  const found = selectSymbols(elf, places, referred, wanted)
  readVersions(elf, places, found)
  return new ReferenceList(found, readNames(elf, places, found))
}

function selectSymbols(elf: ElfFile, places: SymbolPlaces, referred: Referred | null, wanted: Wanted): Reference[] {
  const { start, end, entry } = places
  const room = Math.max(0, Math.min(Math.floor((end - start) / entry), MAX_SYMBOLS))
  const count = referred === null ? countUndefined(places, room) : Math.min(referred.length, room)
  const found: Reference[] = []
  for (let first = 1; first < count; first += BATCH) {
    const size = Math.min(BATCH, count - first)
    if (referred !== null && !hasMark(referred, first, first + size)) continue
    const at = elf.seek(start + first * entry, size * entry)
    if (at < 0) {
      elf.fault('truncated', start + first * entry, 'the file ends within the dynamic symbols')
      break
    }
    for (let i = 0; i < size; i += 1) {
      const mark = referred === null ? REFERENCE_DATA : (referred[first + i] ?? 0)
      if (mark === 0) continue
      const kind = judge(elf, at + i * entry, mark, wanted)
      if (kind !== 0) found.push({ index: first + i, name: elf.word(at + i * entry), kind, version: 0 })
    }
  }
  return found
}

/** Without relocations the next table bounds the symbols. */
function countUndefined({ section, entry }: SymbolPlaces, room: number): number {
  let count = room
  for (const address of [section.strtab, section.versym, section.hash, section.gnuHash, ...section.tables]) {
    if (address > section.symtab) count = Math.min(count, Math.floor((address - section.symtab) / entry))
  }
  return count
}

function hasMark(referred: Referred, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) if (referred[i] !== 0) return true
  return false
}

/** The kind of reference that the entry at a position makes; 0 for none that is wanted. */
function judge(elf: ElfFile, at: number, mark: number, wanted: Wanted): number {
  const [infoAt, otherAt, sectionAt] = elf.wide ? [4, 5, 6] : [12, 13, 14]
  const info = elf.view.getUint8(at + infoAt)
  const visibility = elf.view.getUint8(at + otherAt) & 3
  const binding = info >> 4
  // STV_INTERNAL and STV_HIDDEN bind to the file itself.
  if (binding === 0 || visibility === 1 || visibility === 2) return 0
  const section = elf.half(at + sectionAt)
  const type = info & 15
  const hasValue = elf.wide ? (elf.word(at + 8) | elf.word(at + 12)) !== 0 : elf.word(at + 4) !== 0
  const answersItself = section !== 0 && (hasValue || section === SHN_ABS || type === STT_TLS)
  if (wanted === 'own') return answersItself && binding === 1 && visibility === 0 && mark !== REFERENCE_COPY ? mark : 0
  // A copy relocation looks for the definition behind the program's own one.
  const kind = answersItself ? mark & REFERENCE_COPY : mark
  return kind !== 0 && binding === 2 ? kind | REFERENCE_WEAK : kind
}

function readVersions(elf: ElfFile, { versions }: SymbolPlaces, found: readonly Reference[]): void {
  if (versions === null) return
  for (const reference of found) {
    const offset = versions.start + reference.index * 2
    const at = offset + 2 <= versions.end ? elf.seek(offset, 2, 8192) : -1
    if (at < 0) {
      elf.fault('malformed', offset, 'DT_VERSYM ends before the dynamic symbols')
      return
    }
    reference.version = elf.half(at) & 0x7fff
  }
}

interface Names {
  /** All names, one behind the other. */
  readonly bytes: Buffer
  /** Where each begins; one more at the end. */
  readonly starts: Uint32Array
  readonly hashes: Uint32Array
}

const NO_NAMES: Names = { bytes: Buffer.alloc(0), starts: new Uint32Array(1), hashes: new Uint32Array(0) }

function readNames(elf: ElfFile, places: SymbolPlaces, found: readonly Reference[]): Names {
  if (found.length === 0) return NO_NAMES
  const { start, end } = places.strings
  let first = Infinity
  let last = -1
  for (const { name } of found) {
    if (name < first) first = name
    if (name > last) last = name
  }
  const starts = new Uint32Array(found.length + 1)
  const hashes = new Uint32Array(found.length)
  const length = Math.max(0, Math.min(start + last + NAME_LIMIT + 1, end, elf.size) - start - first)
  const table = length > MAX_NAMES ? null : elf.copy(start + first, length)
  if (table === null) {
    elf.fault('malformed', start, `symbol names spread over ${length} bytes; at most ${MAX_NAMES} are read`)
    return { bytes: Buffer.alloc(0), starts, hashes: new Uint32Array(0) }
  }
  let total = 0
  for (const { name } of found) total += Math.max(0, lengthAt(table, name - first))
  const bytes = Buffer.allocUnsafeSlow(total)
  let to = 0
  for (const [i, { name }] of found.entries()) {
    const at = name - first
    const size = lengthAt(table, at)
    let hash = 5381
    for (let k = 0; k < size; k += 1) {
      const byte = table[at + k] ?? 0
      bytes[to + k] = byte
      hash = (Math.imul(hash, 33) + byte) | 0
    }
    if (size < 0) elf.fault('malformed', start + name, 'the name of a symbol does not end')
    to += Math.max(0, size)
    hashes[i] = hash
    starts[i + 1] = to
  }
  return { bytes, starts, hashes }
}

/** Bytes before the NUL; -1 where there is none within the limit. */
function lengthAt(table: Buffer, at: number): number {
  if (at < 0 || at >= table.length) return -1
  const end = table.indexOf(0, at)
  return end < 0 || end - at > NAME_LIMIT ? -1 : end - at
}

class ReferenceList implements References {
  readonly count: number
  readonly hashes: Uint32Array
  readonly versions: Uint16Array
  readonly kinds: Uint8Array
  readonly #bytes: Buffer
  readonly #starts: Uint32Array

  constructor(found: readonly Reference[], { bytes, starts, hashes }: Names) {
    this.count = hashes.length
    this.hashes = hashes
    this.versions = Uint16Array.from(found, ({ version }) => version)
    this.kinds = Uint8Array.from(found, ({ kind }) => kind)
    this.#bytes = bytes
    this.#starts = starts
  }

  name(index: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[index] ?? 0, this.#starts[index + 1] ?? 0)
  }

  text(index: number): string {
    return decodeBytes(this.#bytes, this.#starts[index] ?? 0, this.#starts[index + 1] ?? 0)
  }
}
