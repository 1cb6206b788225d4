/**
 * Byte strings as text: valid UTF-8 decodes as usual, every other byte b becomes the lone surrogate U+DC00+b
 * (Python's surrogateescape), so that a name which is no text survives unchanged from a file to a report.
 */

const RAW_LOW = 0xdc80
const RAW_HIGH = 0xdcff
const ASCII = /^[\0-\x7f]*$/

/** Decodes `bytes[start, end)`; the inverse of {@link encodeBytes} for any input. */
export function decodeBytes(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  // Nearly every name is ASCII: no step per byte for those.
  const latin1 = asBuffer(bytes, start, end).toString('latin1')
  if (ASCII.test(latin1)) return latin1
  let text = ''
  let plain = start
  for (let i = start; i < end;) {
    const length = sequenceLength(bytes, i, end)
    if (length > 0) {
      i += length
      continue
    }
    text += utf8(bytes, plain, i) + String.fromCharCode(0xdc00 + (bytes[i] ?? 0))
    i += 1
    plain = i
  }
  return text + utf8(bytes, plain, end)
}

/** The bytes of a text made by {@link decodeBytes}. */
export function encodeBytes(text: string): Uint8Array {
  if (!isRaw(text)) return Buffer.from(text, 'utf8')
  const parts: Uint8Array[] = []
  let plain = 0
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (!isEscape(text, i, code)) continue
    parts.push(Buffer.from(text.slice(plain, i), 'utf8'), Uint8Array.of(code - 0xdc00))
    plain = i + 1
  }
  parts.push(Buffer.from(text.slice(plain), 'utf8'))
  return Buffer.concat(parts)
}

/** Whether the text holds bytes that are not UTF-8. */
export function isRaw(text: string): boolean {
  if (ASCII.test(text)) return false
  for (let i = 0; i < text.length; i += 1) if (isEscape(text, i, text.charCodeAt(i))) return true
  return false
}

/**
 * The text as a person may see it: control characters, bidirectional overrides and bytes that are not text are written
 * as `\xNN` or `\u{N}`, so that no file name drives a terminal or a page.
 */
export function printable(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  let out = ''
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    if (code >= RAW_LOW && code <= RAW_HIGH) out += `\\x${hex(code - 0xdc00)}`
    else if (code < 0x20 || (code >= 0x7f && code < 0xa0)) out += `\\x${hex(code)}`
    else if (isUnsafe(code)) out += `\\u{${code.toString(16)}}`
    else out += char
  }
  return out
}

function isUnsafe(code: number): boolean {
  return (
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069) ||
    code === 0xfeff ||
    (code >= 0xd800 && code <= 0xdfff)
  )
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

function isEscape(text: string, i: number, code: number): boolean {
  if (code < RAW_LOW || code > RAW_HIGH) return false
  const before = i > 0 ? text.charCodeAt(i - 1) : 0
  return before < 0xd800 || before > 0xdbff
}

function utf8(bytes: Uint8Array, start: number, end: number): string {
  return start === end ? '' : asBuffer(bytes, start, end).toString('utf8')
}

/** Order of two names for sort(), by code units and so the same on every machine: below zero where `a` comes first. */
export function nameOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** A view of `bytes[start, end)`. */
function asBuffer(bytes: Uint8Array, start: number, end: number): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
}

/** Length of the well-formed UTF-8 sequence at `i` (RFC 3629: no overlong forms, no surrogates), 0 when there is none. */
function sequenceLength(bytes: Uint8Array, i: number, end: number): number {
  const first = bytes[i] ?? 0
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return 0
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  if (i + length > end) return 0
  const second = bytes[i + 1] ?? 0
  if (first === 0xe0 && second < 0xa0) return 0
  if (first === 0xed && second > 0x9f) return 0
  if (first === 0xf0 && second < 0x90) return 0
  if (first === 0xf4 && second > 0x8f) return 0
  for (let k = 1; k < length; k += 1) if (((bytes[i + k] ?? 0) & 0xc0) !== 0x80) return 0
  return length
}
