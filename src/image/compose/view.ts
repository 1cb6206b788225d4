/** The composed tree as a file tree: the image can be looked at, and audited, before it is written. */
import type { Child, FileStatus, LookupFailure, OpenFile, Tree } from '../../domain/tree.ts'
import { failed } from '../../domain/tree.ts'
import { diskVolume } from '../../tree/disk.ts'
import { volumeTree } from '../../tree/folder.ts'
import type { Volume } from '../../tree/volume.ts'
import { joinInner } from '../../tree/volume.ts'
import type { FileContent } from '../model.ts'
import type { Composition, Node } from './composition.ts'
import { parentOf } from './composition.ts'

/** A tree of what the image will show. The composition must not change while it is used. */
export function compositionTree(composition: Composition, label: string): Tree {
  return volumeTree(label, { volume: new ComposedVolume(composition), inner: '' })
}

/** Where the base is passed through, what has no node is the base's. Paths are without links: none is ever followed. */
class ComposedVolume implements Volume {
  readonly #composition: Composition
  readonly #disk: Volume = diskVolume('/')
  readonly #folders = new Map<string, Map<string, Child['kind']>>()

  constructor(composition: Composition) {
    this.#composition = composition
    for (const [path, node] of composition.nodes) {
      const above = parentOf(path)
      const names = this.#folders.get(above) ?? new Map<string, Child['kind']>()
      this.#folders.set(above, names)
      names.set(path.slice(above === '' ? 0 : above.length + 1), node.kind)
    }
  }

  children(folder: string): ReadonlyMap<string, Child['kind']> | LookupFailure {
    const kind = this.#composition.kind(folder)
    if (kind !== 'folder') return absent(kind === null ? 'ENOENT' : 'ENOTDIR')
    const base = this.#composition.base?.children(`/${folder}`) ?? []
    const names = new Map(failed(base) ? [] : base.map((child) => [child.name, child.kind]))
    for (const [name, own] of this.#folders.get(folder) ?? []) names.set(name, own)
    return names
  }

  kind(path: string): Child['kind'] | LookupFailure {
    return this.#composition.kind(path) ?? absent('ENOENT')
  }

  link(path: string): string | null {
    const node = this.#composition.nodes.get(path)
    if (node === undefined) return this.#composition.base?.link(`/${path}`) ?? null
    return node.kind === 'link' ? node.target : null
  }

  status(path: string): FileStatus | LookupFailure {
    const node = this.#composition.nodes.get(path)
    if (node === undefined) return this.#composition.base?.status(`/${path}`) ?? rootStatus(path)
    const { mode, modified } = node
    return { identity: identityOf(path, node), size: node.kind === 'file' ? node.size : 0, modified, mode }
  }

  open(path: string): OpenFile | LookupFailure {
    const node = this.#composition.nodes.get(path)
    if (node === undefined) return this.#composition.base?.open(`/${path}`) ?? absent('ENOENT')
    if (node.kind !== 'file') return absent('ENOENT')
    const file = this.#content(node.content)
    if (failed(file)) return file
    return {
      identity: identityOf(path, node),
      size: file.size,
      read: (offset, length) => file.read(offset, length),
      close: () => {
        file.close()
      },
    }
  }

  #content(content: FileContent): Pick<OpenFile, 'size' | 'read' | 'close'> | LookupFailure {
    switch (content.kind) {
      case 'disk':
        return this.#disk.open(joinInner('', content.path.slice(1)))
      case 'source':
        return content.open()
      case 'bytes': {
        const { bytes } = content
        return {
          size: bytes.length,
          read: (offset, length) => bytes.subarray(offset, offset + length),
          close: () => undefined,
        }
      }
    }
  }
}

/** Two packages that shared a file on disk have a copy each in the image. */
function identityOf(path: string, node: Node): string {
  return node.kind === 'file' && node.identity !== null ? `image ${node.identity}` : `image:${path}`
}

function rootStatus(path: string): FileStatus | LookupFailure {
  return path === '' ? { identity: 'image:', size: 0, modified: 0, mode: 0o755 } : absent('ENOENT')
}

function absent(errno: LookupFailure['errno']): LookupFailure {
  return { kind: 'failure', errno }
}
