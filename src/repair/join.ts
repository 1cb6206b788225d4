/** Two values of one entry as one. */
import type { RpathEntry } from '../domain/repair.ts'
import { leadsToGrafts } from './paths.ts'

const JOINED: readonly string[] = ['fixes', 'sonames', 'provides', 'visible_to', 'closure']

/**
 * Two values of one entry: lists of names are joined and sorted, ways to grafts are added to a run path, else the first
 * one's fields stay.
 */
export function joinValues(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const out: Record<string, unknown> = { ...b, ...a }
  for (const key of JOINED) {
    const lists = [a[key], b[key]].filter((list): list is string[] => Array.isArray(list))
    if (lists.length > 0) out[key] = [...new Set(lists.flat())].sort()
  }
  if (isRunPath(a['set']) && isRunPath(b['set'])) out['set'] = withGrafts(a['set'], b['set'])
  return out
}

type RunPath = RpathEntry['set']

function isRunPath(value: unknown): value is RunPath {
  return value !== null && typeof value === 'object' && 'value' in value
}

/** What other rounds and other contexts add for their grafts stays, whatever becomes of the other elements. */
function withGrafts(a: RunPath, b: RunPath): RunPath {
  const grafts = [...new Set([...a.value, ...b.value].filter(leadsToGrafts))].sort()
  return { ...a, value: [...grafts, ...a.value.filter((element) => !leadsToGrafts(element))] }
}
