/** Which OS package owns a file: the package databases of a tree behind one question. */
import type { Fault } from '../domain/fault.ts'
import type { OsPackage } from '../domain/system.ts'
import type { Tree } from '../domain/tree.ts'
import { failed } from '../domain/tree.ts'
import { openApk } from './apk.ts'
import { openDpkg } from './dpkg.ts'
import { openRpm } from './rpm.ts'

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

/** The databases of a tree, asked in the order dpkg, apk, rpm. Nothing is read before the first question. */
export function openOwners(tree: Tree, rpmProgram: string | null): PackageDatabase {
  let opened: readonly PackageDatabase[] | null = null
  const all = (): readonly PackageDatabase[] =>
    (opened ??= [openDpkg(tree), openApk(tree), openRpm(tree, rpmProgram)].filter((database) => database !== null))
  return {
    owner: (path) => {
      for (const database of all()) {
        const owner = database.owner(path)
        if (owner !== null) return owner
      }
      return null
    },
    files: (name) =>
      all()
        .find((database) => database.files(name).length > 0)
        ?.files(name) ?? [],
    packages: () => all().flatMap((database) => database.packages()),
    // What nobody asked for has no faults.
    get faults(): readonly Fault[] {
      return (opened ?? []).flatMap((database) => database.faults)
    },
    get notes(): readonly string[] {
      return (opened ?? []).flatMap((database) => database.notes)
    },
  }
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
