/** String literals of Python: prefixes, quotes and escapes (Python's "String and Bytes literals"). */
import type { Value } from './value.ts'

/** The parts of one literal's text: `rb'''abc'''` has the flags `rb`, the quote `'''` and its body from 5 to 8. */
export interface LiteralShape {
  readonly raw: boolean
  readonly bytes: boolean
  readonly quote: string
  /** Offsets of the body in the literal's text. */
  readonly from: number
  readonly to: number
  /** The closing quote is there. */
  readonly closed: boolean
}

const OPENING = /^[A-Za-z]*(?:"""|'''|"|')/

/** Takes a literal's text apart; null for a text that does not begin as a string. */
export function literalShape(text: string): LiteralShape | null {
  const match = OPENING.exec(text)
  if (match === null) return null
  const [opening] = match
  const quote = opening.replace(/^[A-Za-z]+/, '')
  const flags = opening.toLowerCase()
  const from = opening.length
  const closed = text.length >= from + quote.length && text.endsWith(quote)
  return {
    raw: flags.includes('r'),
    bytes: flags.includes('b'),
    quote,
    from,
    to: closed ? text.length - quote.length : text.length,
    closed,
  }
}

/** The value of a literal without replacements; null for an escape whose value is not known (`\N{...}`). */
export function literalValue(text: string): Value | null {
  const shape = literalShape(text)
  if (shape === null) return null
  const body = unescape(text.slice(shape.from, shape.to), shape.raw, shape.bytes)
  if (body === null) return null
  return shape.bytes ? { kind: 'bytes', value: body } : { kind: 'str', value: body }
}

const ESCAPE = /\\(?:[0-7]{1,3}|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|N\{[^}]*\}|[\s\S])/g

const SINGLE: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/**
 * The text between the quotes as Python reads it: line ends become `\n`, escapes their characters, an unknown escape
 * stays as it is. Null where `\N{NAME}` would need the table of Unicode names.
 */
function unescape(body: string, raw: boolean, bytes: boolean): string | null {
  const text = body.replace(/\r\n?/g, '\n')
  if (raw || !text.includes('\\')) return text
  if (!bytes && [...text.matchAll(ESCAPE)].some(([escape]) => isUnknown(escape))) return null
  return text.replace(ESCAPE, (escape) => {
    const code = escapeCode(escape, bytes)
    return code === null ? (SINGLE[escape.slice(1)] ?? escape) : String.fromCodePoint(code)
  })
}

/** `\N{NAME}`, and numbers beyond Unicode, which Python refuses. */
function isUnknown(escape: string): boolean {
  // Python takes no `\N` without a name; in a format the grammar has what follows as a part of its own.
  return escape[1] === 'N' || (escape.length > 2 && escape[1] === 'U' && escapeCode(escape, false) === null)
}

/** The character of a numeric escape; null for every other escape and for numbers beyond Unicode. */
function escapeCode(escape: string, bytes: boolean): number | null {
  if (/^\\[0-7]/.test(escape)) return parseInt(escape.slice(1), 8) & (bytes ? 0xff : 0x1ff)
  if (escape.length < 3 || escape[1] === 'N' || (bytes && escape[1] !== 'x')) return null
  const code = parseInt(escape.slice(2), 16)
  return code <= 0x10ffff ? code : null
}

/** The fixed text of an f-string between two replacements: escapes are read and doubled braces halved. */
export function fixedText(body: string, raw: boolean): string | null {
  const text = unescape(body, raw, false)
  return text === null ? null : text.replace(/\{\{/g, '{').replace(/\}\}/g, '}')
}
