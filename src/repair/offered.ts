/** What an OS package would put into a base, as far as an index tells: libraries as objects without bytes. */
import type { PackageIndex } from '../domain/package-index.ts'
import { EM_X86_64, ELFCLASS64 } from '../domain/object.ts'
import type { OsPackageEntry } from '../domain/repair.ts'
import type { LoaderSetup, System } from '../domain/system.ts'
import { standardFolders } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'
import type { OverlayEntry, Tree } from '../domain/tree.ts'
import { virtualObject } from '../elf/virtual.ts'
import { installedNames, isInstalled, oldestOf } from './installed.ts'

/**
 * Files that installing a package brings with everything it depends on; what the base has already is left out, unless it
 * is to be updated. The names the package was chosen for are believed where the index does not know them.
 */
export function offeredFiles(
  index: PackageIndex,
  name: string,
  entry: Pick<OsPackageEntry, 'provides' | 'version'>,
  base: System,
): ReadonlyMap<string, OverlayEntry> {
  const expected = entry.provides
  const installed = installedNames(base)
  const update = oldestOf(entry) !== null && !isInstalled(base, name, entry)
  const setup = base.loader(null, EM_X86_64, ELFCLASS64) ?? null
  const files = new Map<string, OverlayEntry>()
  for (const item of index.closure(name, (other) => installed.has(other))) {
    const known = new Set(item.libraries.map((library) => library.soname))
    const asked = item.name === name ? expected : []
    const believed = asked.filter((soname) => !known.has(soname) && !soname.startsWith('/'))
    for (const library of [...item.libraries, ...believed.map((soname) => ({ soname, path: null, versions: null }))]) {
      const places = update && item.name === name ? placesNow(library.soname, name, base, setup) : []
      for (const place of places.length > 0 ? places : [placeOf(library, setup)]) {
        const path = withoutLinks(base.tree, place)
        if (places.length > 0 || failed(base.tree.lookup(path))) {
          files.set(path, objectOf(library.soname, library.versions, setup))
        }
      }
    }
    for (const program of [...item.programs, ...asked.filter((path) => path.startsWith('/'))]) {
      const path = withoutLinks(base.tree, program)
      if (failed(base.tree.lookup(path))) files.set(path, { kind: 'file', content: EMPTY, mode: 0o755 })
    }
  }
  return files
}

const EMPTY = { size: 0, read: (): Uint8Array => new Uint8Array(0) }

/** Where a package of the base has a library, or where the loader finds it if nothing tells of its files. */
function placesNow(soname: string, name: string, base: System, setup: LoaderSetup | null): readonly string[] {
  const own = base.packageFiles(name).filter((path) => path.endsWith(`/${soname}`))
  if (own.length > 0) return own
  const found = [setup?.cache?.lookup(soname)?.path, placeOf({ soname, path: null }, setup)]
  return found.filter((path) => path !== undefined && !failed(base.tree.lookup(path))).slice(0, 1) as string[]
}

/**
 * Where a file comes to lie in the base: Debian's indexes say `/lib` for what a base with merged folders has in `/usr/lib`,
 * and what the loader finds there is known by its path without links.
 */
function withoutLinks(tree: Tree, path: string): string {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const found = tree.lookup(path.slice(0, end))
    if (!failed(found)) return (found.path === '/' ? '' : found.path) + path.slice(end)
  }
  return path
}

/** The folder that the loader searches last holds most libraries of a distribution. */
function placeOf(
  library: { readonly soname: string; readonly path: string | null },
  setup: LoaderSetup | null,
): string {
  if (library.path !== null) return library.path
  const folder = standardFolders(setup).find((item) => item.startsWith('/usr/')) ?? '/usr/lib64/'
  return folder + library.soname
}

function objectOf(soname: string, versions: readonly string[] | null, setup: LoaderSetup | null): OverlayEntry {
  const header = setup?.reading.header
  const reading = virtualObject({
    soname,
    machine: header?.machine ?? EM_X86_64,
    elfClass: header?.class ?? ELFCLASS64,
    versions,
  })
  return { kind: 'object', reading }
}
