/** Names out of a string table. The same few thousand names fill every studio, so short ones are kept and shared. */
import { decodeBytes } from '../domain/bytes.ts'
import type { ElfFile } from './file.ts'

/** Longest name in bytes; longer ones are a fault (PATH_MAX of Linux). */
export const NAME_LIMIT = 4096

/** Names that are kept, and their longest length. */
const MOST_KEPT = 16_384
const LONGEST_KEPT = 64
const kept = new Map<string, string>()
const ASCII = /^[\0-\x7f]*$/

/** The NUL-ended text in `bytes[start, limit)`; null when the NUL is missing. */
export function textAt(bytes: Buffer, start: number, limit: number): string | null {
  let high = 0
  for (let end = start; end < limit; end += 1) {
    const byte = bytes[end] ?? 0
    if (byte === 0) return high < 0x80 ? bytes.toString('latin1', start, end) : decodeBytes(bytes, start, end)
    high |= byte
  }
  return null
}

/** The same in what `elf` has loaded: all of it is one text that is cut into names, which costs no step per byte. */
function loadedTextAt(elf: ElfFile, start: number, limit: number): string | null {
  const text = elf.text()
  const end = text.indexOf('\0', start)
  if (end < 0 || end >= limit) return null
  const part = text.slice(start, end)
  const known = kept.get(part)
  if (known !== undefined) return known
  if (!ASCII.test(part)) return decodeBytes(elf.bytes, start, end)
  // A slice would keep the whole text alive.
  const fresh = elf.bytes.toString('latin1', start, end)
  if (fresh.length > LONGEST_KEPT) return fresh
  if (kept.size >= MOST_KEPT) kept.clear()
  kept.set(fresh, fresh)
  return fresh
}

/** A string table: where it begins in the file, and where the segment that holds it ends. */
export interface StringTable {
  readonly start: number
  readonly end: number
}

/**
 * The name at a position of the table. DT_STRSZ does not bound it, for the loader does not look at that either; the
 * segment does.
 *
 * @returns null with a fault where the table has no such name
 */
export function nameAt(elf: ElfFile, table: StringTable, position: number, what: string): string | null {
  const offset = table.start + position
  const limit = Math.min(table.end, elf.size, offset + NAME_LIMIT + 1)
  // Most names are loaded already: look there first, then read as much as a name may have.
  const at = offset < limit ? elf.seek(offset, 1, NAME_LIMIT + 1) : -1
  if (at >= 0) {
    const near = loadedTextAt(elf, at, Math.min(elf.end, at + limit - offset))
    if (near !== null) return near
    const again = elf.seek(offset, limit - offset)
    const far = again < 0 ? null : loadedTextAt(elf, again, again + limit - offset)
    if (far !== null) return far
  }
  const problem = at < 0 ? 'lies outside the segment of the string table' : `does not end within ${NAME_LIMIT} bytes`
  elf.fault('malformed', at < 0 ? null : offset, `the name of ${what} at ${position} ${problem}`)
  return null
}
