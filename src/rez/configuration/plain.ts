/** Settings as plain data: how values of Python become it, and how a later file changes an earlier one (`deep_update`). */
import type { Value } from '../python/value.ts'

/** A mapping of plain data: texts, numbers, booleans, null, lists and mappings. */
export type Plain = Readonly<Record<string, unknown>>

/** Keys of the mapping that stands for `ModifyList(append=.., prepend=..)`; no setting of Rez has such names. */
export const APPEND = 'ModifyList append'
export const PREPEND = 'ModifyList prepend'

/** A value of Python as plain data; what has no counterpart is its text. */
export function plainOf(value: Value): unknown {
  switch (value.kind) {
    case 'none':
      return null
    case 'int':
      return Number(value.value)
    case 'list':
    case 'tuple':
    case 'set':
      return value.items.map(plainOf)
    case 'dict':
      return Object.fromEntries(value.entries.map(([key, item]) => [String(plainOf(key)), plainOf(item)]))
    default:
      return value.value
  }
}

/** The settings with those of a later file: mappings are merged, lists replaced unless they are modified, others replaced. */
export function updated(settings: Plain, later: Plain): Plain {
  const out: Record<string, unknown> = { ...settings }
  for (const [key, value] of Object.entries(later)) out[key] = merged(out[key], value)
  return out
}

function merged(earlier: unknown, later: unknown): unknown {
  if (isModification(later)) {
    const [before, after] = [later[PREPEND], later[APPEND]]
    // Rez takes lists alone; what is none stays, for whoever expects a list of texts to refuse.
    if (!isList(before) || !isList(after)) return later
    return [...before, ...(isList(earlier) ? earlier : []), ...after]
  }
  if (isPlain(earlier) && isPlain(later)) return updated(earlier, later)
  return isPlain(later) ? updated({}, later) : later
}

function isModification(value: unknown): value is Plain {
  return isPlain(value) && Object.hasOwn(value, APPEND)
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

/** Tells a mapping from any other data. */
export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
