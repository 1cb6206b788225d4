/** Which package of a context a path belongs to. */
import type { Package } from '../domain/context.ts'

/** Answers by the deepest payload root above a path; null for everything that no package owns. */
export type Ownership = (path: string) => Package | null

/**
 * @param roots payload roots as paths without links, with their packages
 */
export function ownershipOf(roots: readonly (readonly [root: string, owner: Package])[]): Ownership {
  const byFolder = new Map<string, Package | null>(roots)
  return (path) => {
    const visited: string[] = []
    let folder = parent(path)
    let owner: Package | null = null
    for (;;) {
      const known = byFolder.get(folder)
      if (known !== undefined) {
        owner = known
        break
      }
      visited.push(folder)
      if (folder === '/' || folder === '') break
      folder = parent(folder)
    }
    for (const item of visited) byFolder.set(item, owner)
    return owner
  }
}

function parent(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash <= 0 ? '/' : path.slice(0, slash)
}
