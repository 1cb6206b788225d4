/** `str()` and `repr()`: how Python writes values. */
import { known, members, typeName, unknown } from './runtime.ts'
import type { Rt } from './runtime.ts'

/** `str(value)`. */
export function textOf(value: Rt): string {
  if (value.kind === 'str') return value.value
  if (value.kind === 'object') {
    return value.text === undefined ? unknown(`the text of ${value.type} is not known`) : value.text()
  }
  return reprOf(value)
}

/** `repr(value)`. */
export function reprOf(value: Rt, depth = 0): string {
  if (depth > 50) return unknown('a value nested this deep is not evaluated')
  const inner = (item: Rt): string => reprOf(item, depth + 1)
  switch (value.kind) {
    case 'none':
      return 'None'
    case 'bool':
      return value.value ? 'True' : 'False'
    case 'int':
      return value.value.toString()
    case 'float':
      return floatText(value.value)
    case 'str':
      return quoted(value.value)
    case 'bytes':
      return `b${quoted(value.value, true)}`
    case 'list':
      return `[${known(value).items.map(inner).join(', ')}]`
    case 'tuple':
      return value.items.length === 1
        ? `(${value.items.map(inner).join('')},)`
        : `(${value.items.map(inner).join(', ')})`
    case 'dict': {
      const pairs = [...known(value).entries.values()].map(([key, item]) => `${inner(key)}: ${inner(item)}`)
      return `{${pairs.join(', ')}}`
    }
    case 'set':
      if (value.items.size > 1) return unknown('the order of a set is not known')
      return value.items.size === 0 ? 'set()' : `{${members(value).map(inner).join('')}}`
    case 'function':
    case 'object':
      return unknown(`the text of ${typeName(value)} is not known`)
  }
}

/** A float as Python writes it: always with a point or an exponent, the exponent from 1e16 and below 1e-4. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Object.is(value, -0)) return '-0.0'
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
  }
  const text = String(value)
  return text.includes('.') ? text : `${text}.0`
}

const NAMED: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** A text in the quotes that Python chooses, with its escapes. */
function quoted(text: string, bytes = false): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  let out = quote
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    if (char === quote) out += `\\${char}`
    else if (NAMED[char] !== undefined) out += NAMED[char]
    else if (code < 0x20 || (code >= 0x7f && code < 0xa1) || code === 0xad) out += `\\x${hex(code, 2)}`
    else if (bytes && code > 0x7e) out += `\\x${hex(code, 2)}`
    else if (code >= 0xd800 && code <= 0xdfff) out += `\\u${hex(code, 4)}`
    else out += char
  }
  return out + quote
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0')
}
