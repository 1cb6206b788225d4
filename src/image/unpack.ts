/**
 * Unpacks one layer into a folder of its own, which nobody else writes to. Entries go where the layer's own names lead:
 * a link among them is followed in memory only, so that nothing can lead out of the folder.
 */
import { closeSync, constants, fchmodSync, fchownSync, futimesSync, lchownSync, linkSync } from 'node:fs'
import { lutimesSync, mkdirSync, openSync, renameSync, rmSync, symlinkSync, writeSync } from 'node:fs'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { Sink, TarEntry, TarHandler } from '../tree/archive/tar.ts'
import { diskPath } from './disk-path.ts'
import { describe, nodeAt, partsOf, placeOf, unpackedFolder } from './unpacked-tree.ts'
import type { UnpackedFolder, UnpackedNode } from './unpacked-tree.ts'

const WHITEOUT = '.wh.'
const OPAQUE = '.wh..wh..opq'
const MAX_LINKS = 40
const MAX_DEPTH = 512
/** Less than PATH_MAX, for the folder that it lies in has a path too. */
const MAX_PATH = 3000
const TOO_LONG = 'its path is too long'
const MAX_NAME = 255
const MAX_ENTRIES = 4_000_000
const MAX_FAULTS = 64
const MAX_ID = 2 ** 32 - 2
/** Seconds that a file system of today can keep (ext4, XFS and btrfs reach to 2^34 and beyond). */
const MAX_TIME = 2 ** 34

/** A hard link whose target lies in a layer below. */
export interface LowerLink {
  readonly folder: UnpackedFolder
  readonly name: string
  readonly target: readonly string[]
}

export interface UnpackOptions {
  /** For faults. */
  readonly label: string
  /** The empty folder that the layer goes to. */
  readonly top: string
  /** Whether files get the owners that the layer names, which only root may give; else set-id bits are left out. */
  readonly owners: boolean
}

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW

/** Takes the entries of one layer. Methods throw the errors of the disk. */
export class LayerUnpacker implements TarHandler {
  readonly root: UnpackedFolder = unpackedFolder(null, '')
  readonly lowerLinks: LowerLink[] = []
  /** For each folder what it takes from the layers below: names, or everything. */
  readonly removed: Map<UnpackedFolder, Set<string> | 'all'> = new Map<UnpackedFolder, Set<string> | 'all'>()
  /** Entries that were left out. */
  readonly faults: Fault[] = []
  files = 0
  bytes = 0
  readonly #options: UnpackOptions
  #open: number | null = null
  #entries = 0

  constructor(options: UnpackOptions) {
    this.#options = options
  }

  entry(entry: TarEntry): Sink | null {
    this.#entries += 1
    if (this.#entries > MAX_ENTRIES) {
      return this.#entries === MAX_ENTRIES + 1 ? this.#refuse(entry, `more than ${MAX_ENTRIES} entries`) : null
    }
    const parts = partsOf(entry.name)
    const problem = problemOf(parts, entry.name)
    if (problem !== null) return this.#refuse(entry, problem)
    if (entry.uid > MAX_ID || entry.gid > MAX_ID || Math.abs(entry.modified) > MAX_TIME) {
      return this.#refuse(entry, 'has an owner or a time that no system has')
    }
    const name = parts.at(-1)
    if (name === undefined) {
      if (entry.kind !== 'folder') return this.#refuse(entry, 'has no name, and is no folder')
      describe(this.root, entry)
      return null
    }
    const folder = this.#folder(parts.slice(0, -1))
    if (typeof folder === 'string') return this.#refuse(entry, folder)
    if (name.startsWith(WHITEOUT)) return this.#whiteout(entry, folder, name)
    return this.#put(entry, folder, name)
  }

  /** Closes the file that a failure left open. */
  close(): void {
    if (this.#open !== null) closeSync(this.#open)
    this.#open = null
  }

  #put(entry: TarEntry, folder: UnpackedFolder, name: string): Sink | null {
    const before = folder.children.get(name)
    const place = this.#placeIn(folder, name)
    if (place === null) return this.#refuse(entry, TOO_LONG)
    switch (entry.kind) {
      case 'folder':
        describe(before?.kind === 'folder' ? before : this.#newFolder(folder, name, place), entry)
        return null
      case 'link':
        if (entry.target === '' || entry.target.includes('\0')) return this.#refuse(entry, 'is a link to nowhere')
        this.#clear(folder, name)
        symlinkSync(diskPath(entry.target), diskPath(place))
        if (this.#options.owners) lchownSync(diskPath(place), entry.uid, entry.gid)
        lutimesSync(diskPath(place), entry.modified, entry.modified)
        this.#add(folder, name, { kind: 'link', target: entry.target })
        return null
      case 'hard-link':
        return this.#hardLink(entry, folder, name, place)
      case 'other':
        // Devices and pipes are what the machine gives to a container, not what an image holds.
        this.#clear(folder, name)
        return null
      case 'file':
        this.#clear(folder, name)
        return this.#file(entry, folder, name, place)
    }
  }

  #file(entry: TarEntry, folder: UnpackedFolder, name: string, place: string): Sink {
    const { owners } = this.#options
    const descriptor = openSync(diskPath(place), NEW_FILE, 0o600)
    this.#open = descriptor
    this.#add(folder, name, { kind: 'file' })
    return {
      data: (bytes) => {
        for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at)
        this.bytes += bytes.length
      },
      end: () => {
        // Owners first: a change of owner takes the set-id bits away.
        if (owners) fchownSync(descriptor, entry.uid, entry.gid)
        fchmodSync(descriptor, modeFor(entry.mode, owners))
        futimesSync(descriptor, entry.modified, entry.modified)
        this.#open = null
        closeSync(descriptor)
      },
    }
  }

