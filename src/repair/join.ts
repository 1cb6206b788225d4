/** Two values of one entry as one. */

const JOINED: readonly string[] = ['fixes', 'sonames', 'provides', 'visible_to', 'closure']

/** Two values of one entry: lists of names are joined and sorted, else the first one's fields stay. */
export function joinValues(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const out: Record<string, unknown> = { ...b, ...a }
  for (const key of JOINED) {
    const lists = [a[key], b[key]].filter((list): list is string[] => Array.isArray(list))
    if (lists.length > 0) out[key] = [...new Set(lists.flat())].sort()
  }
  return out
}
