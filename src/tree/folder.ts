/** A tree over volumes: the path walk of the kernel (path_resolution(7)) inside a root that links cannot leave. */
import { realpathSync } from 'node:fs'
import { failed } from '../domain/tree.ts'
import type {
  Child,
  Entry,
  Errno,
  FileStatus,
  Folder,
  Lookup,
  LookupFailure,
  Mount,
  OpenFile,
  Tree,
} from '../domain/tree.ts'
import { contentOf, diskVolume } from './disk.ts'
import { FolderNode } from './node.ts'
import type { Backing } from './node.ts'

const MAX_LINKS = 40
const PATH_MAX = 4096

/** A folder of this machine laid over a tree. */
export interface FolderMount {
  readonly source: string
  readonly at: string
}

/**
 * Opens a folder of this machine as a root file system. Links inside it, absolute ones included, stay inside.
 *
 * @param root path of the folder; links in this path itself are followed as usual
 * @param mounts further folders, each seen at the absolute path `at`; the deepest wins
 * @throws the system's error when a folder does not exist: check first what a user names
 */
export function openFolderTree(root: string, mounts: readonly FolderMount[] = []): Tree {
  const top = volumeTree(root, { volume: diskVolume(realpathSync(root)), inner: '' })
  if (mounts.length === 0) return top
  return top.mount(mounts.map((mount) => ({ source: openFolderTree(mount.source), folder: '/', at: mount.at })))
}

/** A tree whose root is `top`, with no mounts. */
export function volumeTree(label: string, top: Backing): Tree {
  return new VolumeTree(label, new Map([['/', top]]))
}

class VolumeTree implements Tree {
  readonly label: string
  /** By clean absolute path. */
  readonly #mounts: ReadonlyMap<string, Backing>
  readonly #root: FolderNode
  readonly #found = new Map<string, Found | LookupFailure>()

  constructor(label: string, mounts: ReadonlyMap<string, Backing>) {
    this.label = label
    this.#mounts = mounts
    const below = mountsBelow(mounts)
    this.#root = new FolderNode('/', null, mounts.get('/') ?? null, (path) => below.get(path) ?? NO_MOUNTS)
  }

  lookup(path: string): Lookup {
    const found = this.#find(path)
    return failed(found) ? found : found.entry
  }

  folder(path: string): Folder | LookupFailure {
    const found = this.#find(path)
    if (failed(found)) return found
    return found.node ?? failure('ENOTDIR')
  }

  link(path: string): string | null {
    const cut = path.lastIndexOf('/')
    const above = this.#find(path.slice(0, cut) || '/')
    if (failed(above) || above.node === null) return null
    const place = above.node.place(path.slice(cut + 1))
    return place === null || above.node.kind(path.slice(cut + 1)) !== 'link' ? null : place.volume.link(place.inner)
  }

  children(path: string): readonly Child[] | LookupFailure {
    const found = this.#find(path)
    if (failed(found)) return found
    return found.node?.children() ?? failure('ENOTDIR')
  }

  status(path: string): FileStatus | LookupFailure {
    const place = this.#place(path)
    return failed(place) ? place : place.volume.status(place.inner)
  }

  open(path: string): OpenFile | LookupFailure {
    const place = this.#place(path)
    return failed(place) ? place : place.volume.open(place.inner)
  }

  content(path: string, limit: number): Uint8Array | LookupFailure {
    const file = this.open(path)
    if (failed(file)) return file
    try {
      return contentOf(file, limit) ?? failure('EIO')
    } finally {
      file.close()
    }
  }

  mount(mounts: readonly Mount[]): Tree {
    const all = new Map(this.#mounts)
    for (const { source, folder, at } of mounts) {
      if (!(source instanceof VolumeTree)) throw new TypeError('only trees over volumes can be mounted')
      const place = source.#place(folder)
      if (!failed(place)) all.set(clean(at), place)
    }
    return new VolumeTree(this.label, all)
  }

  /** Where the bytes of `path` lie. */
  #place(path: string): Backing | LookupFailure {
    const found = this.#find(path)
    if (failed(found)) return found
    if (found.place === null) return failure('ENOENT')
    return found.place
  }

  #find(path: string): Found | LookupFailure {
    const known = this.#found.get(path)
    if (known !== undefined) return known
    const found = walk(this.#root, path)
    this.#found.set(path, found)
    return found
  }
}

interface Found {
  readonly entry: Entry
  /** The folder, null for everything else. */
  readonly node: FolderNode | null
  readonly place: Backing | null
}

/** Follows `path` from the root: each link restarts what remains, `..` of the root is the root. */
function walk(root: FolderNode, path: string): Found | LookupFailure {
  if (path.length >= PATH_MAX) return failure('ENAMETOOLONG')
  if (path === '') return failure('ENOENT')
  const todo = path.split('/').reverse()
  let node = root
  let links = 0
  while (todo.length > 0) {
    const name = todo.pop() ?? ''
    if (name === '' || name === '.') continue
    if (name === '..') {
      node = node.parent ?? node
      continue
    }
    const kind = node.kind(name)
    if (typeof kind !== 'string') return kind
    if (kind === 'folder') {
      node = node.folder(name)
    } else if (kind === 'link') {
      links += 1
      if (links > MAX_LINKS) return failure('ELOOP')
      const target = node.target(name)
      if (target === '') return failure('ENOENT')
      if (target.startsWith('/')) node = root
      todo.push(...target.split('/').reverse())
    } else {
      // A trailing slash or anything below asks for a folder.
      if (todo.length > 0) return failure('ENOTDIR')
      const full = node.path === '/' ? `/${name}` : `${node.path}/${name}`
      return { entry: { kind, path: full }, node: null, place: node.place(name) }
    }
  }
  return { entry: { kind: 'folder', path: node.path }, node, place: node.backing }
}

const NO_MOUNTS: ReadonlyMap<string, Backing | null> = new Map()

/** For each folder, the children that mounts make: a mount itself, or null for a folder that only leads to one. */
function mountsBelow(mounts: ReadonlyMap<string, Backing>): Map<string, Map<string, Backing | null>> {
  const below = new Map<string, Map<string, Backing | null>>()
  for (const [at, backing] of mounts) {
    let child = at
    let value: Backing | null = backing
    while (child !== '/') {
      const cut = child.lastIndexOf('/')
      const above = child.slice(0, cut) || '/'
      const names = below.get(above) ?? new Map<string, Backing | null>()
      below.set(above, names)
      const name = child.slice(cut + 1)
      if (value !== null || !names.has(name)) names.set(name, value)
      child = above
      value = null
    }
  }
  return below
}

/** A path without empty parts, `.` and `..`, as text. */
function clean(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

function failure(errno: Errno): LookupFailure {
  return { kind: 'failure', errno }
}
