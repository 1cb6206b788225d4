/** Search lists: run paths and the library path split, expanded, made unique, and held against the folders that exist. */
import type { LoaderSetup, World } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'
import type { Errno, Folder } from '../domain/tree.ts'
import { expandTokens } from './tokens.ts'
import type { TokenValues } from './tokens.ts'

/** One folder to look in: the text the loader puts before the name, and the folder itself. */
export interface Probe {
  readonly prefix: string
  readonly folder: Folder
}

/** One element of a list: its subfolders that exist, best first, then itself. */
export interface SearchFolder {
  /** As the loader writes it, with the trailing slash; empty for the working folder. */
  readonly name: string
  readonly probes: readonly Probe[]
  /** The errno of a lookup in a folder that is none; null where the loader has found out and passes over it. */
  readonly errno: Errno | null
}

export class SearchList {
  readonly id: number
  readonly folders: readonly SearchFolder[]
  #names: ReadonlySet<string> | null | undefined

  constructor(id: number, folders: readonly SearchFolder[]) {
    this.id = id
    this.folders = folders
  }

  /**
   * Whether a search through the whole list is known to find nothing and to go on: most names are in none of the folders
   * of a long list, and are asked for again in each world.
   */
  passesOver(name: string): boolean {
    if (this.folders.length < LONG || name.length > LONGEST_NAME || name === '.' || name === '..') return false
    if (this.#names === undefined) this.#names = namesIn(this.folders)
    return this.#names?.has(name) === false
  }
}

/** Folders from which on it pays to put together what is in them. */
const LONG = 4
/** UTF-16 units of a name that no file system finds too long: 255 bytes are the most. */
const LONGEST_NAME = 80

/** What lies in any of the folders; null where one of them does not tell, or may end the list. */
function namesIn(folders: readonly SearchFolder[]): ReadonlySet<string> | null {
  const names = new Set<string>()
  for (const { probes, errno } of folders) {
    if (errno !== null && errno !== 'ENOENT' && errno !== 'EACCES') return null
    for (const { folder } of probes) {
      const own = folder.names()
      if (own === null) return null
      for (const name of own) names.add(name)
    }
  }
  return names
}

/**
 * Splits a path list and expands each element (elf/dl-load.c `fillin_rpath`): trailing slashes become one, elements with
 * an unknown token vanish, an empty element is the working folder, repeats are dropped.
 *
 * @returns folder names with their trailing slash, in order
 */
export function splitPathList(text: string, separators: RegExp, values: TokenValues): readonly string[] {
  const names = new Set<string>()
  for (const element of text.split(separators)) {
    if (element === '') {
      names.add('')
      continue
    }
    const expanded = expandTokens(element, values)
    if (expanded === null || expanded === '') continue
    const bare = expanded.replace(/\/+$/, '')
    names.add(`${bare}/`)
  }
  return [...names]
}

/** Makes each distinct list once. */
export class SearchLists {
  readonly #world: World
  readonly #setup: LoaderSetup
  readonly #lists = new Map<string, SearchList>()
  readonly #folders = new Map<string, SearchFolder>()

  constructor(world: World, setup: LoaderSetup) {
    this.#world = world
    this.#setup = setup
  }

  /** The list of these folder names; null for none, which the loader skips. */
  list(names: readonly string[]): SearchList | null {
    if (names.length === 0) return null
    const key = names.join('\0')
    const known = this.#lists.get(key)
    if (known !== undefined) return known
    const list = new SearchList(
      this.#lists.size,
      names.map((name) => this.#folder(name)),
    )
    this.#lists.set(key, list)
    return list
  }

  #folder(name: string): SearchFolder {
    const known = this.#folders.get(name)
    if (known !== undefined) return known
    const top = this.#world.folder(this.absolute(name))
    const made = failed(top)
      ? // Only a relative folder is asked again and again, for the working folder may change (`fillin_rpath`).
        { name, probes: [], errno: name.startsWith('/') ? null : top.errno }
      : { name, probes: this.#probes(name, top), errno: null }
    this.#folders.set(name, made)
    return made
  }

  #probes(name: string, top: Folder): readonly Probe[] {
    const probes: Probe[] = []
    for (const subfolder of this.#setup.subfolders) {
      if (!top.has(subfolder.slice(0, subfolder.indexOf('/')))) continue
      const folder = this.#world.folder(this.absolute(name + subfolder))
      if (!failed(folder)) probes.push({ prefix: name + subfolder, folder })
    }
    probes.push({ prefix: name, folder: top })
    return probes
  }

  /** A path as the process sees it, from its working folder. */
  absolute(path: string): string {
    if (path.startsWith('/')) return path
    return `${this.#world.environment.folder.replace(/\/$/, '')}/${path}`
  }
}
