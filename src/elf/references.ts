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

/** Symbols that relocations refer to, in the order of the symbol table; numbers as they stand in the file. */
class Selection {
  count = 0
  indices: Uint32Array<ArrayBuffer> = new Uint32Array(64)
  names: Uint32Array<ArrayBuffer> = new Uint32Array(64)
  kinds: Uint8Array<ArrayBuffer> = new Uint8Array(64)

  add(index: number, name: number, kind: number): void {
    const at = this.count
    if (at === this.indices.length) {
      this.indices = grown(this.indices, new Uint32Array(at * 2))
      this.names = grown(this.names, new Uint32Array(at * 2))
      this.kinds = grown(this.kinds, new Uint8Array(at * 2))
    }
    this.indices[at] = index
    this.names[at] = name
    this.kinds[at] = kind
    this.count = at + 1
  }
}

function grown<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/** What one walk over relocations and symbols finds; names and versions are read for the list that is asked for. */
export type Selections = Readonly<Record<Wanted, Selection>>

/**
 * Selects what is referred to, both lists in one walk: most files of an audit are asked for both.
 *
 * A symbol that the file defines itself is no reference to others, for its own definition is in every scope that it is
 * looked up in. Symbols of STB_LOCAL and hidden ones are never looked up (glibc elf/dl-reloc.c `resolve_map`).
 *
 * @param referred null: every undefined symbol counts as referred to by data
 */
export function selectSymbols(elf: ElfFile, places: SymbolPlaces, referred: Referred | null): Selections {
  const { start, end, entry } = places
  const room = Math.max(0, Math.min(Math.floor((end - start) / entry), MAX_SYMBOLS))
  const count = referred === null ? countUndefined(places, room) : Math.min(referred.length, room)
  const found = { others: new Selection(), own: new Selection() }
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
      if (mark !== 0) judge(elf, at + i * entry, first + i, mark, found)
    }
  }
  return found
}

