/** The hash tables of the dynamic symbols: their headers, their hash functions, and how many symbols they tell of. */
import { encodeBytes } from '../domain/bytes.ts'
import type { ElfHeader, LoadSegment } from '../domain/object.ts'
import { ELFCLASS64, EM_S390 } from '../domain/object.ts'
import type { ElfFile } from './file.ts'
import { SPAN } from './file.ts'
import { segmentOf } from './segments.ts'

const EM_ALPHA = 0x9026
/** Entries of one chain or array that are followed. */
export const MAX_CHAIN: number = 1 << 16
/** Symbols of one file; the largest libraries of today have some 300,000. */
export const MAX_SYMBOLS: number = 1 << 20

/** The hash of DT_HASH (gABI, "Hash Table"). */
export function sysvHash(name: string): number {
  let hash = 0
  for (const byte of encodeBytes(name)) {
    hash = (Math.imul(hash, 16) + byte) >>> 0
    const high = hash & 0xf0000000
    hash = (hash ^ (high >>> 24)) & 0x0fffffff
  }
  return hash
}

/** The hash of DT_GNU_HASH (glibc elf/dl-hash.h, `_dl_new_hash`). */
export function gnuHash(name: string): number {
  let hash = 5381
  for (const byte of encodeBytes(name)) hash = (Math.imul(hash, 33) + byte) >>> 0
  return hash
}

/** The hash of DT_GNU_HASH and the bytes of a name, for `SymbolFile.visit`. */
export function symbolQuery(name: string): { readonly hash: number; readonly bytes: Uint8Array } {
  const bytes = encodeBytes(name)
  let hash = 5381
  for (const byte of bytes) hash = (Math.imul(hash, 33) + byte) >>> 0
  return { hash, bytes }
}

/** DT_GNU_HASH; offsets in the file, `end` where its segment ends. */
export interface GnuTable {
  readonly buckets: number
  readonly firstSymbol: number
  readonly bloomWords: number
  readonly bloomShift: number
  readonly bloomStart: number
  readonly bucketStart: number
  readonly chainStart: number
  readonly end: number
}

/** DT_HASH; `entry` is the size of its numbers in bytes. */
export interface SysvTable {
  readonly buckets: number
  readonly symbols: number
  readonly entry: number
  readonly bucketStart: number
  readonly chainStart: number
  readonly end: number
}

/** File offset of an address and the end of its segment; null with a fault where no segment holds it. */
export function placeOf(
  elf: ElfFile,
  loads: readonly LoadSegment[],
  address: number,
  tag: string,
): { readonly start: number; readonly end: number } | null {
  const load = segmentOf(loads, address)
  if (load !== null) {
    return { start: address - load.address + load.offset, end: Math.min(load.offset + load.fileSize, elf.size) }
  }
  elf.fault('malformed', null, `${tag} is at address 0x${address.toString(16)}, which no segment of the file holds`)
  return null
}

/** Reads the header of DT_GNU_HASH; null with a fault where it is not sound. */
export function readGnuTable(elf: ElfFile, loads: readonly LoadSegment[], address: number): GnuTable | null {
  const place = placeOf(elf, loads, address, 'DT_GNU_HASH')
  if (place === null) return null
  const at = elf.seek(place.start, 16, 4096)
  if (at < 0) return truncated(elf, place.start, 'DT_GNU_HASH')
  const buckets = elf.word(at)
  const bloomWords = elf.word(at + 8)
  const bloomStart = place.start + 16
  const bucketStart = bloomStart + bloomWords * (elf.wide ? 8 : 4)
  const chainStart = bucketStart + buckets * 4
  if (buckets === 0 || chainStart > place.end) {
    elf.fault(
      'malformed',
      place.start,
      `DT_GNU_HASH with ${buckets} buckets and ${bloomWords} words does not fit its segment`,
    )
    return null
  }
  const firstSymbol = elf.word(at + 4)
  return {
    buckets,
    firstSymbol,
    bloomWords,
    bloomShift: elf.word(at + 12),
    bloomStart,
    bucketStart,
    chainStart,
    end: place.end,
  }
}

/** Reads the header of DT_HASH; null with a fault where it is not sound. */
export function readSysvTable(
  elf: ElfFile,
  header: ElfHeader,
  loads: readonly LoadSegment[],
  address: number,
): SysvTable | null {
  const place = placeOf(elf, loads, address, 'DT_HASH')
  if (place === null) return null
  // The only two machines whose table has 64-bit numbers.
  const long = header.class === ELFCLASS64 && (header.machine === EM_S390 || header.machine === EM_ALPHA)
  const entry = long ? 8 : 4
  const at = elf.seek(place.start, 2 * entry, 4096)
  if (at < 0) return truncated(elf, place.start, 'DT_HASH')
  const buckets = long ? elf.native(at) : elf.word(at)
  const symbols = long ? elf.native(at + 8) : elf.word(at + 4)
  const bucketStart = place.start + 2 * entry
  const chainStart = bucketStart + buckets * entry
  if (buckets === 0 || !(chainStart + symbols * entry <= place.end)) {
    elf.fault(
      'malformed',
      place.start,
      `DT_HASH with ${buckets} buckets and ${symbols} symbols does not fit its segment`,
    )
    return null
  }
  return { buckets, symbols, entry, bucketStart, chainStart, end: place.end }
}

function truncated(elf: ElfFile, offset: number, tag: string): null {
  elf.fault('truncated', offset, `the file ends within ${tag}`)
  return null
}

/**
 * One more than the last symbol that DT_GNU_HASH knows: the largest bucket's chain, followed to its end. Null where no
 * bucket is filled, for then the table does not tell how many undefined symbols there are.
 */
export function gnuCount(elf: ElfFile, table: GnuTable): number | null {
  let last = 0
  for (let done = 0; done < table.buckets;) {
    const part = Math.min(table.buckets - done, SPAN / 4)
    const at = elf.seek(table.bucketStart + done * 4, part * 4)
    if (at < 0) return truncated(elf, table.bucketStart + done * 4, 'DT_GNU_HASH')
    for (let i = 0; i < part; i += 1) last = Math.max(last, elf.word(at + i * 4))
    done += part
  }
  if (last === 0) return null
  if (last < table.firstSymbol) {
    elf.fault('malformed', table.bucketStart, `DT_GNU_HASH names symbol ${last}, but begins with ${table.firstSymbol}`)
    return null
  }
  for (let index = last; index - last < MAX_CHAIN; index += 1) {
    const offset = table.chainStart + (index - table.firstSymbol) * 4
    const at = offset + 4 <= table.end ? elf.seek(offset, 4, 1024) : -1
    if (at < 0) {
      elf.fault('malformed', offset, 'a chain of DT_GNU_HASH leads beyond its segment')
      return index
    }
    if ((elf.word(at) & 1) !== 0) return index + 1
  }
  elf.fault('malformed', table.chainStart, `a chain of DT_GNU_HASH has more than ${MAX_CHAIN} symbols`)
  return last
}
