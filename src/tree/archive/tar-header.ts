/** One header block of a tar archive: ustar (POSIX 1003.1), GNU and v7 dialects (GNU tar manual, "Basic Tar Format"). */
import { decodeBytes } from '../../domain/bytes.ts'

export const BLOCK = 512
/** Longest name of an entry or a link; PATH_MAX of Linux. */
export const MAX_NAME = 4096
/** No file system holds a larger file. */
const MAX_SIZE = 2 ** 50

export interface TarHeader {
  readonly name: string
  readonly link: string
  /** The typeflag as a character; `0` for the NUL of old archives. */
  readonly type: string
  readonly size: number
  /** Permission bits. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Seconds since 1970. */
  readonly modified: number
}

/** The fields of a block; a sentence where it is no header. */
export function parseHeader(block: Uint8Array): TarHeader | string {
  if (!hasChecksum(block)) return 'the checksum of the header is wrong; the archive is damaged, or no tar archive'
  const size = number(block, 124, 12)
  if (size === null || size > MAX_SIZE) return 'the size in the header is no number that a file can have'
  const type = String.fromCharCode(block[156] ?? 0)
  const name = textField(block, 0, 100)
  // Only POSIX headers have a prefix; GNU's keep times and the map of a sparse file there.
  const prefix = textField(block, 257, 6) === 'ustar' && block[263] === 0x30 ? textField(block, 345, 155) : ''
  const header: TarHeader = {
    name: prefix === '' ? name : `${prefix}/${name}`,
    link: textField(block, 157, 100),
    type: type === '\0' ? '0' : type,
    size,
    mode: (number(block, 100, 8) ?? 0o644) & 0o7777,
    uid: number(block, 108, 8) ?? 0,
    gid: number(block, 116, 8) ?? 0,
    modified: number(block, 136, 12) ?? 0,
  }
  return header
}

/** Whether all bytes of a block are zero, as at the end of an archive. */
export function isZero(block: Uint8Array): boolean {
  for (let i = 0; i < BLOCK; i += 1) if (block[i] !== 0) return false
  return true
}

/** Octal digits, or a big-endian number marked by the high bit (GNU). Null for what is neither, and for negative ones. */
export function number(block: Uint8Array, start: number, length: number): number | null {
  const first = block[start] ?? 0
  if ((first & 0x80) !== 0) {
    if ((first & 0x40) !== 0) return null
    let value = first & 0x3f
    for (const byte of block.subarray(start + 1, start + length)) value = value * 256 + byte
    return Number.isSafeInteger(value) ? value : null
  }
  const digits = Buffer.from(block.subarray(start, start + length))
    .toString('latin1')
    .replace(/\0.*$/s, '')
    .trim()
  if (digits === '') return 0
  return /^[0-7]+$/.test(digits) ? parseInt(digits, 8) : null
}

function textField(block: Uint8Array, start: number, length: number): string {
  const nul = block.indexOf(0, start)
  return decodeBytes(block, start, nul >= 0 && nul < start + length ? nul : start + length)
}

/** The sum of all bytes, its own field as blanks; old writers summed signed bytes. */
function hasChecksum(block: Uint8Array): boolean {
  const wanted = number(block, 148, 8)
  let unsigned = 256
  let signed = 256
  for (let i = 0; i < BLOCK; i += 1) {
    if (i >= 148 && i < 156) continue
    const byte = block[i] ?? 0
    unsigned += byte
    signed += byte > 127 ? byte - 256 : byte
  }
  return wanted === unsigned || wanted === signed
}
