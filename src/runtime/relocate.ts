/** Moves paths in texts: what lay below one folder lies below another. */

export interface Relocation {
  readonly from: string
  readonly to: string
}

/** Replaces each folder where it stands as a whole path or begins one, also behind `-I`; the longest that fits wins. */
export function relocated(text: string, relocations: readonly Relocation[]): string {
  if (relocations.length === 0) return text
  const byLength = relocations.toSorted((a, b) => b.from.length - a.from.length)
  const folders = byLength.map(({ from }) => from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  const pattern = new RegExp(`(?<=(?:^|[^\\w.+~/-])(?:-[A-Za-z])?)(${folders})(?![^/:;,\\s'"])`, 'g')
  return text.replace(pattern, (found) => byLength.find(({ from }) => from === found)?.to ?? found)
}
