/** Which versions are nearest to one that is not there. */
import { compareVersions } from './version.ts'
import type { Version } from './version.ts'

interface Versioned {
  readonly version: Version
}

/** The items sorted by nearness: most tokens in common first, then the lowest above, then the highest below. */
export function nearestVersions<Item extends Versioned>(wanted: Version, items: readonly Item[]): readonly Item[] {
  const keyed = items.map((item) => ({ item, shared: sharedTokens(wanted, item.version) }))
  keyed.sort((a, b) => {
    if (a.shared !== b.shared) return b.shared - a.shared
    const [left, right] = [compareVersions(a.item.version, wanted), compareVersions(b.item.version, wanted)]
    if (Math.sign(left) !== Math.sign(right)) return right - left
    const order = compareVersions(a.item.version, b.item.version)
    return left > 0 ? order : -order
  })
  return keyed.map(({ item }) => item)
}

function sharedTokens(a: Version, b: Version): number {
  let shared = 0
  while (shared < a.tokens.length && a.tokens[shared]?.text === b.tokens[shared]?.text) shared += 1
  return shared
}
