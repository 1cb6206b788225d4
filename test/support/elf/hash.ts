/** The hash tables of dynamic symbols: DT_HASH (gABI) and DT_GNU_HASH. */
import { encodeBytes } from '../../../src/domain/bytes.ts'
import type { Format } from './bytes.ts'
import { Writer } from './bytes.ts'

const BLOOM_SHIFT = 6

/** The System V hash of a name. */
export function sysvHash(name: string): number {
  let hash = 0
  for (const byte of encodeBytes(name)) {
    hash = ((hash << 4) >>> 0) + byte
    const high = hash & 0xf0000000
    hash = ((hash ^ (high >>> 24)) & ~high & 0xfffffff) >>> 0
  }
  return hash
}

/** The GNU hash of a name. */
export function gnuHash(name: string): number {
  let hash = 5381
  for (const byte of encodeBytes(name)) hash = (Math.imul(hash, 33) + byte) >>> 0
  return hash
}

/** Buckets for a number of symbols. */
export function bucketCount(symbols: number): number {
  return Math.max(1, Math.ceil(symbols / 2))
}

/** DT_HASH over all names, the null symbol's at index 0. `wordSize` is 8 on 64-bit s390 and Alpha, else 4. */
export function sysvTable(names: readonly string[], format: Format, wordSize: number): Uint8Array {
  const count = bucketCount(names.length)
  const buckets = new Array<number>(count).fill(0)
  const chains = new Array<number>(names.length).fill(0)
  names.forEach((name, i) => {
    if (i === 0) return
    const bucket = sysvHash(name) % count
    chains[i] = buckets[bucket] ?? 0
    buckets[bucket] = i
  })
  const writer = new Writer(format).number(count, wordSize).number(names.length, wordSize)
  for (const value of [...buckets, ...chains]) writer.number(value, wordSize)
  return writer.bytes()
}

/** DT_GNU_HASH over `hashed`, the names of the last symbols, in the order of {@link byBucket}. */
export function gnuTable(hashed: readonly string[], first: number, format: Format): Uint8Array {
  const count = bucketCount(hashed.length)
  const bits = format.wide ? 64 : 32
  const hashes = hashed.map(gnuHash)
  const bloomSize = 2 ** Math.ceil(Math.log2(Math.max(1, hashed.length / 8)))
  const bloom = new Array<bigint>(bloomSize).fill(0n)
  for (const hash of hashes) {
    const word = Math.floor(hash / bits) % bloomSize
    bloom[word] = (bloom[word] ?? 0n) | (1n << BigInt(hash % bits)) | (1n << BigInt((hash >>> BLOOM_SHIFT) % bits))
  }
  const writer = new Writer(format).word(count).word(first).word(bloomSize).word(BLOOM_SHIFT)
  for (const word of bloom) writeBloom(writer, word, format)
  for (let bucket = 0; bucket < count; bucket += 1) {
    const at = hashes.findIndex((hash) => hash % count === bucket)
    writer.word(at < 0 ? 0 : first + at)
  }
  hashes.forEach((hash, i) => {
    const next = hashes[i + 1]
    const last = next === undefined || next % count !== hash % count
    writer.word(((hash & 0xfffffffe) | (last ? 1 : 0)) >>> 0)
  })
  return writer.bytes()
}

/** Sorts defined symbols as DT_GNU_HASH wants them: by bucket, else as they were. */
export function byBucket<T extends { readonly name: string }>(symbols: readonly T[]): readonly T[] {
  const count = bucketCount(symbols.length)
  return [...symbols].sort((a, b) => (gnuHash(a.name) % count) - (gnuHash(b.name) % count))
}

function writeBloom(writer: Writer, word: bigint, format: Format): void {
  const low = Number(word & 0xffffffffn)
  const high = Number(word >> 32n)
  if (!format.wide) writer.word(low)
  else if (format.big) writer.word(high).word(low)
  else writer.word(low).word(high)
}
