/** Mutations of bytes by a seeded generator: the same seed gives the same inputs on every machine. */

/** Pseudo-random numbers (mulberry32), in [0, 1). */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const EXTREMES = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff]

/**
 * A changed copy of one seed, or a splice of two.
 *
 * @param spare bytes at the beginning that most mutations leave alone, so that they reach beyond the header
 */
export function mutate(seed: Uint8Array, other: Uint8Array, random: () => number, spare: number): Uint8Array {
  let bytes: Uint8Array = Buffer.from(seed)
  const rounds = 1 + Math.floor(random() * 6)
  for (let i = 0; i < rounds; i += 1) bytes = once(bytes, other, random, random() < 0.9 ? spare : 0)
  return bytes
}

function once(bytes: Uint8Array, other: Uint8Array, random: () => number, spare: number): Uint8Array {
  const at = Math.min(bytes.length, spare + Math.floor(random() * Math.max(1, bytes.length - spare)))
  const kind = random()
  if (kind < 0.35) return field(bytes, at, random)
  if (kind < 0.6) return flip(bytes, at, random)
  if (kind < 0.7) return bytes.slice(0, Math.max(spare, at))
  const length = Math.floor(random() * 64)
  if (kind < 0.8) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + length))])
  const from = Math.floor(random() * Math.max(1, other.length))
  const piece = other.subarray(from, from + length)
  if (kind < 0.9) return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)])
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(Math.min(bytes.length, at + piece.length))])
}

function flip(bytes: Uint8Array, at: number, random: () => number): Uint8Array {
  if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8))
  return bytes
}

function field(bytes: Uint8Array, at: number, random: () => number): Uint8Array {
  const value = EXTREMES[Math.floor(random() * EXTREMES.length)] ?? 0
  const size = [1, 2, 4, 8][Math.floor(random() * 4)] ?? 1
  const aligned = at - (at % size)
  for (let i = 0; i < size && aligned + i < bytes.length; i += 1)
    bytes[aligned + i] = i < 4 ? (value >>> (8 * i)) & 0xff : 0
  return bytes
}
