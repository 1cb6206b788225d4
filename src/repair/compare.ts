/** Order of names, and equality of plain data. */

/** Order by the bytes of UTF-8, the same in every locale. */
export function compareBytes(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'))
}

/** Whether two values are the same data; a key whose value is undefined counts as absent, the order of keys does not. */
export function sameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, at) => sameData(item, b[at]))
  }
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false
  const left = new Map(Object.entries(a).filter(([, value]) => value !== undefined))
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined))
  return (
    left.size === right.size && [...left].every(([key, value]) => right.has(key) && sameData(value, right.get(key)))
  )
}
