/** A graph as a tree in memory, with stand-ins for the loader and the C library: no root and no real system is needed. */
import { Buffer } from 'node:buffer'
import type { Child, FileStatus, LookupFailure, OpenFile, Tree } from '../../../src/domain/tree.ts'
import { volumeTree } from '../../../src/tree/folder.ts'
import type { Volume } from '../../../src/tree/volume.ts'
import { buildElf } from '../../../test/support/elf/build.ts'
import { loaderBytes, loaderName, libcBytes } from '../../../test/support/loader/stand-ins.ts'
import type { Content, Graph } from './graph.ts'
import { LOADER, SYSTEM_FOLDER } from './graph.ts'

/** What ldconfig has done to a root: links it made, the cache, and links that it took away because they lead nowhere. */
export type Made = readonly (readonly [path: string, content: { link: string } | { base64: string } | null])[]

type Node =
  | { readonly kind: 'folder'; readonly children: Map<string, Node> }
  | { readonly kind: 'file'; readonly id: number; readonly bytes: () => Uint8Array }
  | { readonly kind: 'link'; readonly target: string }

/** The tree of a graph after ldconfig and all changes. */
export function memoryTree(graph: Graph, made: Made, version: readonly [number, number]): Tree {
  const volume = new MemoryVolume()
  for (const [path, content] of graph.files) write(volume, path, content, version)
  for (const [path, content] of made) {
    if (content === null) volume.remove(path)
    else if ('link' in content) volume.put(path, { kind: 'link', target: content.link })
    else volume.file(path, () => Buffer.from(content.base64, 'base64'))
  }
  for (const { path, content } of graph.changes) {
    volume.remove(path)
    if (content !== null) write(volume, path, content, version)
  }
  return volumeTree('graph', { volume, inner: '' })
}

function write(volume: MemoryVolume, path: string, content: Content, version: readonly [number, number]): void {
  switch (content.kind) {
    case 'elf':
      volume.file(path, () => buildElf(content.spec))
      return
    case 'text':
      volume.file(path, () => Buffer.from(content.text))
      return
    case 'link':
      volume.put(path, { kind: 'link', target: content.target })
      return
    case 'hard':
      volume.put(path, volume.find(content.of) ?? { kind: 'folder', children: new Map() })
      return
    case 'folder':
      volume.folder(path)
      return
    case 'loader': {
      const file = `${SYSTEM_FOLDER}/${loaderName(version)}`
      volume.file(file, () => loaderBytes(version))
      volume.put(LOADER, { kind: 'link', target: file })
      return
    }
    case 'libc':
      volume.file(path, () => libcBytes(version))
      return
  }
}

const ABSENT: LookupFailure = { kind: 'failure', errno: 'ENOENT' }
const NO_FOLDER: LookupFailure = { kind: 'failure', errno: 'ENOTDIR' }

class MemoryVolume implements Volume {
  readonly #top: Node = { kind: 'folder', children: new Map() }
  #files = 0

  put(path: string, node: Node): void {
    const cut = path.lastIndexOf('/')
    this.folder(path.slice(0, cut)).set(path.slice(cut + 1), node)
  }

  file(path: string, make: () => Uint8Array): void {
    let bytes: Uint8Array | null = null
    this.#files += 1
    this.put(path, { kind: 'file', id: this.#files, bytes: () => (bytes ??= make()) })
  }

  /** The children of a folder, which is made where it is not there; links are followed to folders. */
  folder(path: string): Map<string, Node> {
    let children = this.#children()
    for (const name of path.split('/')) {
      if (name === '') continue
      const known = children.get(name)
      const next = known?.kind === 'link' ? this.find(absolute(path, name, known.target)) : known
      if (next?.kind === 'folder') children = next.children
      else {
        const made = new Map<string, Node>()
        children.set(name, { kind: 'folder', children: made })
        children = made
      }
    }
    return children
  }

  remove(path: string): void {
    const cut = path.lastIndexOf('/')
    this.folder(path.slice(0, cut)).delete(path.slice(cut + 1))
  }

  find(path: string): Node | null {
    let node: Node = this.#top
    for (const name of path.split('/')) {
      if (name === '') continue
      const next: Node | undefined = node.kind === 'folder' ? node.children.get(name) : undefined
      if (next === undefined) return null
      node = next
    }
    return node
  }

  #children(): Map<string, Node> {
    return this.#top.kind === 'folder' ? this.#top.children : new Map<string, Node>()
  }

  children(folder: string): ReadonlyMap<string, Child['kind']> | LookupFailure {
    const node = this.find(folder)
    if (node === null) return ABSENT
    if (node.kind !== 'folder') return NO_FOLDER
    return new Map([...node.children].map(([name, child]) => [name, child.kind]))
  }

  kind(path: string): Child['kind'] | LookupFailure {
    return this.find(path)?.kind ?? ABSENT
  }

  link(path: string): string | null {
    const node = this.find(path)
    return node?.kind === 'link' ? node.target : null
  }

  status(path: string): FileStatus | LookupFailure {
    const node = this.find(path)
    if (node?.kind !== 'file') return ABSENT
    return { identity: String(node.id), size: node.bytes().length, modified: 0, mode: 0o755 }
  }

  open(path: string): OpenFile | LookupFailure {
    const node = this.find(path)
    if (node?.kind !== 'file') return ABSENT
    const bytes = node.bytes()
    return {
      identity: String(node.id),
      size: bytes.length,
      read: (offset, length) => bytes.subarray(offset, offset + length),
      close: () => {
        // Nothing is held.
      },
    }
  }
}

/** Where a link in the root leads, for the few links of a graph that folders are made behind: /lib and /lib64. */
function absolute(_: string, name: string, target: string): string {
  return target.startsWith('/') ? target : `/${target === name ? '' : target}`
}
