/** The libraries of a system that a need finds by its name alone: what the loader's folders hold, by soname. */
import { ELFCLASS64, EM_X86_64 } from '../domain/object.ts'
import type { LoaderSetup, OsPackage, System } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'
import { readOpened } from '../elf/virtual.ts'
import { readLoaderConfiguration } from './ld-so-conf.ts'

export interface Library {
  readonly soname: string
  /** The first file in the order of search, links followed. */
  readonly path: string
  readonly owner: OsPackage | null
  /** Version nodes that it defines, in the order of the file, its own name left out. */
  readonly versions: readonly string[]
  /** Sonames that it needs. */
  readonly needs: readonly string[]
}

export interface Inventory {
  /** Name and file of the loader, null where there is none for the machine. */
  readonly interpreter: string | null
  readonly libc: string | null
  readonly version: string | null
  /** Folders that a search without run paths goes through: those of the loader, then the configured ones. */
  readonly folders: readonly string[]
  /** By soname, sorted. */
  readonly libraries: ReadonlyMap<string, Library>
  readonly packages: readonly OsPackage[]
}

export interface InventoryOptions {
  readonly machine: number
  readonly elfClass: number
}

/**
 * Reads every library in the folders that the loader searches. A library counts under its DT_SONAME where a file or link
 * of that name lies in one of the folders, else under its file name: both are names that a need may have.
 */
export function inventoryOf(
  system: System,
  { machine, elfClass }: InventoryOptions = { machine: EM_X86_64, elfClass: ELFCLASS64 },
): Inventory {
  const { tree } = system
  const setup = system.loader(null, machine, elfClass)
  const folders = searchedFolders(system, setup)
  const libraries = new Map<string, Library>()
  const seen = new Set<string>()
  for (const folder of folders) {
    const found = tree.lookup(folder)
    if (failed(found) || seen.has(found.path)) continue
    seen.add(found.path)
    const children = tree.children(found.path)
    if (failed(children)) continue
    for (const { name } of children) {
      if (!name.includes('.so') || libraries.has(name)) continue
      const library = readLibrary(system, `${found.path}/${name}`, name, machine, elfClass)
      if (library !== null) libraries.set(name, library)
    }
  }
  return {
    interpreter: setup?.path ?? null,
    libc: setup?.libc ?? null,
    version: setup?.version?.join('.') ?? null,
    folders,
    libraries: new Map([...libraries].sort(([a], [b]) => (a < b ? -1 : 1))),
    packages: system.packages(),
  }
}

/** The folders of a search without run paths. The loader never reads the configuration: it counts through the cache. */
function searchedFolders({ tree }: System, setup: LoaderSetup | null): readonly string[] {
  if (setup === null) return []
  const own = setup.libc === 'musl' ? setup.muslPath : setup.systemFolders
  const configured = setup.cache === null ? [] : readLoaderConfiguration(tree).folders
  return [...new Set([...own, ...configured].map((folder) => folder.replace(/(.)\/+$/, '$1')))]
}

/** The library that a name of a folder leads to; null where the name is but another one of a library (libfoo.so). */
function readLibrary(system: System, path: string, name: string, machine: number, elfClass: number): Library | null {
  const entry = system.tree.lookup(path)
  if (failed(entry) || entry.kind !== 'file') return null
  const file = system.tree.open(entry.path)
  if (failed(file)) return null
  try {
    const { object } = readOpened(file, entry.path)
    if (object === null || !object.dynamic || object.header.machine !== machine || object.header.class !== elfClass) {
      return null
    }
    if (object.soname !== null && object.soname !== name) return null
    return {
      soname: name,
      path: entry.path,
      owner: system.owner(entry.path),
      versions: object.versionDefinitions.filter((node) => !node.base).map((node) => node.name),
      needs: object.needs.filter((need) => need.kind === 'needed').map((need) => need.name),
    }
  } finally {
    file.close()
  }
}

/** The name of a library without its version: `libssl` of `libssl.so.3`, `libicuuc` of `libicuuc.so.72`, `libbfd`. */
export function stemOf(soname: string): string {
  return soname.replace(/\.so(?:\..*)?$/, '').replace(/-\d[\w.+~-]*$/, '')
}
