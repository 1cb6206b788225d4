/** Opens a capture: its names and places at once, the bytes of its files when they are asked for. */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import type { Fault } from '../../domain/fault.ts'
import { faultAt, whyUnread } from '../../domain/fault.ts'
import type { ByteSource } from '../../domain/source.ts'
import type { OsPackage } from '../../domain/system.ts'
import { blankContent, bytesContent, sparseContent, zeroFilledContent } from '../../tree/content.ts'
import type { Stretch } from '../../tree/content.ts'
import { newFolder } from '../../tree/archive/kept.ts'
import type { KeptFile, KeptFolder, KeptNode } from '../../tree/archive/kept.ts'
import type { PackageDatabase } from '../package-database.ts'
import { isFiles, isHead, isNodes, isOwners } from './check.ts'
import { FAMILY, MAGIC, MAX_RAW, PREAMBLE } from './format.ts'
import type { CaptureHead, PackedFile, PackedNode, PackedOwner, PackedStretches, Place } from './format.ts'

const MAX_HEAD = 64 * 1024 * 1024
const MAX_DEPTH = 1024

export interface Capture {
  readonly label: string
  readonly root: KeptFolder
  readonly owners: PackageDatabase
  readonly environment: readonly string[]
  readonly platform: string | null
  readonly notes: readonly string[]
  /** What could not be unpacked since; it grows while the capture is used. */
  readonly faults: readonly Fault[]
}

/** Whether a file begins as a capture does. */
export function isCapture(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, FAMILY.length)).toString('latin1') === FAMILY
}

/** Opens a capture; a fault where it is damaged or of another version. The file stays open for its blocks. */
export function openCapture(path: string): Capture | Fault {
  let file: CaptureFile
  try {
    file = new CaptureFile(path)
  } catch (error) {
    return faultAt('unreadable', path, null, whyUnread(error))
  }
  try {
    return file.open()
  } catch (error) {
    file.close()
    const reason = error instanceof Damage ? error.message : MALFORMED
    return faultAt('malformed', path, null, `is no capture that can be used: ${reason}; capture the system again`)
  }
}

const MALFORMED = 'its index is malformed'

class Damage extends Error {}

class CaptureFile {
  readonly #path: string
  readonly #descriptor: number
  readonly #size: number
  readonly #faults: Fault[] = []
  readonly #blocks = new Map<Place, Uint8Array>()
  #start = 0

