/** Names of version nodes: their family, and which of two is newer. */

/** A node such as `GLIBC_2.34`: the family `GLIBC` and what follows. */
export interface VersionNode {
  readonly family: string
  /** Numbers and letters in order; null where the name has no version, as `GLIBC_ABI_DT_RELR`. */
  readonly version: readonly (number | string)[] | null
}

/** Marks that glibc gives beside its numbered versions. */
const GLIBC_MARK = /^GLIBC_(?!\d)/

/** Splits the name of a node; a name without numbers is a family of its own. */
export function parseNode(name: string): VersionNode {
  if (GLIBC_MARK.test(name)) return { family: 'GLIBC', version: null }
  const match = /^(.*?)[_-]?(\d+(?:[._]\d+)*)([a-z]?)$/.exec(name)
  if (match === null) return { family: name, version: null }
  const [, family = '', numbers = '', letter = ''] = match
  return { family, version: [...numbers.split(/[._]/).map(Number), ...(letter === '' ? [] : [letter])] }
}

/** Below 0 where `a` is older, above where it is newer; a mark without version counts as newer than every version. */
export function compareNodes(a: string, b: string): number {
  const [left, right] = [parseNode(a).version, parseNode(b).version]
  if (left === null || right === null) {
    if (left === null && right === null) return a < b ? -1 : a > b ? 1 : 0
    return left === null ? 1 : -1
  }
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const [x = -1, y = -1] = [left[i], right[i]]
    if (x === y) continue
    // A letter comes after the bare number: 1.1.1 before 1.1.1d.
    if (typeof x === 'number' && typeof y === 'number') return x - y
    return typeof x === 'number' ? -1 : typeof y === 'number' ? 1 : x < y ? -1 : 1
  }
  return 0
}

/** The newest node of a family among some names; null where the family is not there. Marks without version are left out. */
export function newestOf(family: string, names: Iterable<string>): string | null {
  let newest: string | null = null
  for (const name of names) {
    const node = parseNode(name)
    if (node.family !== family || node.version === null) continue
    if (newest === null || compareNodes(name, newest) > 0) newest = name
  }
  return newest
}
