/** What is laid over a tree, by clean absolute path: mounted folders and single entries, the deepest of which wins. */
import type { Laid, LaidNames } from './node.ts'

export type LaidMap = ReadonlyMap<string, Laid>

const NOTHING: LaidNames = new Map()

/** The names in each folder that something lies over, or that lead to something that does. */
export function laidByFolder(laid: LaidMap): (folder: string) => LaidNames {
  const folders = new Map<string, Map<string, Laid | null>>()
  for (const [path, entry] of laid) {
    let child = path
    let value: Laid | null = entry
    while (child !== '/') {
      const cut = child.lastIndexOf('/')
      const above = child.slice(0, cut) || '/'
      const names = folders.get(above) ?? new Map<string, Laid | null>()
      folders.set(above, names)
      const name = child.slice(cut + 1)
      if (value !== null || !names.has(name)) names.set(name, value)
      child = above
      value = null
    }
  }
  return (folder) => folders.get(folder) ?? NOTHING
}

/**
 * Entries laid over what lies there already, in the order of their paths: an entry hides what lay at its path and below
 * it, and what it stands below becomes a folder that it leads out of.
 */
export function layOver(below: LaidMap, entries: readonly (readonly [string, Laid])[]): LaidMap {
  const all = new Map(below)
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  for (const [path, entry] of sorted) {
    for (const known of [...all.keys()]) if (known.startsWith(`${path}/`)) all.delete(known)
    set(all, path, entry)
  }
  return all
}

/** Folders mounted over what lies there already; what lies deeper stays. */
export function mountOver(below: LaidMap, mounts: readonly (readonly [string, Laid])[]): LaidMap {
  const all = new Map(below)
  for (const [path, entry] of mounts) set(all, path, entry)
  return all
}

function set(all: Map<string, Laid>, path: string, entry: Laid): void {
  for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
    const above = path.slice(0, cut)
    const over = all.get(above)
    if (over !== undefined && over.kind !== 'folder') all.set(above, { kind: 'folder', place: null })
  }
  all.set(path, entry)
}

/** A path without empty parts, `.` and `..`, as text. */
export function cleanPath(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}
