/** `object.name`. */
import { markedValue } from './caller-text.ts'
import { collectionMethod } from './collection-methods.ts'
import { builtin, MAX_LENGTH, raised, typeName, unknown } from './runtime.ts'
import type { Rt } from './runtime.ts'
import { formatFields, formatValue } from './str-format.ts'
import { strMethod } from './str-methods.ts'
import { subscript } from './subscript.ts'

/** The attribute of a value; ends the statement where Python would raise AttributeError. */
export function attributeOf(object: Rt, name: string): Rt {
  const value = found(object, name)
  if (value !== null) return value
  if (object.kind === 'object' && object.attribute !== undefined) {
    return raised('AttributeError', `${object.type} has no attribute "${name}"`)
  }
  return unknown(`AttributeError: ${typeName(object)} has no attribute "${name}" that is evaluated`)
}

function found(object: Rt, name: string): Rt | null {
  if (object.kind === 'object') return object.attribute?.(name) ?? null
  if (object.kind !== 'str') return collectionMethod(object, name)
  if (name !== 'format') return strMethod(object.value, name)
  return builtin('str.format', (args, keywords) => markedValue(formatText(object.value, args, keywords)))
}

/** `text.format(...)`. */
function formatText(text: string, args: readonly Rt[], keywords: ReadonlyMap<string, Rt>): string {
  const out = formatFields(text, {
    value: (key) => {
      if (typeof key === 'number') return args[key] ?? raised('IndexError', 'there is no such argument of format')
      return keywords.get(key) ?? raised('KeyError', `format has no argument ${key}`)
    },
    attribute: attributeOf,
    element: subscript,
    write: formatValue,
  })
  return out.length > MAX_LENGTH ? unknown('a text of this length is not evaluated') : out
}
