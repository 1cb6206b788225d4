/** Writes `ld.so.cache` in each of its layouts, in any order and with any mistake a test wants. */

export interface WrittenEntry {
  readonly soname: string
  readonly path: string
  readonly flags?: number
  readonly osversion?: number
  readonly hwcap?: bigint
}

export interface WrittenCache {
  readonly entries: readonly WrittenEntry[]
  readonly layout?: 'old' | 'compat' | 'new'
  readonly bigEndian?: boolean
  /** The order byte of the header; by default what fits `bigEndian`. */
  readonly mark?: number
  /** Names of the glibc-hwcaps extension, in this order; absent without it. */
  readonly hwcaps?: readonly string[]
  /** Where the new header starts behind the old entries. */
  readonly alignment?: number
}

/** hwcap of an entry below glibc-hwcaps: bit 62, the ISA level, and the index of its name. */
export function namedHwcap(index: number, isaLevel = 0): bigint {
  return (1n << 62n) | (BigInt(isaLevel) << 32n) | BigInt(index)
}

const OLD_ENTRY = 12
const NEW_ENTRY = 24

/** The bytes of a cache. Entries stand as given: a real cache has them in descending order of their names. */
export function writeCache(cache: WrittenCache): Uint8Array {
  const layout = cache.layout ?? 'new'
  if (layout === 'old') return writeOld(cache)
  if (layout === 'new') return writeNew(cache, 0)
  const outline = oldOutline(cache)
  const alignment = cache.alignment ?? 8
  const start = Math.ceil(outline.length / alignment) * alignment
  const next = writeNew(cache, start)
  // The old entries' strings are those of the new part, counted from the end of the old entries.
  const strings = 48 + cache.entries.length * NEW_ENTRY + start - outline.length
  fillOld(outline, cache, strings)
  return Buffer.concat([outline, Buffer.alloc(start - outline.length), next])
}

function writeOld(cache: WrittenCache): Uint8Array {
  const outline = oldOutline(cache)
  fillOld(outline, cache, 0)
  return Buffer.concat([outline, stringTable(cache).bytes])
}

function oldOutline(cache: WrittenCache): Buffer {
  const out = Buffer.alloc(16 + cache.entries.length * OLD_ENTRY)
  out.write('ld.so-1.7.0', 'latin1')
  put32(out, 12, cache.entries.length, cache)
  return out
}

function fillOld(out: Buffer, cache: WrittenCache, strings: number): void {
  const table = stringTable(cache)
  for (const [index, entry] of cache.entries.entries()) {
    const at = 16 + index * OLD_ENTRY
    put32(out, at, entry.flags ?? 0x303, cache)
    put32(out, at + 4, strings + table.offset(entry.soname), cache)
    put32(out, at + 8, strings + table.offset(entry.path), cache)
  }
}

function writeNew(cache: WrittenCache, start: number): Buffer {
  const table = stringTable(cache)
  const head = Buffer.alloc(48 + cache.entries.length * NEW_ENTRY)
  head.write('glibc-ld.so.cache1.1', 'latin1')
  put32(head, 20, cache.entries.length, cache)
  put32(head, 24, table.bytes.length, cache)
  head[28] = cache.mark ?? (cache.bigEndian === true ? 3 : 2)
  for (const [index, entry] of cache.entries.entries()) {
    const at = 48 + index * NEW_ENTRY
    put32(head, at, entry.flags ?? 0x303, cache)
    put32(head, at + 4, head.length + table.offset(entry.soname), cache)
    put32(head, at + 8, head.length + table.offset(entry.path), cache)
    put32(head, at + 12, entry.osversion ?? 0, cache)
    const hwcap = entry.hwcap ?? 0n
    if (cache.bigEndian === true) head.writeBigUInt64BE(hwcap, at + 16)
    else head.writeBigUInt64LE(hwcap, at + 16)
  }
  if (cache.hwcaps === undefined) return Buffer.concat([head, table.bytes])
  const strings = Buffer.concat([table.bytes, Buffer.alloc((4 - (table.bytes.length % 4)) % 4)])
  const at = start + head.length + strings.length
  put32(head, 32, at, cache)
  return Buffer.concat([
    head,
    strings,
    writeExtension(cache, cache.hwcaps, at, (text) => start + head.length + table.offset(text)),
  ])
}

function writeExtension(
  cache: WrittenCache,
  names: readonly string[],
  at: number,
  offset: (text: string) => number,
): Buffer {
  const out = Buffer.alloc(8 + 16 + names.length * 4)
  put32(out, 0, 0xeaa42174, cache)
  put32(out, 4, 1, cache)
  put32(out, 8, 1, cache)
  put32(out, 16, at + 24, cache)
  put32(out, 20, names.length * 4, cache)
  for (const [index, name] of names.entries()) put32(out, 24 + index * 4, offset(name), cache)
  return out
}

function stringTable(cache: WrittenCache): { readonly bytes: Buffer; offset(text: string): number } {
  const texts = [...cache.entries.flatMap((entry) => [entry.soname, entry.path]), ...(cache.hwcaps ?? [])]
  const offsets = new Map<string, number>()
  const parts: Buffer[] = []
  let length = 0
  for (const text of texts) {
    if (offsets.has(text)) continue
    const bytes = Buffer.from(`${text}\0`, 'latin1')
    offsets.set(text, length)
    parts.push(bytes)
    length += bytes.length
  }
  return { bytes: Buffer.concat(parts), offset: (text) => offsets.get(text) ?? 0 }
}

function put32(out: Buffer, at: number, value: number, cache: WrittenCache): void {
  if (cache.bigEndian === true) out.writeUInt32BE(value >>> 0, at)
  else out.writeUInt32LE(value >>> 0, at)
}
