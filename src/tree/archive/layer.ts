/** One layer, or a whole root file system, out of a tar archive: its own small tree, and what it takes away from those below. */
import type { Fault } from '../../domain/fault.ts'
import { faultAt } from '../../domain/fault.ts'
import type { Stretch } from '../content.ts'
import { Collector } from './collect.ts'
import type { Collected } from './collect.ts'
import type { KeptFile, KeptFolder, KeptNode, KeptParts, Keeper } from './kept.ts'
import { newFolder } from './kept.ts'
import type { Sink, TarEntry, TarHandler } from './tar.ts'

/** Entries of one archive, and folders above one another; real images have less than a tenth. */
const MAX_ENTRIES = 4_000_000
const MAX_DEPTH = 512
const MAX_LINKS = 40
const MAX_FAULTS = 64
const WHITEOUT = '.wh.'
const OPAQUE = '.wh..wh..opq'

/** A hard link whose target is not in its own layer: it is looked for in the layers below. */
export interface PendingLink {
  readonly kind: 'hard-link'
  readonly target: string
  readonly modified: number
}

/** A layer as its archive gives it. */
export interface Layer {
  readonly root: KeptFolder
  /** Hard links into the layers below, by folder and name. */
  readonly pending: readonly (readonly [KeptFolder, string, PendingLink])[]
  /** For each folder what it takes from the layers below: names, or everything. */
  readonly removed: ReadonlyMap<KeptFolder, ReadonlySet<string> | 'all'>
  /** Folders that an entry names; the others were only led through, and keep the mode that they have below. */
  readonly named: ReadonlySet<KeptFolder>
  /** Stretches of large files that have gone by too early, by the number of their entry: another pass finds more. */
  readonly missed: ReadonlyMap<number, readonly Stretch[]>
  readonly faults: readonly Fault[]
}

export interface LayerOptions {
  readonly label: string
  readonly keeper: Keeper
  /** Whether `.wh.` names are what OCI makes of them, or plain names. */
  readonly whiteouts: boolean
  /** {@link Layer.missed} of the pass before; empty in the first. */
  readonly known: ReadonlyMap<number, readonly Stretch[]>
}

const NO_PARTS: KeptParts = { kind: 'blank', head: new Uint8Array(0) }

/** Takes the entries of one archive. */
export class LayerBuilder implements TarHandler {
  readonly #options: LayerOptions
  readonly #root = newFolder()
  readonly #pending: [KeptFolder, string, PendingLink][] = []
  readonly #removed = new Map<KeptFolder, Set<string> | 'all'>()
  readonly #named = new Set<KeptFolder>()
  readonly #missed = new Map<number, readonly Stretch[]>()
  readonly #faults: Fault[] = []
  #entries = 0

  constructor(options: LayerOptions) {
    this.#options = options
  }

  entry(entry: TarEntry): Sink | null {
    this.#entries += 1
    if (this.#entries > MAX_ENTRIES) {
      if (this.#entries === MAX_ENTRIES + 1)
        this.#refuse(entry, `more than ${MAX_ENTRIES} entries; the rest is left out`)
      return null
    }
    const parts = entry.name.split('/').filter((part) => part !== '' && part !== '.')
    const problem = problemOf(parts, entry.name)
    if (problem !== null) return this.#refuse(entry, problem)
    const name = parts.pop()
    if (name === undefined) {
      if (entry.kind !== 'folder') return this.#refuse(entry, 'has no name, and is no folder')
      this.#setFolder(this.#root, entry)
      return null
    }
    const folder = this.#folder(parts)
    if (typeof folder === 'string') return this.#refuse(entry, folder)
    if (this.#options.whiteouts && name.startsWith(WHITEOUT)) return this.#whiteout(entry, folder, name)
    return this.#put(entry, folder, name, [...parts, name].join('/'))
  }

  finish(): Layer {
    return {
      root: this.#root,
      pending: this.#pending,
      removed: this.#removed,
      named: this.#named,
      missed: this.#missed,
      faults: this.#faults,
    }
  }

  #put(entry: TarEntry, folder: KeptFolder, name: string, path: string): Sink | null {
    const before = folder.children.get(name)
    switch (entry.kind) {
      case 'folder': {
        const child = before?.kind === 'folder' ? before : newFolder()
        folder.children.set(name, child)
        this.#setFolder(child, entry)
        return null
      }
      case 'link':
        folder.children.set(name, { kind: 'link', target: entry.target })
        return null
      case 'hard-link':
        this.#hardLink(entry, folder, name)
        return null
      case 'other':
        folder.children.set(name, { kind: 'other' })
        return null
      case 'file':
        return this.#file(entry, folder, name, path)
    }
  }

  #file(entry: TarEntry, folder: KeptFolder, name: string, path: string): Sink {
    const { size, mode, modified } = entry
    const file: KeptFile = { kind: 'file', size, mode, modified, parts: NO_PARTS }
    folder.children.set(name, file)
    const number = this.#entries
    const done = ({ parts, again }: Collected): void => {
      file.parts = parts
      if (again.length > 0) this.#missed.set(number, again)
    }
    return new Collector(path, size, this.#options.keeper, done, this.#options.known.get(number) ?? [])
  }

  #hardLink(entry: TarEntry, folder: KeptFolder, name: string): void {
    const parts = entry.target.split('/').filter((part) => part !== '' && part !== '.')
    const problem = problemOf(parts, entry.target)
    if (problem !== null) {
      this.#refuse(entry, `its target ${problem}`)
      return
    }
    const found = this.#lookup(parts)
    if (found !== null && found.kind !== 'folder') folder.children.set(name, found)
    else {
      folder.children.delete(name)
      this.#pending.push([folder, name, { kind: 'hard-link', target: parts.join('/'), modified: entry.modified }])
    }
  }

