/** The known word that a misspelt one was meant to be. */

/** The word nearest to `word` by edits, null where none is within a third of its length. */
export function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null
  let fewest = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    const distance = edits(word.toLowerCase(), candidate.toLowerCase())
    if (distance < fewest) {
      best = candidate
      fewest = distance
    }
  }
  return best
}

/** Levenshtein's distance; words longer than 64 characters are never alike. */
function edits(a: string, b: string): number {
  if (a.length > 64 || b.length > 64) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap))
    }
    row = next
  }
  return row[b.length] ?? 0
}
