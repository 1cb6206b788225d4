/** A volume held in memory: for inputs that change thousands of times, where a disk would only add time. */
import { failed } from '../../../src/domain/tree.ts'
import type { Child, FileStatus, LookupFailure, OpenFile, Tree } from '../../../src/domain/tree.ts'
import { volumeTree } from '../../../src/tree/folder.ts'
import type { Volume } from '../../../src/tree/volume.ts'

export type MemoryFiles = Readonly<Record<string, Uint8Array | { readonly link: string }>>

/** A tree of these files, by absolute path. */
export function memoryTree(files: MemoryFiles, label = 'memory'): Tree {
  const content = new Map(Object.entries(files).map(([path, value]) => [path.replace(/^\//, ''), value]))
  return volumeTree(label, { volume: new MemoryVolume(content), inner: '' })
}

class MemoryVolume implements Volume {
  readonly #files: ReadonlyMap<string, Uint8Array | { readonly link: string }>

  constructor(files: ReadonlyMap<string, Uint8Array | { readonly link: string }>) {
    this.#files = files
  }

  children(folder: string): readonly Child[] | LookupFailure {
    const prefix = folder === '' ? '' : `${folder}/`
    const found = new Map<string, Child['kind']>()
    for (const [path, value] of this.#files) {
      if (!path.startsWith(prefix)) continue
      const rest = path.slice(prefix.length)
      const cut = rest.indexOf('/')
      if (cut >= 0) found.set(rest.slice(0, cut), 'folder')
      else found.set(rest, value instanceof Uint8Array ? 'file' : 'link')
    }
    if (found.size === 0) return absent()
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, kind]) => ({ name, kind }))
  }

  kind(path: string): Child['kind'] | LookupFailure {
    const value = this.#files.get(path)
    if (value !== undefined) return value instanceof Uint8Array ? 'file' : 'link'
    return failed(this.children(path)) ? absent() : 'folder'
  }

  link(path: string): string | null {
    const value = this.#files.get(path)
    return value === undefined || value instanceof Uint8Array ? null : value.link
  }

  status(path: string): FileStatus | LookupFailure {
    const value = this.#files.get(path)
    return value instanceof Uint8Array ? { identity: path, size: value.length, modified: 0, mode: 0o644 } : absent()
  }

  open(path: string): OpenFile | LookupFailure {
    const value = this.#files.get(path)
    if (!(value instanceof Uint8Array)) return absent()
    return {
      identity: path,
      size: value.length,
      read: (offset, length) => value.subarray(offset, offset + length),
      close: () => undefined,
    }
  }
}

function absent(): LookupFailure {
  return { kind: 'failure', errno: 'ENOENT' }
}
