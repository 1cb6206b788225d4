/** Contents of files that lie in memory: all their bytes, some of their bytes, or their size alone. */
import type { ByteSource } from '../domain/source.ts'

/** A stretch of a file: where it begins, and its bytes. */
export interface Stretch {
  readonly offset: number
  readonly bytes: Uint8Array
}

const NOTHING = new Uint8Array(0)

/** A file of which every byte is here. */
export function bytesContent(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) }
}

/**
 * A file of which only some stretches are here. A read ends where the stretch ends that holds its beginning, as at the
 * end of a file: what is not here is reported as such by whoever reads, and never taken for zeros.
 *
 * @param size length of the whole file
 * @param stretches in any order; those that touch or overlap answer as one
 */
export function sparseContent(size: number, stretches: readonly Stretch[]): ByteSource {
  const parts = joined(stretches)
  return {
    size,
    read: (offset, length) => {
      const part = parts[lastAtOrBefore(parts, offset)]
      if (part === undefined) return NOTHING
      const at = offset - part.offset
      return at >= part.bytes.length ? NOTHING : part.bytes.subarray(at, at + length)
    },
  }
}

/** As {@link sparseContent}, but what lies between the stretches reads as zeros: for a file that is searched for texts. */
export function zeroFilledContent(size: number, stretches: readonly Stretch[]): ByteSource {
  const parts = joined(stretches)
  return {
    size,
    read: (offset, length) => {
      const out = new Uint8Array(Math.max(0, Math.min(length, size - offset)))
      for (const part of parts) {
        const from = Math.max(offset, part.offset)
        const to = Math.min(offset + out.length, part.offset + part.bytes.length)
        if (to > from) out.set(part.bytes.subarray(from - part.offset, to - part.offset), from - offset)
      }
      return out
    },
  }
}

/** A file that is known not to be ELF, and of which nothing but its size (and perhaps its beginning) is known: zeros. */
export function blankContent(size: number, head: Uint8Array = NOTHING): ByteSource {
  return {
    size,
    read: (offset, length) => {
      const out = new Uint8Array(Math.max(0, Math.min(length, size - offset)))
      if (offset < head.length) out.set(head.subarray(offset, offset + out.length))
      return out
    },
  }
}

/** Stretches by offset, those that touch or overlap as one. */
function joined(stretches: readonly Stretch[]): readonly Stretch[] {
  const sorted = stretches.filter(({ bytes }) => bytes.length > 0).sort((a, b) => a.offset - b.offset)
  const out: Stretch[] = []
  let run: Stretch[] = []
  let end = -1
  for (const part of sorted) {
    if (part.offset > end && run.length > 0) {
      out.push(merged(run, end))
      run = []
    }
    run.push(part)
    end = Math.max(run.length === 1 ? 0 : end, part.offset + part.bytes.length)
  }
  if (run.length > 0) out.push(merged(run, end))
  return out
}

/** Stretches that touch or overlap, sorted, as one that ends at `end`. */
function merged(parts: readonly Stretch[], end: number): Stretch {
  const [first] = parts
  if (first === undefined || parts.length === 1) return first ?? { offset: end, bytes: NOTHING }
  const bytes = new Uint8Array(end - first.offset)
  for (const part of parts) bytes.set(part.bytes, part.offset - first.offset)
  return { offset: first.offset, bytes }
}

/** Index of the last stretch that begins at or before an offset; -1 where none does. */
function lastAtOrBefore(parts: readonly Stretch[], offset: number): number {
  let low = 0
  let high = parts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((parts[middle]?.offset ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low - 1
}
