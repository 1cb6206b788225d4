/** One folder of a tree: its children as one listing, and the mounts that lie over them. */
import { failed } from '../domain/tree.ts'
import type { Child, Folder, LookupFailure } from '../domain/tree.ts'
import type { Volume } from './volume.ts'
import { joinInner } from './volume.ts'

const NAME_MAX = 255

/** Where a folder's entries come from; null for a folder that only exists to hold a mount. */
export interface Backing {
  readonly volume: Volume
  readonly inner: string
}

export class FolderNode implements Folder {
  readonly path: string
  readonly parent: FolderNode | null
  readonly backing: Backing | null
  /** Mounted folders and the synthetic folders above them, by name. */
  readonly overlay: ReadonlyMap<string, Backing | null>
  readonly #folders = new Map<string, FolderNode>()
  readonly #links = new Map<string, string>()
  #listing: Map<string, Child['kind']> | LookupFailure | null = null
  readonly #mountsBelow: (path: string) => ReadonlyMap<string, Backing | null>

  constructor(
    path: string,
    parent: FolderNode | null,
    backing: Backing | null,
    mountsBelow: (path: string) => ReadonlyMap<string, Backing | null>,
  ) {
    this.path = path
    this.parent = parent
    this.backing = backing
    this.#mountsBelow = mountsBelow
    this.overlay = mountsBelow(path)
  }

  has(name: string): boolean {
    const listing = this.#list()
    if (failed(listing)) return listing.errno === 'EACCES'
    if (listing.has(name)) return true
    return name === '.' || name === '..' || isTooLong(name)
  }

  /** The kind of a child before links are followed, or why there is none. */
  kind(name: string): Child['kind'] | LookupFailure {
    const listing = this.#list()
    if (!failed(listing)) {
      const kind = listing.get(name)
      if (kind !== undefined) return kind
      return { kind: 'failure', errno: isTooLong(name) ? 'ENAMETOOLONG' : 'ENOENT' }
    }
    if (this.overlay.has(name)) return 'folder'
    // A folder that may be searched but not listed still answers for each name.
    if (listing.errno !== 'EACCES' || this.backing === null) return listing
    return this.backing.volume.kind(joinInner(this.backing.inner, name))
  }

  /** The children sorted by name. */
  children(): readonly Child[] | LookupFailure {
    const listing = this.#list()
    if (failed(listing)) return listing
    return [...listing].map(([name, kind]) => ({ name, kind })).sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** A child that is known to be a folder. */
  folder(name: string): FolderNode {
    const known = this.#folders.get(name)
    if (known !== undefined) return known
    const path = this.path === '/' ? `/${name}` : `${this.path}/${name}`
    const mounted = this.overlay.get(name)
    const below =
      this.backing === null ? null : { volume: this.backing.volume, inner: joinInner(this.backing.inner, name) }
    const node = new FolderNode(path, this, mounted ?? below, this.#mountsBelow)
    this.#folders.set(name, node)
    return node
  }

  /** The target of a child that is a link, asked for once; empty where it cannot be read. */
  target(name: string): string {
    const known = this.#links.get(name)
    if (known !== undefined) return known
    const place = this.place(name)
    const target = place?.volume.link(place.inner) ?? ''
    this.#links.set(name, target)
    return target
  }

  /** Where a child's bytes lie; null in a synthetic folder. */
  place(name: string): Backing | null {
    return this.backing === null ? null : { volume: this.backing.volume, inner: joinInner(this.backing.inner, name) }
  }

  #list(): Map<string, Child['kind']> | LookupFailure {
    if (this.#listing !== null) return this.#listing
    const children = this.backing?.volume.children(this.backing.inner) ?? []
    if (failed(children)) {
      // The kernel needs no listing of a synthetic folder's backing, which may not exist at all.
      this.#listing = this.overlay.size > 0 && children.errno === 'ENOENT' ? new Map() : children
    } else {
      this.#listing = new Map(children.map((child) => [child.name, child.kind]))
    }
    if (!failed(this.#listing)) for (const name of this.overlay.keys()) this.#listing.set(name, 'folder')
    return this.#listing
  }
}

function isTooLong(name: string): boolean {
  return name.length > NAME_MAX || (name.length > NAME_MAX / 3 && Buffer.byteLength(name) > NAME_MAX)
}
