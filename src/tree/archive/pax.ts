/** PAX records, `length key=value\n`, of one extended header (POSIX 1003.1, pax "Extended Header"). */
import { decodeBytes } from '../../domain/bytes.ts'

const DIGIT_0 = 0x30
const SPACE = 0x20
const EQUALS = 0x3d
const NEWLINE = 0x0a

/**
 * Records by key; null where a length leads out of the header. The repeated offsets and lengths of GNU's sparse form 0.0
 * become one list, as form 0.1 writes them.
 */
export function parsePax(bytes: Uint8Array): ReadonlyMap<string, string> | null {
  const records = new Map<string, string>()
  const pieces: string[] = []
  let at = 0
  while (at < bytes.length) {
    // Some writers fill the block with NULs that the size counts.
    if (bytes[at] === 0) break
    const record = recordAt(bytes, at)
    if (record === null) return null
    const { key, value } = record
    if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') pieces.push(value)
    else records.set(key, value)
    at = record.end
  }
  if (pieces.length > 0) records.set('GNU.sparse.map', pieces.join(','))
  return records
}

function recordAt(
  bytes: Uint8Array,
  start: number,
): { readonly key: string; readonly value: string; readonly end: number } | null {
  let at = start
  let length = 0
  for (; at < bytes.length && at - start < 9; at += 1) {
    const digit = (bytes[at] ?? 0) - DIGIT_0
    if (digit < 0 || digit > 9) break
    length = length * 10 + digit
  }
  const end = start + length
  const equals = bytes.indexOf(EQUALS, at)
  if (at === start || bytes[at] !== SPACE || end > bytes.length || bytes[end - 1] !== NEWLINE) return null
  if (equals < 0 || equals >= end) return null
  return { key: decodeBytes(bytes, at + 1, equals), value: decodeBytes(bytes, equals + 1, end - 1), end }
}