  #hardLink(entry: TarEntry, folder: UnpackedFolder, name: string, place: string): null {
    const target = partsOf(entry.target)
    const problem = target.length === 0 ? 'is nothing' : problemOf(target, entry.target)
    if (problem !== null) return this.#refuse(entry, `its target ${problem}`)
    const found = nodeAt(this.root, target)
    if (found !== null && found.kind !== 'folder') {
      if (found === folder.children.get(name)) return null
      // Beside the layer first, for it may take the place of a folder that its target lies in.
      const spare = `${this.#options.top}.link`
      linkSync(diskPath([this.#options.top, ...target].join('/')), spare)
      this.#clear(folder, name)
      renameSync(spare, diskPath(place))
      this.#add(folder, name, found)
    } else {
      this.#clear(folder, name)
      this.lowerLinks.push({ folder, name, target })
    }
    return null
  }

  #whiteout(entry: TarEntry, folder: UnpackedFolder, name: string): null {
    if (entry.kind !== 'file') return this.#refuse(entry, 'a marker of the layer format that is no file')
    if (name === OPAQUE) {
      this.removed.set(folder, 'all')
      return null
    }
    const hidden = name.slice(WHITEOUT.length)
    // AUFS kept its own things under such names.
    if (hidden.startsWith(WHITEOUT)) return null
    if (hidden === '' || hidden === '.' || hidden === '..') {
      return this.#refuse(entry, 'a marker of the layer format that names nothing')
    }
    const before = this.removed.get(folder)
    if (before === 'all') return null
    this.removed.set(folder, (before ?? new Set<string>()).add(hidden))
    return null
  }

  /** The folder that an entry lies in, made where it is not there; a sentence where there can be none. */
  #folder(parts: readonly string[]): UnpackedFolder | string {
    const todo = [...parts].reverse()
    let folder = this.root
    let links = 0
    let depth = 0
    for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
      if (part === '..') {
        folder = folder.parent ?? this.root
        continue
      }
      const child = folder.children.get(part)
      if (child?.kind === 'link') {
        links += 1
        if (links > MAX_LINKS) return 'lies behind links that go round in a circle'
        if (child.target.startsWith('/')) folder = this.root
        todo.push(...[...partsOf(child.target)].reverse())
        continue
      }
      depth += 1
      if (depth > MAX_DEPTH || Buffer.byteLength(part) > MAX_NAME) return 'lies too deep'
      if (child?.kind === 'folder') folder = child
      else {
        const place = this.#placeIn(folder, part)
        if (place === null) return TOO_LONG
        folder = this.#newFolder(folder, part, place)
      }
    }
    return folder
  }

  /** Where a name lies on the disk; null where the way there is longer than systems take. */
  #placeIn(folder: UnpackedFolder, name: string): string | null {
    const { top } = this.#options
    const place = `${placeOf(top, folder)}/${name}`
    return Buffer.byteLength(place) - Buffer.byteLength(top) > MAX_PATH ? null : place
  }

  #newFolder(folder: UnpackedFolder, name: string, place: string): UnpackedFolder {
    this.#clear(folder, name)
    mkdirSync(diskPath(place), 0o700)
    const made = unpackedFolder(folder, name)
    this.#add(folder, name, made)
    return made
  }

  #add(folder: UnpackedFolder, name: string, node: UnpackedNode): void {
    folder.children.set(name, node)
    if (node.kind !== 'folder') this.files += 1
  }

  /** Takes away what this layer has put under a name. */
  #clear(folder: UnpackedFolder, name: string): void {
    if (!folder.children.delete(name)) return
    rmSync(diskPath(`${placeOf(this.#options.top, folder)}/${name}`), { recursive: true, force: true })
  }

  #refuse(entry: TarEntry, problem: string): null {
    if (this.faults.length < MAX_FAULTS) {
      const message = `the entry '${entry.name.slice(0, 200)}' is left out: ${problem}`
      this.faults.push(faultAt('malformed', this.#options.label, entry.offset, message))
    }
    return null
  }
}

/** Gives each folder its owner, bits and time, those within first: writing into a folder changes its time. */
export function finishFolders(top: string, root: UnpackedFolder, owners: boolean): void {
  const order: UnpackedFolder[] = []
  const todo = [root]
  for (let folder = todo.pop(); folder !== undefined; folder = todo.pop()) {
    order.push(folder)
    for (const child of folder.children.values()) if (child.kind === 'folder') todo.push(child)
  }
  for (const folder of order.reverse()) {
    const descriptor = openSync(diskPath(placeOf(top, folder)), constants.O_RDONLY | constants.O_DIRECTORY)
    try {
      if (owners) fchownSync(descriptor, folder.uid, folder.gid)
      futimesSync(descriptor, folder.modified, folder.modified)
      fchmodSync(descriptor, modeFor(folder.mode, owners))
    } finally {
      closeSync(descriptor)
    }
  }
}

/** A file that belongs to somebody else than its layer says must not lend that person's rights. */
function modeFor(mode: number, owners: boolean): number {
  return owners ? mode : mode & 0o1777
}

function problemOf(parts: readonly string[], name: string): string | null {
  if (parts.includes('..')) return 'leads out of the archive by ..'
  if (name.includes('\0')) return 'has a NUL in its name'
  if (parts.length > MAX_DEPTH) return `lies more than ${MAX_DEPTH} folders deep`
  return parts.some((part) => Buffer.byteLength(part) > MAX_NAME) ? `has a part of more than ${MAX_NAME} bytes` : null
}
