/** Names out of a string table. The same few thousand names fill every studio, so short ones are kept and shared. */
import { decodeBytes } from '../domain/bytes.ts'
import type { ElfFile } from './file.ts'

/** Longest name in bytes; longer ones are a fault (PATH_MAX of Linux). */
export const NAME_LIMIT = 4096

const SLOTS = 8192
const LONGEST_KEPT = 64
const kept = new Array<string>(SLOTS).fill('')

/** The text of `bytes[start, end)`, whose hash is `hash`; `plain` when all bytes are below 0x80. */
function textOf(bytes: Buffer, start: number, end: number, hash: number, plain: boolean): string {
  if (!plain) return decodeBytes(bytes, start, end)
  if (end - start > LONGEST_KEPT) return bytes.toString('latin1', start, end)
  const slot = hash & (SLOTS - 1)
  const known = kept[slot] ?? ''
  if (isSame(known, bytes, start, end)) return known
  const fresh = bytes.toString('latin1', start, end)
  kept[slot] = fresh
  return fresh
}

function isSame(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) !== bytes[start + i]) return false
  return true
}

/** The NUL-ended text in `bytes[start, limit)`; null when the NUL is missing. */
export function textAt(bytes: Buffer, start: number, limit: number): string | null {
  let hash = 0
  let high = 0
  for (let end = start; end < limit; end += 1) {
    const byte = bytes[end] ?? 0
    if (byte === 0) return textOf(bytes, start, end, hash ^ (hash >>> 13), high < 0x80)
    hash = (Math.imul(hash, 31) + byte) | 0
    high |= byte
  }
  return null
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
    const near = textAt(elf.bytes, at, Math.min(elf.end, at + limit - offset))
    if (near !== null) return near
    const again = elf.seek(offset, limit - offset)
    const far = again < 0 ? null : textAt(elf.bytes, again, again + limit - offset)
    if (far !== null) return far
  }
  const problem = at < 0 ? 'lies outside the segment of the string table' : `does not end within ${NAME_LIMIT} bytes`
  elf.fault('malformed', at < 0 ? null : offset, `the name of ${what} at ${position} ${problem}`)
  return null
}
