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
  Overlay,
  OverlayEntry,
  Tree,
} from '../domain/tree.ts'
import { bytesContent } from './content.ts'
import { contentOf, diskVolume } from './disk.ts'
import { cleanPath, laidByFolder, layOver, mountOver } from './laid.ts'
import type { LaidMap } from './laid.ts'
import { memoryVolume } from './memory.ts'
import type { MemoryEntry } from './memory.ts'
import { FolderNode } from './node.ts'
import type { Backing, Laid } from './node.ts'
import { rememberedVolume } from './remembered.ts'
import type { Volume } from './volume.ts'

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
 * @param remember nothing of the root changes while trees are made of this one
 * @throws the system's error when a folder does not exist: check first what a user names
 */
export function openFolderTree(root: string, mounts: readonly FolderMount[] = [], remember = false): Tree {
  const disk = diskVolume(realpathSync(root))
  const top = volumeTree(root, { volume: remember ? rememberedVolume(disk) : disk, inner: '' })
  if (mounts.length === 0) return top
  return top.mount(mounts.map((mount) => ({ source: openFolderTree(mount.source), folder: '/', at: mount.at })))
}

/** A tree whose root is `top`, with no mounts. */
export function volumeTree(label: string, top: Backing): Tree {
  return new VolumeTree(label, top, new Map())
}

class VolumeTree implements Tree {
  readonly label: string
  readonly #top: Backing
  readonly #laid: LaidMap
  readonly #root: FolderNode
  readonly #found = new Map<string, Found | LookupFailure>()

  constructor(label: string, top: Backing, laid: LaidMap) {
    this.label = label
    this.#top = top
    this.#laid = laid
    this.#root = new FolderNode('/', null, laid.get('/')?.place ?? top, laidByFolder(laid))
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
    const place = this.place(path)
    return failed(place) ? place : place.volume.status(place.inner)
  }

  open(path: string): OpenFile | LookupFailure {
    const place = this.place(path)
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
    const laid: [string, Laid][] = []
    for (const { source, folder, at } of mounts) {
      const place = placeIn(source, folder)
      if (!failed(place)) laid.push([cleanPath(at), { kind: 'folder', place }])
    }
    return new VolumeTree(this.label, this.#top, mountOver(this.#laid, laid))
  }

  overlay(entries: Overlay): Tree {
    const memory = new Map<string, MemoryEntry>()
    const volume = memoryVolume(memory)
    const laid: [string, Laid][] = []
    for (const [path, entry] of entries) {
      const at = this.#placeFor(cleanPath(path))
      if (entry.kind === 'folder' && this.#isFolder(at)) continue
      laid.push([at, layEntry(entry, at.slice(1), memory, volume)])
    }
    return new VolumeTree(this.label, this.#top, layOver(this.#laid, laid))
  }

  /** A path with the links in its folders followed as far as they lead anywhere. */
  #placeFor(path: string): string {
    const cut = path.lastIndexOf('/')
    const name = path.slice(cut + 1)
    let folder = '/'
    for (const part of path.slice(0, cut).split('/').slice(1)) {
      const next = folder === '/' ? `/${part}` : `${folder}/${part}`
      const found = this.#find(next)
      folder = !failed(found) && found.node !== null ? found.node.path : next
    }
    return folder === '/' ? `/${name}` : `${folder}/${name}`
  }

  #isFolder(path: string): boolean {
    const found = this.#find(path)
    return !failed(found) && found.node !== null
  }

  /** Where the bytes of `path` lie. */
  place(path: string): Backing | LookupFailure {
    const found = this.#find(path)
    if (failed(found)) return found
    if (found.place === null) return failure('ENOENT')
    return found.place
  }

  #find(path: string): Found | LookupFailure {
    const known = this.#found.get(path)
    if (known !== undefined) return known
    const found = this.#findFresh(path)
    this.#found.set(path, found)
    return found
  }

  /** Files are asked for by the folder: the way to that is walked once. */
  #findFresh(path: string): Found | LookupFailure {
    const cut = path.lastIndexOf('/')
    if (cut <= 0 || path.length >= PATH_MAX) return walk(this.#root, { node: this.#root, links: 0 }, path)
    const above = this.#find(path.slice(0, cut))
    if (failed(above)) return above
    return above.node === null ? failure('ENOTDIR') : walk(this.#root, above, path.slice(cut + 1) || '.')
  }
}

/** Where the bytes or entries of a path of another tree lie. */
function placeIn(source: Tree, path: string): Backing | LookupFailure {
  if (!(source instanceof VolumeTree)) throw new TypeError('only trees over volumes can be laid over another')
  return source.place(path)
}

/** What an entry of an overlay puts over its name; bytes and links go into `memory`, which `volume` shows. */
function layEntry(entry: OverlayEntry, inner: string, memory: Map<string, MemoryEntry>, volume: Volume): Laid {
  switch (entry.kind) {
    case 'removed':
      return { kind: 'removed', place: null }
    case 'folder':
      return { kind: 'folder', place: null }
    case 'from': {
      const place = placeIn(entry.source, entry.path)
      const found = entry.source.lookup(entry.path)
      if (failed(place) || failed(found)) return { kind: 'removed', place: null }
      return { kind: found.kind, place }
    }
    case 'link':
      memory.set(inner, entry)
      return { kind: 'link', place: { volume, inner } }
    case 'object':
      memory.set(inner, { kind: 'file', content: bytesContent(NO_BYTES), reading: entry.reading })
      return { kind: 'file', place: { volume, inner } }
    case 'file':
      memory.set(inner, entry)
      return { kind: 'file', place: { volume, inner } }
  }
}

const NO_BYTES = new Uint8Array(0)

interface Found {
  readonly entry: Entry
  /** The folder, null for everything else. */
  readonly node: FolderNode | null
  readonly place: Backing | null
  /** Links that were followed on the way. */
  readonly links: number
}

/** Where a walk begins. */
interface Start {
  readonly node: FolderNode | null
  readonly links: number
}

/** Follows `path` from a folder: each link restarts what remains, `..` of the root is the root. */
function walk(root: FolderNode, start: Start, path: string): Found | LookupFailure {
  if (path.length >= PATH_MAX) return failure('ENAMETOOLONG')
  if (path === '') return failure('ENOENT')
  const todo = path.split('/').reverse()
  let node = start.node ?? root
  let { links } = start
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
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
      return { entry: { kind, path: full }, node: null, place: node.place(name), links }
    }
  }
  return { entry: { kind: 'folder', path: node.path }, node, place: node.backing, links }
}

function failure(errno: Errno): LookupFailure {
  return { kind: 'failure', errno }
}
