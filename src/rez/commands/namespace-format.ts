/** Rex's formatting: `{name}` from the namespace, `$VAR` and `${VAR}` kept (`NamespaceFormatter` in `src/rez/rex.py`). */
import { attributeOf } from '../python/attributes.ts'
import { isCallerText, markedValue, noNames, writtenText } from '../python/caller-text.ts'
import { Raised, raised, unknown } from '../python/runtime.ts'
import type { Rt, UnknownBinding } from '../python/runtime.ts'
import { formatFields, formatValue } from '../python/str-format.ts'
import { subscript } from '../python/subscript.ts'
import { EscapedText } from './escaped.ts'

/** Rez's pattern: in `$VAR`, digits end the name, so that `$FOO2` becomes `${FOO}2`. */
const VARIABLE = /\$\{([^{}]+?)\}|\$([a-zA-Z_]+)/g
const MAX_DEPTH = 20

/** The names that fields may use. */
export type Namespace = ReadonlyMap<string, Rt | UnknownBinding>

/** Writes every variable as `${NAME}` and replaces the fields; raises what Python would raise. */
export function formatNamespace(text: string, namespace: Namespace, depth = 0): string {
  if (depth > MAX_DEPTH) return unknown('RecursionError: a field that contains itself')
  if (!/[${}]/.test(text)) return text
  noNames(text)
  const guarded = text.replace(VARIABLE, (_whole, braced: string | undefined, bare: string | undefined) => {
    return `\${{${braced ?? bare ?? ''}}}`
  })
  return formatFields(guarded, {
    value: (key) => {
      if (typeof key === 'number') return raised('IndexError', 'a field without a name')
      const found = namespace.get(key)
      if (found === undefined) return raised('KeyError', key)
      return found.kind === 'unknown' ? unknown(found.reason) : found
    },
    attribute: attributeOf,
    element: subscript,
    write: (value, spec) => {
      if (value instanceof EscapedText) return formatPadded(value.text(), spec, namespace, depth)
      if (isCallerText(value)) return formatPadded(writtenText(value), spec, namespace, depth)
      return value.kind === 'str' ? formatPadded(value.value, spec, namespace, depth) : formatValue(value, spec)
    },
  })
}

/** A field whose value is text is itself formatted. */
function formatPadded(text: string, spec: string, namespace: Namespace, depth: number): string {
  const inner = markedValue(formatNamespace(text, namespace, depth + 1))
  return formatValue(inner, spec)
}

/** As Rez formats values: a text with an unknown name, or that is no format string, stays as it is. */
export function formatLeniently(text: string, namespace: Namespace): string {
  try {
    return formatNamespace(text, namespace)
  } catch (error) {
    if (error instanceof Raised && (error.error === 'KeyError' || error.error === 'ValueError')) return text
    throw error
  }
}
