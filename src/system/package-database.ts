/** The port that each package database answers through, and the paths its lists are compared by. */
import type { Fault } from '../domain/fault.ts'
import type { OsPackage } from '../domain/system.ts'
import type { Tree } from '../domain/tree.ts'
import { failed } from '../domain/tree.ts'

/** One package database. Paths are without links; a database with several owners of a file names the first by name. */
export interface PackageDatabase {
  owner(path: string): OsPackage | null
  /** Every path of one package in the order of its list, links in folders followed; empty when it is not installed. */
  files(name: string): readonly string[]
  /** Installed packages sorted by name. */
  packages(): readonly OsPackage[]
  readonly faults: readonly Fault[]
  readonly notes: readonly string[]
}

/**
 * Makes paths of a package list comparable with paths of the tree: links in the folder part are followed, so that
 * `/lib/x` of a list is `/usr/lib/x` on a merged system. The last part stays as it is.
 */
export function folderFollower(tree: Tree): (path: string) => string {
  const folders = new Map<string, string>()
  return (path) => {
    const slash = path.lastIndexOf('/')
    if (slash <= 0) return path
    const folder = path.slice(0, slash)
    let real = folders.get(folder)
    if (real === undefined) {
      const found = tree.lookup(folder)
      real = failed(found) ? folder : found.path
      folders.set(folder, real)
    }
    return real === '/' ? path.slice(slash) : real + path.slice(slash)
  }
}
