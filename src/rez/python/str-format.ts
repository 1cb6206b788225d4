/** `text.format(...)` and what Rez builds on it: replacement fields in braces (Python's "Format String Syntax"). */
import { boundedWidth, zeroPadded } from './percent-format.ts'
import { formatNumber } from './number-format.ts'
import { characters, int, raised, str, typeName, unknown } from './runtime.ts'
import type { Rt } from './runtime.ts'
import { reprOf, textOf } from './text.ts'
import { markedValue, withoutMarks, writtenText } from './caller-text.ts'

/** One piece of a format string: fixed text, then perhaps a field. */
interface Piece {
  readonly literal: string
  readonly field: string | null
  readonly conversion: string | null
  readonly spec: string
}

/** Where names and values of fields come from. */
export interface FieldSource {
  /** The value of the first part of a field name; a number for a digit name. */
  value(key: string | number): Rt
  attribute(object: Rt, name: string): Rt
  element(object: Rt, index: Rt): Rt
  /** `format(value, spec)`. */
  write(value: Rt, spec: string): string
}

/** Replaces the fields of `format`; raises ValueError for what is no format string. */
export function formatFields(format: string, source: FieldSource): string {
  return replaceFields(format, source, 2, { next: 0 })
}

/** Fields without a name are numbered through, those of specifications among them. */
function replaceFields(format: string, source: FieldSource, depth: number, counter: { next: number }): string {
  if (depth < 0) return raised('ValueError', 'fields are nested too deep')
  let out = ''
  for (const piece of pieces(format)) {
    out += piece.literal
    if (piece.field === null) continue
    const name = /^(?:$|[.[])/.test(piece.field) ? `${counter.next++}${piece.field}` : piece.field
    const value = convert(fieldValue(name, source), piece.conversion)
    out += source.write(value, replaceFields(piece.spec, source, depth - 1, counter))
  }
  return out
}

/** A format string taken apart. */
function* pieces(format: string): Generator<Piece> {
  let literal = ''
  for (let i = 0; i < format.length; i += 1) {
    const char = format[i]
    if (char !== '{' && char !== '}') {
      literal += char ?? ''
      continue
    }
    if (format[i + 1] === char) {
      literal += char
      i += 1
      continue
    }
    if (char === '}') raised('ValueError', 'a single "}" in a format string')
    const end = closingBrace(format, i)
    yield { literal, ...replacementField(format.slice(i + 1, end)) }
    literal = ''
    i = end
  }
  yield { literal, field: null, conversion: null, spec: '' }
}

function closingBrace(format: string, open: number): number {
  let depth = 0
  for (let i = open; i < format.length; i += 1) {
    if (format[i] === '{') depth += 1
    else if (format[i] === '}' && --depth === 0) return i
  }
  return raised('ValueError', 'a "{" in a format string is not closed')
}

function replacementField(text: string): Omit<Piece, 'literal'> {
  const match = /^((?:\[[^\]]*\]?|[^[!:{])*)(?:!([^:]?)(?=:|$))?(?::([\s\S]*))?$/.exec(text)
  if (match === null) return raised('ValueError', 'a field of a format string is malformed')
  return { field: match[1] ?? '', conversion: match[2] ?? null, spec: match[3] ?? '' }
}

function fieldValue(name: string, source: FieldSource): Rt {
  const first = /^[^.[]*/.exec(name)?.[0] ?? ''
  let value = source.value(/^\d+$/.test(first) ? Number(first) : first)
  const rest = name.slice(first.length)
  const step = /\.([^.[]*)|\[([^\]]*)\](?=[.[]|$)/gy
  for (let at = 0; at < rest.length; at = step.lastIndex) {
    step.lastIndex = at
    const match = step.exec(rest)
    if (match === null) return raised('ValueError', 'a field name is malformed')
    const [, attribute, element] = match
    if (attribute === '' || element === '') return raised('ValueError', 'an empty attribute in a format string')
    if (attribute !== undefined) value = source.attribute(value, attribute)
    else if (element !== undefined)
      value = source.element(value, /^\d+$/.test(element) ? int(BigInt(element)) : str(element))
  }
  return value
}

/** `!r`, `!s` and `!a`. */
export function convert(value: Rt, conversion: string | null): Rt {
  if (conversion === null) return value
  if (conversion === 's') return markedValue(writtenText(value))
  if (conversion === 'r' || conversion === 'a') return str(reprOf(value))
  return raised('ValueError', `unknown conversion "${conversion}"`)
}

const SPEC = /^(?:([\s\S])?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/u

/** A format specification taken apart. */
interface Spec {
  readonly text: string
  readonly fill: string
  readonly align: string | null
  readonly sign: string | null
  readonly zero: boolean
  readonly width: number
  readonly places: number | null
  readonly type: string | null
}

/** `format(value, spec)` for text and numbers; marks stand for parts of the caller's. */
export function formatValue(value: Rt, spec: string): string {
  if (spec === '') return writtenText(value)
  const parsed = parseSpec(withoutMarks(spec))
  if (value.kind === 'str') return formatText(value.value, parsed)
  if (value.kind !== 'int' && value.kind !== 'float' && value.kind !== 'bool') {
    return unknown(`TypeError: the format "${spec}" on ${typeName(value)}`)
  }
  return formatSigned(value, parsed)
}

function parseSpec(text: string): Spec {
  const match = SPEC.exec(text)
  if (match === null) return raised('ValueError', `the format "${text}" is malformed`)
  const [, fill, align, sign, alternate, zero, width, group, places, type] = match
  if (alternate !== undefined || group !== undefined || type === '%' || align === '=') {
    return unknown(`the format "${text}" is not evaluated`)
  }
  return {
    text,
    fill: fill ?? (zero === undefined ? ' ' : '0'),
    align: align ?? null,
    sign: sign ?? null,
    zero: zero !== undefined,
    width: boundedWidth(Number(width ?? 0)),
    places: places === undefined ? null : Number(places),
    type: type ?? null,
  }
}

function formatText(text: string, spec: Spec): string {
  if ((spec.type ?? 's') !== 's' || spec.sign !== null) {
    return raised('ValueError', `the format "${spec.text}" is none for text`)
  }
  const cut = spec.places === null ? text : characters(text).slice(0, spec.places).join('')
  return aligned(cut, spec.fill, spec.align ?? '<', spec.width)
}

function formatSigned(value: Rt, spec: Spec): string {
  const type = spec.type ?? (value.kind !== 'float' ? 'd' : spec.places === null ? '' : 'g')
  const plain = type === '' ? textOf(value) : formatNumber(value, type === 'n' ? 'd' : type, spec.places)
  const signed = spec.sign === '+' || spec.sign === ' ' ? (plain.startsWith('-') ? plain : spec.sign + plain) : plain
  if (spec.zero && spec.align === null) return zeroPadded(signed, spec.width)
  return aligned(signed, spec.fill, spec.align ?? '>', spec.width)
}

function aligned(text: string, fill: string, align: string, size: number): string {
  const room = Math.max(0, size - characters(text).length)
  const before = align === '>' ? room : align === '^' ? Math.floor(room / 2) : 0
  return fill.repeat(before) + text + fill.repeat(room - before)
}
