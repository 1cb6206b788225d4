/** The name that a person may have meant, among those that exist. */

/** The nearest of some names whatever their case, null where none is near (more than a third of its letters differ). */
export function closest(word: string, names: readonly string[]): string | null {
  let best: string | null = null
  let least = Infinity
  for (const name of names) {
    const edits = distance(word.slice(0, 60).toLowerCase(), name.slice(0, 60).toLowerCase())
    if (edits > Math.ceil(name.length / 3) || edits >= least) continue
    best = name
    least = edits
  }
  return best
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let k = 1; k <= b.length; k += 1) {
      const swap = (row[k - 1] ?? 0) + (a[i - 1] === b[k - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[k] ?? 0) + 1, (next[k - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
