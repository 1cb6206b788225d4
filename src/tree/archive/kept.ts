/** What is kept of a file tree that cannot stay at hand: all its names, and of each file only what somebody will ask for. */
import type { ByteSource } from '../../domain/source.ts'
import type { Child, FileStatus, LookupFailure, OpenFile } from '../../domain/tree.ts'
import { blankContent, bytesContent, sparseContent, zeroFilledContent } from '../content.ts'
import type { Stretch } from '../content.ts'
import type { Volume } from '../volume.ts'

export type KeptNode = KeptFolder | KeptFile | KeptLink | KeptOther

export interface KeptFolder {
  readonly kind: 'folder'
  mode: number
  modified: number
  readonly children: Map<string, KeptNode>
}

export interface KeptFile {
  readonly kind: 'file'
  readonly size: number
  mode: number
  readonly modified: number
  /** Set once its bytes have streamed by. */
  parts: KeptParts
}

export interface KeptLink {
  readonly kind: 'link'
  readonly target: string
}

/** A device, a pipe, a socket. */
export interface KeptOther {
  readonly kind: 'other'
}

/**
 * The kept bytes of one file: all of them (a text), the beginning of what is no ELF file, or of an ELF file what its
 * readers ask for, apart by whether only questions about symbols need it.
 */
export type KeptParts =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'blank'; readonly head: Uint8Array }
  | {
      readonly kind: 'elf'
      readonly core: readonly Stretch[]
      readonly symbols: readonly Stretch[]
      readonly zeros: boolean
    }
  | { readonly kind: 'stored'; readonly content: ByteSource }

/** A stretch of a file by its place. */
export interface Span {
  readonly offset: number
  readonly length: number
}

/** The stretches of one ELF file that are kept. */
export interface Spans {
  readonly core: readonly Span[]
  readonly symbols: readonly Span[]
  /** What lies between the stretches reads as zeros: for a file that is searched for texts as a whole. */
  readonly zeros: boolean
}

/** Decides what is kept; handed in by who knows which readers there are. Paths are relative to the root. */
export interface Keeper {
  /** Whether all bytes of a file are kept, ELF or not. */
  whole(path: string, size: number): boolean
  /** The stretches of an ELF file. Where `source` lacks bytes that are asked for, it will be asked again with more. */
  spans(source: ByteSource, path: string): Spans
}

export function newFolder(mode = 0o755, modified = 0): KeptFolder {
  return { kind: 'folder', mode, modified, children: new Map() }
}

/** The content of a kept file as its readers see it. */
function keptContent(file: KeptFile): ByteSource {
  const { parts, size } = file
  switch (parts.kind) {
    case 'whole':
      return bytesContent(parts.bytes)
    case 'blank':
      return blankContent(size, parts.head)
    case 'elf':
      return (parts.zeros ? zeroFilledContent : sparseContent)(size, [...parts.core, ...parts.symbols])
    case 'stored':
      return parts.content
  }
}

let volumes = 0

/** A volume over a kept tree. */
export function keptVolume(root: KeptFolder): Volume {
  volumes += 1
  return new KeptVolume(root, `kept${volumes}`)
}

class KeptVolume implements Volume {
  readonly #root: KeptFolder
  readonly #name: string
  readonly #ids = new Map<KeptNode, number>()
  readonly #contents = new Map<KeptFile, ByteSource>()

  constructor(root: KeptFolder, name: string) {
    this.#root = root
    this.#name = name
  }

  children(folder: string): ReadonlyMap<string, Child['kind']> | LookupFailure {
    const node = this.#node(folder)
    if (node === null) return absent('ENOENT')
    if (node.kind !== 'folder') return absent('ENOTDIR')
    return new Map([...node.children].map(([name, { kind }]) => [name, kind]))
  }

  kind(path: string): Child['kind'] | LookupFailure {
    return this.#node(path)?.kind ?? absent('ENOENT')
  }

  link(path: string): string | null {
    const node = this.#node(path)
    return node?.kind === 'link' ? node.target : null
  }

  status(path: string): FileStatus | LookupFailure {
    const node = this.#node(path)
    if (node === null || node.kind === 'link') return absent('ENOENT')
    const identity = this.#identity(node)
    if (node.kind === 'other') return { identity, size: 0, modified: 0, mode: 0 }
    const { mode, modified } = node
    return { identity, size: node.kind === 'file' ? node.size : 0, modified, mode }
  }

  open(path: string): OpenFile | LookupFailure {
    const node = this.#node(path)
    if (node?.kind === 'other') return absent('EACCES')
    if (node?.kind !== 'file') return absent('ENOENT')
    let content = this.#contents.get(node)
    if (content === undefined) this.#contents.set(node, (content = keptContent(node)))
    const source = content
    return {
      identity: this.#identity(node),
      size: source.size,
      read: (offset, length) => source.read(offset, length),
      close: () => undefined,
    }
  }

  #identity(node: KeptNode): string {
    let id = this.#ids.get(node)
    if (id === undefined) this.#ids.set(node, (id = this.#ids.size))
    return `${this.#name}:${id}`
  }

  #node(path: string): KeptNode | null {
    let node: KeptNode = this.#root
    if (path === '') return node
    for (const part of path.split('/')) {
      const next: KeptNode | undefined = node.kind === 'folder' ? node.children.get(part) : undefined
      if (next === undefined) return null
      node = next
    }
    return node
  }
}

function absent(errno: LookupFailure['errno']): LookupFailure {
  return { kind: 'failure', errno }
}
