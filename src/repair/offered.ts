/** What an OS package would put into a base, as far as an index tells: libraries as objects without bytes. */
import type { PackageIndex } from '../domain/package-index.ts'
import { EM_X86_64, ELFCLASS64 } from '../domain/object.ts'
import type { LoaderSetup, System } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'
import type { OverlayEntry, Tree } from '../domain/tree.ts'
import { virtualObject } from '../elf/virtual.ts'

/**
 * Files that installing a package brings with everything it depends on; what the base has already is left out.
 *
 * @param expected sonames and paths the package was chosen for: where the index does not know them, they are believed
 */
export function offeredFiles(
  index: PackageIndex,
  name: string,
  base: System,
  expected: readonly string[],
): ReadonlyMap<string, OverlayEntry> {
  const installed = installedNames(base)
  const setup = base.loader(null, EM_X86_64, ELFCLASS64) ?? null
  const files = new Map<string, OverlayEntry>()
  for (const item of index.closure(name, (other) => installed.has(other))) {
    const known = new Set(item.libraries.map((library) => library.soname))
    const asked = item.name === name ? expected : []
    const believed = asked.filter((soname) => !known.has(soname) && !soname.startsWith('/'))
    for (const library of [...item.libraries, ...believed.map((soname) => ({ soname, path: null, versions: null }))]) {
      const path = withoutLinks(base.tree, placeOf(library, setup))
      if (failed(base.tree.lookup(path))) files.set(path, objectOf(library.soname, library.versions, setup))
    }
    for (const program of [...item.programs, ...asked.filter((path) => path.startsWith('/'))]) {
      const path = withoutLinks(base.tree, program)
      if (failed(base.tree.lookup(path))) files.set(path, { kind: 'file', content: EMPTY, mode: 0o755 })
    }
  }
  return files
}

const EMPTY = { size: 0, read: (): Uint8Array => new Uint8Array(0) }

/** Names of the OS packages that a base has. */
export function installedNames(base: System): ReadonlySet<string> {
  return new Set(base.packages().map((item) => item.name))
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
  const folders = [...(setup?.systemFolders ?? []), ...(setup?.muslPath ?? []).map((folder) => `${folder}/`)]
  const folder = folders.find((item) => item.startsWith('/usr/')) ?? '/usr/lib64/'
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