/** Reads the names and versions of one list or both, in their order; what is not wanted is null. */
export function readReferences(
  elf: ElfFile,
  places: SymbolPlaces,
  found: Selections,
  wanted: readonly Wanted[],
): Readonly<Record<Wanted, References | null>> {
  const lists = wanted.map((list) => found[list])
  const table = loadNames(elf, places, lists)
  const read: Record<Wanted, References | null> = { others: null, own: null }
  for (const list of wanted) {
    const selection = found[list]
    read[list] = new ReferenceList(selection, readVersions(elf, places, selection), cutNames(elf, table, selection))
  }
  return read
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

/** Puts the entry at a position on the lists that it belongs to. */
function judge(elf: ElfFile, at: number, index: number, mark: number, { others, own }: Selections): void {
  const { view, wide, little } = elf
  const info = view.getUint8(at + (wide ? 4 : 12))
  const visibility = view.getUint8(at + (wide ? 5 : 13)) & 3
  const binding = info >> 4
  // STV_INTERNAL and STV_HIDDEN bind to the file itself.
  if (binding === 0 || visibility === 1 || visibility === 2) return
  const section = view.getUint16(at + (wide ? 6 : 14), little)
  const hasValue = wide
    ? (view.getUint32(at + 8, little) | view.getUint32(at + 12, little)) !== 0
    : view.getUint32(at + 4, little) !== 0
  const answersItself = section !== 0 && (hasValue || section === SHN_ABS || (info & 15) === STT_TLS)
  // A copy relocation looks for the definition behind the program's own one.
  const kind = answersItself ? mark & REFERENCE_COPY : mark
  if (kind !== 0) others.add(index, elf.word(at), binding === 2 ? kind | REFERENCE_WEAK : kind)
  if (answersItself && binding === 1 && visibility === 0 && mark !== REFERENCE_COPY) own.add(index, elf.word(at), mark)
}

/** By position in the list; 0 from where they cannot be read. */
function readVersions(elf: ElfFile, { versions }: SymbolPlaces, found: Selection): Uint16Array {
  const read = new Uint16Array(found.count)
  if (versions === null) return read
  for (let i = 0; i < found.count; i += 1) {
    const offset = versions.start + (found.indices[i] ?? 0) * 2
    const at = offset + 2 <= versions.end ? elf.seek(offset, 2, 8192) : -1
    if (at < 0) {
      elf.fault('malformed', offset, 'DT_VERSYM ends before the dynamic symbols')
      break
    }
    read[i] = elf.half(at) & 0x7fff
  }
  return read
}

interface Names {
  /** All names, one behind the other. */
  readonly bytes: Buffer
  /** Where each begins; one more at the end. */
  readonly starts: Uint32Array
  readonly hashes: Uint32Array
}

interface Loaded {
  /** Its first `length` bytes are those of the file from `offset` on, which is position `first` of the string table. */
  readonly table: Buffer
  readonly offset: number
  readonly first: number
  readonly length: number
}

/** The stretch of the string table that holds the names of all lists, loaded once, for that is most of the work; null where it cannot be. */
function loadNames(elf: ElfFile, places: SymbolPlaces, lists: readonly Selection[]): Loaded | null {
  const { start, end } = places.strings
  const { first, last } = spanOf(lists)
  if (last < 0) return null
  const offset = start + first
  const length = Math.max(0, Math.min(start + last + NAME_LIMIT + 1, end, elf.size) - offset)
  if (length > MAX_NAMES) {
    elf.fault('malformed', start, `symbol names spread over ${length} bytes; at most ${MAX_NAMES} are read`)
    return null
  }
  const table = scratchFor('table', length)
  if (elf.load(offset, length, table)) return { table, offset, first, length }
  elf.fault('truncated', offset, 'the file ends within the names of the dynamic symbols')
  return null
}

/** Smallest and largest position of a name in any of the lists; Infinity and -1 where there is none. */
function spanOf(lists: readonly Selection[]): { readonly first: number; readonly last: number } {
  let first = Infinity
  let last = -1
  for (const { names, count } of lists) {
    for (let i = 0; i < count; i += 1) {
      const name = names[i] ?? 0
      if (name < first) first = name
      if (name > last) last = name
    }
  }
  return { first, last }
}

function cutNames(elf: ElfFile, loaded: Loaded | null, { names, count }: Selection): Names {
  if (loaded === null) return { bytes: Buffer.alloc(0), starts: new Uint32Array(1), hashes: new Uint32Array(0) }
  const { table, offset, first, length } = loaded
  const starts = new Uint32Array(count + 1)
  const hashes = new Uint32Array(count)
  let bytes = scratchFor('names', length + NAME_LIMIT)
  let to = 0
  for (let i = 0; i < count; i += 1) {
    // Names may share bytes, so that together they can be longer than their table.
    if (to + NAME_LIMIT > bytes.length) bytes = grown(bytes, Buffer.allocUnsafeSlow(bytes.length * 2 + NAME_LIMIT))
    const from = (names[i] ?? 0) - first
    const most = Math.min(length, from + NAME_LIMIT + 1)
    let at = from
    let hash = 5381
    for (let byte = 0; at < most && (byte = table[at] ?? 0) !== 0; at += 1) {
      bytes[to + at - from] = byte
      hash = (Math.imul(hash, 33) + byte) | 0
    }
    if (at < most) to += at - from
    else {
      elf.fault('malformed', offset + from, 'the name of a symbol does not end')
      hash = 5381
    }
    hashes[i] = hash
    starts[i + 1] = to
  }
  const kept = Buffer.allocUnsafeSlow(to)
  kept.set(bytes.subarray(0, to))
  return { bytes: kept, starts, hashes }
}

// Reused: string tables are large, all of one audit together are far larger than any, and fresh memory costs more than the read.
const scratch: Record<'table' | 'names', Buffer> = { table: Buffer.alloc(0), names: Buffer.alloc(0) }
/** Larger ones are not kept. */
const MAX_SCRATCH = 4 * 1024 * 1024

function scratchFor(use: 'table' | 'names', length: number): Buffer {
  if (length <= scratch[use].length) return scratch[use]
  const made = Buffer.allocUnsafeSlow(Math.max(length, 64 * 1024))
  if (length <= MAX_SCRATCH) scratch[use] = made
  return made
}

class ReferenceList implements References {
  readonly count: number
  readonly hashes: Uint32Array
  readonly versions: Uint16Array
  readonly kinds: Uint8Array
  readonly #bytes: Buffer
  readonly #starts: Uint32Array

  constructor(found: Selection, versions: Uint16Array, { bytes, starts, hashes }: Names) {
    this.count = hashes.length
    this.hashes = hashes
    this.versions = versions
    this.kinds = found.kinds.slice(0, found.count)
    this.#bytes = bytes
    this.#starts = starts
  }

  name(index: number): Uint8Array {
    const start = this.#starts[index] ?? 0
    // Asked for once per reference: a plain array is made in a third of the time of a Buffer.
    return new Uint8Array(
      this.#bytes.buffer,
      this.#bytes.byteOffset + start,
      (this.#starts[index + 1] ?? start) - start,
    )
  }

  text(index: number): string {
    return decodeBytes(this.#bytes, this.#starts[index] ?? 0, this.#starts[index + 1] ?? 0)
  }
}
