/** `text % values` (Python's "printf-style String Formatting"). */
import { elements, str, unknown } from './runtime.ts'
import type { Rt } from './runtime.ts'
import { formatNumber } from './number-format.ts'
import { withoutMarks, writtenText } from './caller-text.ts'
import { reprOf } from './text.ts'
import { subscript } from './subscript.ts'

const CONVERSION = /%(?:\(([^)]*)\))?([-+ 0#]*)(\*|\d*)(?:\.(\d+))?[hlL]?([\s\S]?)/g

/** Writes `values` into `format`; ends the statement where Python would raise. */
export function percentFormat(format: string, values: Rt): string {
  const given = values.kind === 'tuple' ? elements(values) : [values]
  let used = 0
  let keyed = false
  let out = ''
  let plain = 0
  for (const match of format.matchAll(CONVERSION)) {
    const [whole, key, flags = '', width = '', precision, type = ''] = match
    out += format.slice(plain, match.index)
    plain = match.index + whole.length
    if (type === '%') {
      out += '%'
      continue
    }
    keyed ||= key !== undefined
    const value = key === undefined ? given[used++] : subscript(values, str(key))
    if (value === undefined) return unknown('TypeError: not enough arguments for the format')
    out += convert(value, flags, width, precision, type)
  }
  if (!keyed && used < given.length && values.kind !== 'dict') {
    return unknown('TypeError: not all arguments were used by the format')
  }
  return out + format.slice(plain)
}

function convert(value: Rt, flags: string, width: string, precision: string | undefined, type: string): string {
  if (width === '*') return unknown('a width of "*" is not evaluated')
  const places = precision === undefined ? null : Number(precision)
  let text: string
  if (type === 's' || type === 'r' || type === 'a') {
    text = type === 's' ? writtenText(value) : reprOf(value)
    if (places !== null) text = withoutMarks(text).slice(0, places)
    if (width === '') return text
    text = withoutMarks(text)
  } else {
    const number = formatNumber(value, type === 'i' || type === 'u' ? 'd' : type, places)
    text = flags.includes('+') && !number.startsWith('-') ? `+${number}` : number
    if (flags.includes('0') && !flags.includes('-')) return zeroPadded(text, Number(width))
  }
  const size = boundedWidth(Number(width))
  return flags.includes('-') ? text.padEnd(size) : text.padStart(size)
}

/** Pads behind the sign. */
export function zeroPadded(text: string, width: number): string {
  const sign = /^[+-]/.test(text) ? text.slice(0, 1) : ''
  return sign + text.slice(sign.length).padStart(boundedWidth(width) - sign.length, '0')
}

/** A field wider than this is not evaluated. */
export function boundedWidth(width: number): number {
  return width > 10_000 ? unknown('a field of this width is not evaluated') : width
}
