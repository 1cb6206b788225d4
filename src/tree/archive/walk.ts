/** Walks a tree that is at hand and keeps of it what a capture holds. */
import type { ByteSource } from '../../domain/source.ts'
import { failed } from '../../domain/tree.ts'
import type { OpenFile, Tree } from '../../domain/tree.ts'
import type { Fault } from '../../domain/fault.ts'
import { faultAt } from '../../domain/fault.ts'
import { MAX_TEXT, cutParts } from './collect.ts'
import type { KeptFile, KeptFolder, KeptNode, KeptParts, Keeper } from './kept.ts'
import { newFolder } from './kept.ts'

/** Folders of a running machine that hold no files of its system. */
const PSEUDO: ReadonlySet<string> = new Set(['/proc', '/sys', '/dev', '/run', '/tmp'])
/** Folders that may lie on a disk of their own and still belong to the system. */
const SYSTEM = /^\/(?:usr|opt|var|etc|bin|sbin|lib[^/]*|nix)(?:\/|$)/
const MAX_FILES = 4_000_000
const MAX_DEPTH = 512
const SCRIPT_HEAD = 256
const MAX_FAULTS = 64

export interface Walked {
  readonly root: KeptFolder
  /** Folders on other disks that were left out, sorted. */
  readonly skipped: readonly string[]
  readonly faults: readonly Fault[]
}

/**
 * What is kept of a tree. Folders on other file systems (network shares) are left out below a root that is this machine.
 *
 * @param own the tree is the running machine
 */
export function keepTree(tree: Tree, keeper: Keeper, own: boolean): Walked {
  const walker = new Walker(tree, keeper, own)
  const root = walker.folder('/', 0)
  return { root, skipped: walker.skipped, faults: walker.faults }
}

class Walker {
  readonly skipped: string[] = []
  readonly faults: Fault[] = []
  readonly #tree: Tree
  readonly #keeper: Keeper
  readonly #own: boolean
  readonly #disk: string
  /** Files that have several names, by identity. */
  readonly #known = new Map<string, KeptFile>()
  #files = 0

  constructor(tree: Tree, keeper: Keeper, own: boolean) {
    this.#tree = tree
    this.#keeper = keeper
    this.#own = own
    this.#disk = diskOf(tree, '/')
  }

  folder(path: string, depth: number): KeptFolder {
    const status = this.#tree.status(path)
    const folder = failed(status) ? newFolder() : newFolder(status.mode, status.modified)
    if (this.#own && this.#isForeign(path)) return folder
    if (depth > MAX_DEPTH) {
      this.#fault(path, `lies more than ${MAX_DEPTH} folders deep; what it holds is left out`)
      return folder
    }
    const children = this.#tree.children(path)
    if (failed(children)) {
      this.#fault(path, `cannot be listed (${children.errno})`)
      return folder
    }
    for (const { name, kind } of children) {
      const full = path === '/' ? `/${name}` : `${path}/${name}`
      const node = kind === 'folder' ? this.folder(full, depth + 1) : this.#entry(full, kind)
      if (node !== null) folder.children.set(name, node)
    }
    return folder
  }

  #isForeign(path: string): boolean {
    if (PSEUDO.has(path)) return true
    if (path === '/' || SYSTEM.test(path) || diskOf(this.#tree, path) === this.#disk) return false
    this.skipped.push(path)
    return true
  }

  #entry(path: string, kind: 'file' | 'link' | 'other'): KeptNode | null {
    if (kind === 'link') return { kind: 'link', target: this.#tree.link(path) ?? '' }
    if (kind === 'other') return { kind: 'other' }
    this.#files += 1
    if (this.#files <= MAX_FILES) return this.#file(path)
    if (this.#files === MAX_FILES + 1) this.#fault(path, `more than ${MAX_FILES} files; the rest is left out`)
    return null
  }

  #file(path: string): KeptNode | null {
    const status = this.#tree.status(path)
    if (failed(status)) {
      this.#fault(path, `cannot be read (${status.errno})`)
      return { kind: 'other' }
    }
    const { identity, size, mode, modified } = status
    const known = this.#known.get(identity)
    if (known !== undefined) return known
    const parts = this.#parts(path, size)
    if (parts === null) return { kind: 'other' }
    const file: KeptFile = { kind: 'file', size, mode, modified, parts }
    this.#known.set(identity, file)
    return file
  }

  #parts(path: string, size: number): KeptParts | null {
    const inner = path.slice(1)
    const opened = this.#tree.open(path)
    if (failed(opened)) {
      this.#fault(path, `cannot be opened (${opened.errno})`)
      return null
    }
    try {
      if (size <= MAX_TEXT && this.#keeper.whole(inner, size)) return { kind: 'whole', bytes: wholeOf(opened) }
      return partsOf(opened, inner, this.#keeper)
    } finally {
      opened.close()
    }
  }

  #fault(path: string, message: string): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push(faultAt('unreadable', path, null, message))
  }
}

function partsOf(source: ByteSource, path: string, keeper: Keeper): KeptParts {
  const head = source.read(0, SCRIPT_HEAD)
  const isElf = head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46
  if (isElf) return cutParts(source, keeper.spans(source, path))
  const script = head[0] === 0x23 && head[1] === 0x21
  return { kind: 'blank', head: Uint8Array.from(script ? head : head.subarray(0, 4)) }
}

function wholeOf(file: OpenFile): Uint8Array {
  return Uint8Array.from(file.read(0, Math.max(file.size, 1)))
}

/** The device of a path; the first part of its identity. */
function diskOf(tree: Tree, path: string): string {
  const status = tree.status(path)
  return failed(status) ? '' : (status.identity.split(':')[0] ?? '')
}