  #whiteout(entry: TarEntry, folder: KeptFolder, name: string): null {
    if (entry.kind !== 'file') return this.#refuse(entry, 'a marker of the layer format that is no file')
    if (name === OPAQUE) {
      this.#removed.set(folder, 'all')
      return null
    }
    const hidden = name.slice(WHITEOUT.length)
    // AUFS kept its own things under such names; what remains of them means nothing.
    if (hidden.startsWith(WHITEOUT)) return null
    if (hidden === '' || hidden === '.' || hidden === '..') {
      return this.#refuse(entry, 'a marker of the layer format that names nothing')
    }
    const before = this.#removed.get(folder)
    if (before === 'all') return null
    const names = before ?? new Set<string>()
    names.add(hidden)
    this.#removed.set(folder, names)
    return null
  }

  #setFolder(folder: KeptFolder, entry: TarEntry): void {
    folder.mode = entry.mode
    folder.modified = entry.modified
    this.#named.add(folder)
  }

  /** The folder that an entry lies in, made where it is not there; links of this archive are followed inside it. */
  #folder(parts: readonly string[]): KeptFolder | string {
    const todo = [...parts].reverse()
    const way: KeptFolder[] = []
    let folder = this.#root
    let links = 0
    for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
      if (part === '..') {
        folder = way.pop() ?? this.#root
        continue
      }
      const child = folder.children.get(part)
      if (child?.kind === 'link') {
        links += 1
        if (links > MAX_LINKS) return 'lies behind links that go round in a circle'
        if (child.target.startsWith('/')) {
          folder = this.#root
          way.length = 0
        }
        todo.push(
          ...child.target
            .split('/')
            .filter((piece) => piece !== '' && piece !== '.')
            .reverse(),
        )
        continue
      }
      way.push(folder)
      if (way.length > MAX_DEPTH) return `lies more than ${MAX_DEPTH} folders deep`
      folder = child?.kind === 'folder' ? child : childFolder(folder, part)
    }
    return folder
  }

  /** What stands at a path of this archive, links in its folders followed. */
  #lookup(parts: readonly string[]): KeptNode | null {
    let node: KeptNode = this.#root
    for (const part of parts) {
      const next: KeptNode | undefined = node.kind === 'folder' ? node.children.get(part) : undefined
      if (next === undefined) return null
      node = next
    }
    return node
  }

  #refuse(entry: TarEntry, problem: string): null {
    if (this.#faults.length < MAX_FAULTS) {
      const message = `the entry '${entry.name.slice(0, 200)}' is left out: ${problem}`
      this.#faults.push(faultAt('malformed', this.#options.label, entry.offset, message))
    }
    return null
  }
}

function childFolder(folder: KeptFolder, name: string): KeptFolder {
  const made = newFolder()
  folder.children.set(name, made)
  return made
}

function problemOf(parts: readonly string[], name: string): string | null {
  if (parts.includes('..')) return 'leads out of the archive by ..'
  if (name.includes('\0')) return 'has a NUL in its name'
  if (parts.length > MAX_DEPTH) return `lies more than ${MAX_DEPTH} folders deep`
  return parts.some((part) => part.length > 255) ? 'has a part of more than 255 bytes' : null
}
