/** Which OS package owns a file: the package databases of a tree behind one question. */
import type { Fault } from '../domain/fault.ts'
import type { Tree } from '../domain/tree.ts'
import { openApk } from './apk.ts'
import { openDpkg } from './dpkg.ts'
import type { PackageDatabase } from './package-database.ts'
import { openRpm } from './rpm.ts'

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
