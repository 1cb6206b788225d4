/** One folder of a tree: its children as one listing, and what is laid over them. */
import { failed } from '../domain/tree.ts'
import type { Child, Folder, LookupFailure } from '../domain/tree.ts'
import type { Volume } from './volume.ts'
import { joinInner } from './volume.ts'

const NAME_MAX = 255

/** Where a file's bytes or a folder's entries come from. */
export interface Backing {
  readonly volume: Volume
  readonly inner: string
}

/** What lies over one name: a mounted folder, a single file or link, or nothing at all. */
export interface Laid {
  readonly kind: Child['kind'] | 'removed'
  /** Null for what is removed, and for a folder that hides what was there. */
  readonly place: Backing | null
}

/** Names in one folder with what lies over them; null for a folder that only leads to something deeper. */
export type LaidNames = ReadonlyMap<string, Laid | null>

export class FolderNode implements Folder {
  readonly path: string
  readonly parent: FolderNode | null
  readonly backing: Backing | null
  readonly overlay: LaidNames
  readonly #folders = new Map<string, FolderNode>()
  readonly #links = new Map<string, string>()
  #listing: ReadonlyMap<string, Child['kind']> | LookupFailure | null = null
  readonly #laidIn: (path: string) => LaidNames

  constructor(path: string, parent: FolderNode | null, backing: Backing | null, laidIn: (path: string) => LaidNames) {
    this.path = path
    this.parent = parent
    this.backing = backing
    this.#laidIn = laidIn
    this.overlay = laidIn(path)
  }

  has(name: string): boolean {
    const listing = this.#list()
    if (failed(listing)) return listing.errno === 'EACCES'
    if (listing.has(name)) return true
    return name === '.' || name === '..' || isTooLong(name)
  }

  /** Names in the listing; `.`, `..` and what is too long for a name are {@link has}'s to tell. */
  names(): Iterable<string> | null {
    const listing = this.#list()
    return failed(listing) ? (listing.errno === 'EACCES' ? null : []) : listing.keys()
  }

  /** The kind of a child before links are followed, or why there is none. */
  kind(name: string): Child['kind'] | LookupFailure {
    const listing = this.#list()
    if (!failed(listing)) {
      const kind = listing.get(name)
      if (kind !== undefined) return kind
      return { kind: 'failure', errno: isTooLong(name) ? 'ENAMETOOLONG' : 'ENOENT' }
    }
    const laid = this.overlay.get(name)
    if (laid !== undefined) return kindOf(laid) ?? ABSENT
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
    const node = new FolderNode(path, this, this.place(name), this.#laidIn)
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

  /** Where a child's bytes or entries lie; null for a folder that nothing backs. */
  place(name: string): Backing | null {
    const laid = this.overlay.get(name)
    if (laid !== undefined && laid !== null) return laid.place
    if (laid === null && !this.#leadsThrough(name)) return null
    return this.backing === null ? null : { volume: this.backing.volume, inner: joinInner(this.backing.inner, name) }
  }

  /** Whether a folder lies below the name of one that leads to something: a link there must not be followed. */
  #leadsThrough(name: string): boolean {
    return this.backing?.volume.kind(joinInner(this.backing.inner, name)) === 'folder'
  }

  #list(): ReadonlyMap<string, Child['kind']> | LookupFailure {
    return (this.#listing ??= this.#listFresh())
  }

  #listFresh(): ReadonlyMap<string, Child['kind']> | LookupFailure {
    const below = this.backing?.volume.children(this.backing.inner) ?? NOTHING
    if (failed(below) || this.overlay.size === 0) return below
    const listing = new Map(below)
    for (const [name, laid] of this.overlay) {
      const kind = kindOf(laid)
      if (kind === null) listing.delete(name)
      else listing.set(name, kind)
    }
    return listing
  }
}

const NOTHING: ReadonlyMap<string, Child['kind']> = new Map()
const ABSENT: LookupFailure = { kind: 'failure', errno: 'ENOENT' }

/** The kind of what lies over a name; null for nothing at all. */
function kindOf(laid: Laid | null): Child['kind'] | null {
  if (laid === null) return 'folder'
  return laid.kind === 'removed' ? null : laid.kind
}

function isTooLong(name: string): boolean {
  return name.length > NAME_MAX || (name.length > NAME_MAX / 3 && Buffer.byteLength(name) > NAME_MAX)
}
