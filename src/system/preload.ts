/** Names in `/etc/ld.so.preload`, exactly as the loader splits the file (glibc elf/rtld.c `dl_main`). */
import { decodeBytes } from '../domain/bytes.ts'

const NEWLINE = 0x0a
const SPACE = 0x20
const HASH = 0x23
/** Space, tab, newline, colon. */
const separators = new Set([SPACE, 0x09, NEWLINE, 0x3a])

/**
 * The names in order, as byte strings. Two habits of the loader are kept: it looks for each further comment only in as
 * many bytes *from the start of the file* as are left behind the comment before, so that a late comment's words count as
 * names; and a NUL ends the list, but for a last name without separator behind it.
 */
export function parsePreload(content: Uint8Array): readonly string[] {
  const bytes = Uint8Array.from(content)
  blankComments(bytes)
  const tail = lastName(bytes)
  const nul = bytes.indexOf(0)
  const end = nul >= 0 && nul < tail ? nul : Math.max(0, tail - 1)
  const names = split(bytes, end)
  if (tail < bytes.length) {
    const stop = bytes.indexOf(0, tail)
    const name = decodeBytes(bytes, tail, stop < 0 ? bytes.length : stop)
    if (name !== '') names.push(name)
  }
  return names
}

function blankComments(bytes: Uint8Array): void {
  let rest = bytes.length
  while (rest > 0) {
    let at = bytes.indexOf(HASH)
    if (at < 0 || at >= rest) return
    rest -= at
    do {
      bytes[at] = SPACE
      rest -= 1
      at += 1
    } while (rest > 0 && bytes[at] !== NEWLINE)
  }
}

/** Start of a name that ends the file without a separator; the length of the file where there is none. */
function lastName(bytes: Uint8Array): number {
  let at = bytes.length
  while (at > 0 && !separators.has(bytes[at - 1] ?? 0)) at -= 1
  return at
}

function split(bytes: Uint8Array, end: number): string[] {
  const names: string[] = []
  let start = 0
  for (let i = 0; i <= end; i += 1) {
    if (i < end && !separators.has(bytes[i] ?? 0)) continue
    if (i > start) names.push(decodeBytes(bytes, start, i))
    start = i + 1
  }
  return names
}
