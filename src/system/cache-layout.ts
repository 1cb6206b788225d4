/** The three layouts of `ld.so.cache` as bytes: where its entries, strings and extension lie (sysdeps/generic/dl-cache.h). */

const OLD_MAGIC = 'ld.so-1.7.0'
const NEW_MAGIC = 'glibc-ld.so.cache1.1'
const OLD_HEADER = 16
const OLD_ENTRY = 12
const NEW_HEADER = 48
const NEW_ENTRY = 24
const EXTENSION_MAGIC = 0xeaa42174
const TAG_GLIBC_HWCAPS = 1

/** Settings of the loader that reads the cache. */
export interface CacheReader {
  readonly bigEndian: boolean
  /** Alignment of the new header behind the old one. */
  readonly alignment: number
}

/** A cache whose outline was accepted; its entries are read when they are compared. */
export interface CacheLayout {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly little: boolean
  readonly count: number
  /** Offset of entry 0, size of one entry: 12 without, 24 with hardware capabilities. */
  readonly entries: number
  readonly entrySize: number
  /** Offset that string indices count from, and the bound they are checked against. */
  readonly strings: number
  readonly limit: number
  /** Offset of the new header, null for the old layout alone. */
  readonly header: number | null
}

/** One entry as it stands; `osversion` and `hwcap` are 0 in the old layout. */
export interface CacheEntry {
  readonly flags: number
  /** String index of its path. */
  readonly value: number
  /** The kernel it needs, one byte per number. */
  readonly osversion: number
  readonly hwcap: bigint
}

/** The outline of a cache; null where the loader would ignore the file (elf/dl-cache.c `_dl_load_cache_lookup`). */
export function readLayout(bytes: Uint8Array, reader: CacheReader): CacheLayout | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = !reader.bigEndian
  if (startsWith(bytes, 0, NEW_MAGIC)) return newLayout(bytes, view, 0, little)
  if (!startsWith(bytes, 0, OLD_MAGIC) || bytes.length <= OLD_HEADER) return null
  const count = view.getUint32(12, little)
  if (Math.floor((bytes.length - OLD_HEADER) / OLD_ENTRY) < count) return null
  const end = OLD_HEADER + count * OLD_ENTRY
  const embedded = Math.ceil(end / reader.alignment) * reader.alignment
  if (bytes.length >= embedded + NEW_HEADER && startsWith(bytes, embedded, NEW_MAGIC)) {
    return newLayout(bytes, view, embedded, little)
  }
  const limit = bytes.length - end
  return { bytes, view, little, count, entries: OLD_HEADER, entrySize: OLD_ENTRY, strings: end, limit, header: null }
}

function newLayout(bytes: Uint8Array, view: DataView, header: number, little: boolean): CacheLayout | null {
  if (header === 0 && bytes.length <= NEW_HEADER) return null
  const room = Math.floor((bytes.length - header - NEW_HEADER) / NEW_ENTRY)
  const claimed = view.getUint32(header + 20, little)
  if (claimed > room && header === 0) return null
  // Marked by ldconfig from 2.33 on, and looked at since then; fixed branches of older releases do so too.
  const mark = bytes[header + 28] ?? 0
  if (mark !== 0 && (mark & 3) !== (little ? 2 : 3)) return null
  return {
    bytes,
    view,
    little,
    // Embedded in the old layout the count is taken on trust; entries beyond the end of the file cannot be mapped.
    count: Math.min(claimed, room),
    entries: header + NEW_HEADER,
    entrySize: NEW_ENTRY,
    strings: header,
    limit: bytes.length,
    header,
  }
}

/** The string index of entry `index`'s name, which must be below the layout's count. */
export function keyAt({ view, little, entries, entrySize }: CacheLayout, index: number): number {
  return view.getUint32(entries + index * entrySize + 4, little)
}

/** Entry `index`, which must be below the layout's count. */
export function entryAt(layout: CacheLayout, index: number): CacheEntry {
  const { view, little } = layout
  const at = layout.entries + index * layout.entrySize
  return {
    flags: view.getInt32(at, little),
    value: view.getUint32(at + 8, little),
    osversion: layout.entrySize === NEW_ENTRY ? view.getUint32(at + 12, little) : 0,
    hwcap: layout.entrySize === NEW_ENTRY ? view.getBigUint64(at + 16, little) : 0n,
  }
}

/** Bytes of the NUL-terminated string at an offset of the file. */
export function stringAt(bytes: Uint8Array, at: number): Uint8Array {
  const end = bytes.indexOf(0, at)
  return bytes.subarray(at, end < 0 ? bytes.length : end)
}

/**
 * File offsets of the glibc-hwcaps names, in the order of the extension section; empty where there is none or where its
 * bounds are wrong (`cache_extension_load`).
 */
export function hwcapNames(layout: CacheLayout): readonly number[] {
  const { bytes, view, little, header } = layout
  const at = header === null ? 0 : view.getUint32(header + 32, little)
  if (at === 0 || at % 4 !== 0 || at + 8 > bytes.length) return []
  if (view.getUint32(at, little) !== EXTENSION_MAGIC) return []
  const sections = view.getUint32(at + 4, little)
  if (at + 8 + sections * 16 > bytes.length) return []
  let found: readonly [number, number] = [0, 0]
  for (let i = 0; i < sections; i += 1) {
    const section = at + 8 + i * 16
    const offset = view.getUint32(section + 8, little)
    const size = view.getUint32(section + 12, little)
    if (offset + size > bytes.length) return []
    if (view.getUint32(section, little) === TAG_GLIBC_HWCAPS) found = [offset, size]
  }
  const [offset, size] = found
  if (offset % 4 !== 0 || size % 4 !== 0) return []
  return Array.from({ length: size / 4 }, (_, i) => view.getUint32(offset + i * 4, little))
}

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  if (at + text.length > bytes.length) return false
  for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}