  constructor(path: string) {
    this.#path = path
    this.#descriptor = openSync(path, 'r')
    this.#size = fstatSync(this.#descriptor).size
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  open(): Capture {
    const head = this.#head()
    const packed = this.#json(head.files)
    if (!isFiles(packed)) throw new Damage(MALFORMED)
    const files = packed.map((file) => this.#file(file, head))
    const root = newFolder()
    fill(root, this.#json(head.names), files, 0)
    let owners: readonly PackedOwner[] | null = null
    return {
      label: head.label,
      root,
      owners: recordedOwners(() => (owners ??= this.#owners(head.owners))),
      environment: head.environment,
      platform: head.platform,
      notes: head.notes,
      faults: this.#faults,
    }
  }

  #head(): CaptureHead {
    const preamble = this.#read(0, PREAMBLE)
    const magic = preamble.toString('latin1', 0, MAGIC.length)
    if (magic !== MAGIC) throw new Damage('it is of a version that this Airtight does not read')
    const length = preamble.readUInt32LE(MAGIC.length)
    if (length > MAX_HEAD) throw new Damage('its head is too large')
    const packed = this.#read(PREAMBLE, length)
    const digest = createHash('sha256').update(packed).digest().subarray(0, 16)
    if (!digest.equals(preamble.subarray(MAGIC.length + 4))) throw new Damage('its head is damaged')
    this.#start = PREAMBLE + length
    const head = JSON.parse(inflateSync(packed, { maxOutputLength: MAX_HEAD }).toString('utf8')) as unknown
    if (!isHead(head)) throw new Damage(MALFORMED)
    const end = [head.names, head.files, head.owners, ...head.core, ...head.symbols].reduce(
      (last, [offset, size]) => Math.max(last, offset + size),
      0,
    )
    if (this.#start + end > this.#size) throw new Damage('it ends too early')
    return head
  }

  #json(place: Place): unknown {
    return JSON.parse(Buffer.from(this.#unpack(place)).toString('utf8'))
  }

  #unpack([offset, size, raw]: Place): Uint8Array {
    if (!(raw <= MAX_RAW && size <= MAX_RAW)) throw new Damage('a part of it is too large')
    return inflateSync(this.#read(this.#start + offset, size), { maxOutputLength: Math.max(raw, 1) })
  }

  #read(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length)
    let done = 0
    while (done < length) {
      const count = readSync(this.#descriptor, bytes, done, length - done, offset + done)
      if (count <= 0) throw new Damage('it ends too early')
      done += count
    }
    return bytes
  }

  #owners(place: Place): readonly PackedOwner[] {
    try {
      const owners = this.#json(place)
      if (isOwners(owners)) return owners
    } catch {
      // Said below, with what is no list of owners.
    }
    this.#damaged(place, 'the owners of files in the capture are damaged')
    return []
  }

  #damaged([offset]: Place, text: string): void {
    this.#faults.push(faultAt('malformed', this.#path, this.#start + offset, `${text}; capture the system again`))
  }

  /** A block, unpacked once; null with a fault where it is damaged. */
  #block(place: Place): Uint8Array | null {
    const known = this.#blocks.get(place)
    if (known !== undefined) return known
    try {
      const bytes = this.#unpack(place)
      this.#blocks.set(place, bytes)
      return bytes
    } catch {
      this.#damaged(place, 'a block of the capture is damaged')
      this.#blocks.set(place, new Uint8Array(0))
      return null
    }
  }

  #file([kind, size, modified, core, symbols]: PackedFile, head: CaptureHead): KeptFile {
    const [first, more] = [held(core, head.core), held(symbols, head.symbols)]
    const content = lazily(
      size,
      (wide) => {
        const stretches = this.#stretches(first)
        if (kind === 0) return bytesContent(Buffer.concat(stretches.map(({ bytes }) => bytes)))
        const all = wide ? [...stretches, ...this.#stretches(more)] : stretches
        return kind === 2 ? zeroFilledContent(size, all) : sparseContent(size, all)
      },
      more !== null && kind === 1,
    )
    return { kind: 'file', size, mode: 0, modified, parts: { kind: 'stored', content } }
  }

  #stretches(held: Held | null): readonly Stretch[] {
    const bytes = held === null ? null : this.#block(held.block)
    if (held === null || bytes === null) return []
    return held.spans.map(({ offset, from, to }) => ({ offset, bytes: bytes.subarray(from, to) }))
  }
}

/** Stretches of a file: the block that holds them, and where in it each lies. */
interface Held {
  readonly block: Place
  readonly spans: readonly { readonly offset: number; readonly from: number; readonly to: number }[]
}

/** Where stretches lie; null where there are none, and for an empty file, for which no block may have been written. */
function held([number, at, pairs]: PackedStretches, blocks: readonly Place[]): Held | null {
  const spans: { offset: number; from: number; to: number }[] = []
  let end = at
  let offset: number | null = null
  for (const value of pairs) {
    if (offset === null) offset = value
    else {
      spans.push({ offset, from: end, to: end + value })
      end += value
      offset = null
    }
  }
  if (end === at) return null
  const block = blocks[number]
  if (block === undefined) throw new Damage('it names a block that it does not have')
  return { block, spans }
}

/** A content made when it is first read; what only symbols need is unpacked when the rest does not answer. */
function lazily(size: number, make: (wide: boolean) => ByteSource, hasMore: boolean): ByteSource {
  let content: ByteSource | null = null
  let wide = !hasMore
  return {
    size,
    read: (offset, length) => {
      content ??= make(wide)
      const bytes = content.read(offset, length)
      if (wide || bytes.length >= Math.min(length, size - offset)) return bytes
      wide = true
      content = make(true)
      return content.read(offset, length)
    },
  }
}

function fill(folder: KeptFolder, nodes: unknown, files: readonly KeptFile[], depth: number): void {
  if (depth > MAX_DEPTH) throw new Damage('its folders are too deep')
  if (!isNodes(nodes)) throw new Damage(MALFORMED)
  for (const node of nodes) {
    const [name] = node
    if (name === '' || name === '.' || name === '..' || name.includes('/'))
      throw new Damage('it has a name that is none')
    folder.children.set(name, kept(node, files, depth))
  }
}

function kept(node: PackedNode, files: readonly KeptFile[], depth: number): KeptNode {
  switch (node[1]) {
    case 0: {
      const folder = newFolder(node[2], node[3])
      fill(folder, node[4], files, depth + 1)
      return folder
    }
    case 1: {
      const file = files[node[3]]
      if (file === undefined) throw new Damage('it names a file that it does not have')
      file.mode = node[2]
      return file
    }
    case 2: {
      const content = blankContent(node[3], Buffer.from(node[4], 'latin1'))
      return { kind: 'file', size: node[3], mode: node[2], modified: 0, parts: { kind: 'stored', content } }
    }
    case 3:
      return { kind: 'link', target: node[2] }
    case 4:
      return { kind: 'other' }
  }
}

/** The owners that a capture holds, as a package database. */
function recordedOwners(load: () => readonly PackedOwner[]): PackageDatabase {
  let index: Map<string, OsPackage> | null = null
  const asPackage = ([manager, name, version]: PackedOwner): OsPackage => ({
    manager: manager === 'rpm' || manager === 'apk' ? manager : 'dpkg',
    name,
    version,
  })
  return {
    owner: (path) => {
      if (index === null) {
        index = new Map()
        for (const row of load()) {
          const owner = asPackage(row)
          for (const file of row[3]) if (!index.has(file)) index.set(file, owner)
        }
      }
      return index.get(path) ?? null
    },
    files: (name) =>
      load()
        .filter((row) => row[1] === name)
        .flatMap((row) => row[3]),
    packages: () => load().map(asPackage),
    faults: [],
    notes: [],
  }
}
