/** A volume held in memory: captures, images, profiles, and what a plan would lay over a tree. */
import type { ElfReading } from '../domain/object.ts'
import type { ByteSource } from '../domain/source.ts'
import type { Child, FileStatus, LookupFailure, OpenFile } from '../domain/tree.ts'
import type { Volume } from './volume.ts'

/** What stands at one path of a volume in memory. */
export type MemoryEntry = MemoryFile | MemoryLink | MemoryFolder

export interface MemoryFile {
  readonly kind: 'file'
  readonly content: ByteSource
  /** Permission bits; 0644 where absent. */
  readonly mode?: number
  /** Seconds since 1970; 0 where absent. */
  readonly modified?: number
  /** Two paths with one identity are one file (hard links); a path is its own where this is absent. */
  readonly identity?: string
  /** The file as ELF where it is known without its bytes. */
  readonly reading?: ElfReading
}

export interface MemoryLink {
  readonly kind: 'link'
  readonly target: string
}

export interface MemoryFolder {
  readonly kind: 'folder'
  readonly mode?: number
  readonly modified?: number
}

/** Tells the files of two volumes apart. */
let volumes = 0

/**
 * A volume of these entries, by clean relative path; the folders above them need not be named, and a path
 * that others lie below is a folder.
 */
export function memoryVolume(entries: ReadonlyMap<string, MemoryEntry>): Volume {
  volumes += 1
  return new MemoryVolume(entries, `memory${volumes}`)
}

class MemoryVolume implements Volume {
  readonly #entries: ReadonlyMap<string, MemoryEntry>
  readonly #name: string
  #folders: ReadonlyMap<string, ReadonlyMap<string, Child['kind']>> | null = null

  constructor(entries: ReadonlyMap<string, MemoryEntry>, name: string) {
    this.#entries = entries
    this.#name = name
  }

  children(folder: string): ReadonlyMap<string, Child['kind']> | LookupFailure {
    return this.#index().get(folder) ?? absent(this.#entries.has(folder) ? 'ENOTDIR' : 'ENOENT')
  }

  kind(path: string): Child['kind'] | LookupFailure {
    if (this.#index().has(path)) return 'folder'
    return this.#entries.get(path)?.kind ?? absent('ENOENT')
  }

  link(path: string): string | null {
    const entry = this.#entries.get(path)
    return entry?.kind === 'link' ? entry.target : null
  }

  status(path: string): FileStatus | LookupFailure {
    const entry = this.#entries.get(path)
    if (entry?.kind === 'file') {
      const { content, mode, modified } = entry
      return { identity: this.#identity(path, entry), size: content.size, modified: modified ?? 0, mode: mode ?? 0o644 }
    }
    if (entry?.kind === 'link' || !this.#index().has(path)) return absent('ENOENT')
    const identity = `${this.#name}:${path}`
    return { identity, size: 0, modified: entry?.modified ?? 0, mode: entry?.mode ?? 0o755 }
  }

  open(path: string): OpenFile | LookupFailure {
    const entry = this.#entries.get(path)
    if (entry?.kind !== 'file') return absent('ENOENT')
    const { content, reading } = entry
    return {
      identity: this.#identity(path, entry),
      size: content.size,
      read: (offset, length) => content.read(offset, length),
      close: () => undefined,
      ...(reading === undefined ? {} : { reading }),
    }
  }

  #identity(path: string, file: MemoryFile): string {
    return `${this.#name}:${file.identity ?? path}`
  }

  /** The names in each folder, made when the first is asked for. */
  #index(): ReadonlyMap<string, ReadonlyMap<string, Child['kind']>> {
    return (this.#folders ??= indexFolders(this.#entries))
  }
}

function indexFolders(
  entries: ReadonlyMap<string, MemoryEntry>,
): ReadonlyMap<string, ReadonlyMap<string, Child['kind']>> {
  const folders = new Map<string, Map<string, Child['kind']>>([['', new Map()]])
  const folder = (path: string): Map<string, Child['kind']> => {
    const known = folders.get(path)
    if (known !== undefined) return known
    const fresh = new Map<string, Child['kind']>()
    folders.set(path, fresh)
    const [above, name] = split(path)
    folder(above).set(name, 'folder')
    return fresh
  }
  for (const [path, entry] of entries) {
    if (path === '') continue
    const [above, name] = split(path)
    if (entry.kind === 'folder') folder(path)
    else if (!folders.has(path)) folder(above).set(name, entry.kind)
  }
  return folders
}

function split(path: string): readonly [folder: string, name: string] {
  const cut = path.lastIndexOf('/')
  return cut < 0 ? ['', path] : [path.slice(0, cut), path.slice(cut + 1)]
}

function absent(errno: 'ENOENT' | 'ENOTDIR'): LookupFailure {
  return { kind: 'failure', errno }
}
