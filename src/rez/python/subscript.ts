/** `object[index]` and `object[lower:upper:step]`. */
import {
  characters,
  elements,
  hashKey,
  indexArgument,
  known,
  list,
  NONE,
  raised,
  str,
  tuple,
  typeName,
  unknown,
} from './runtime.ts'
import type { Rt } from './runtime.ts'

/** The element at an index or key; ends the statement where Python would raise. */
export function subscript(object: Rt, index: Rt): Rt {
  if (object.kind === 'dict') {
    const entry = known(object).entries.get(hashKey(index))
    return entry === undefined ? raised('KeyError', 'the key is not there') : entry[1]
  }
  if (object.kind === 'object') {
    return object.item === undefined ? unknown(`an element of ${object.type} is not known`) : object.item(index)
  }
  if (object.kind !== 'str' && object.kind !== 'list' && object.kind !== 'tuple') {
    return unknown(`TypeError: ${typeName(object)} has no elements`)
  }
  const items = object.kind === 'str' ? characters(object.value).map(str) : elements(object)
  const place = indexArgument(index, 'an index')
  return items[place < 0 ? place + items.length : place] ?? raised('IndexError', 'out of range')
}

/** A slice of text, a list or a tuple. */
export function slice(object: Rt, lower: Rt | null, upper: Rt | null, step: Rt | null): Rt {
  const items = object.kind === 'object' && object.parts !== undefined ? object.parts() : elements(object)
  const picked = sliceIndices(items.length, bound(lower), bound(upper), bound(step)).map((i) => items[i] ?? NONE)
  if (object.kind === 'str') return str(picked.map((item) => (item.kind === 'str' ? item.value : '')).join(''))
  if (object.kind === 'list') return list(picked)
  if (object.kind === 'tuple' || object.kind === 'object') return tuple(picked)
  return unknown(`TypeError: ${typeName(object)} has no slices`)
}

function bound(value: Rt | null): number | null {
  return value === null || value.kind === 'none' ? null : indexArgument(value, 'a slice')
}

/** The indices that a slice picks from a sequence of `length` elements. */
export function sliceIndices(
  length: number,
  lower: number | null,
  upper: number | null,
  step: number | null,
): number[] {
  const by = step ?? 1
  if (by === 0) return unknown('ValueError: a slice step of zero')
  const clamp = (value: number): number => {
    const place = value < 0 ? value + length : value
    return Math.min(Math.max(place, by > 0 ? 0 : -1), by > 0 ? length : length - 1)
  }
  const from = lower === null ? (by > 0 ? 0 : length - 1) : clamp(lower)
  const to = upper === null ? (by > 0 ? length : -1) : clamp(upper)
  const out: number[] = []
  for (let i = from; by > 0 ? i < to : i > to; i += by) out.push(i)
  return out
}
