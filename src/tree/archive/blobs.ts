/** The files of an image, wherever they lie: a folder, a tar archive, or a compressed tar archive that is gone through. */
import { closeSync, fstatSync, openSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { BLOCK, MAX_NAME } from './tar-header.ts'
import { TarReader } from './tar.ts'
import type { Sink, TarEntry } from './tar.ts'
import type { Bytes } from './stream.ts'
import { compressionOf, fileBytes, unpacked } from './stream.ts'

/** A JSON file of an image; the largest real ones have some 100 KiB. */
export const MAX_JSON: number = 16 * 1024 * 1024
const MAX_HOPS = 8

export interface Blobs {
  /** Names of all files, sorted; null for a folder, where names are asked for. */
  readonly names: readonly string[] | null
  /** The name of the file that a name leads to, null where there is none: two names may be one file. */
  canonical(name: string): string | null
  /** A small file as a whole; null where it is absent or too large. */
  read(name: string): Uint8Array | null
  /** The bytes of a file of any size and how many they are, null where it is absent. */
  open(name: string): { readonly size: number; readonly bytes: () => Bytes } | null
  /** The bytes of each file, by canonical names, in whatever order they can be had. */
  each<T extends Wanted>(wanted: readonly T[], visit: (one: T, bytes: Bytes) => Promise<void>): Promise<void>
}

/** A file that is asked for: its canonical name, and whatever the asker wants to have at hand with its bytes. */
export interface Wanted {
  readonly name: string
}

/** The folder of an OCI layout. A link in it that leads out of it is as good as absent. */
export function folderBlobs(folder: string): Blobs {
  const top = realpathSync(folder)
  const place = (name: string): string | null => {
    try {
      const path = realpathSync(join(top, name))
      return path.startsWith(top + sep) && statSync(path).isFile() ? path : null
    } catch {
      return null
    }
  }
  return {
    names: null,
    canonical: (name) => (place(name) === null ? null : name),
    read: (name) => {
      const path = place(name)
      return path === null || statSync(path).size > MAX_JSON ? null : readFileSync(path)
    },
    open: (name) => {
      const path = place(name)
      return path === null ? null : { size: statSync(path).size, bytes: () => fileBytes(path) }
    },
    each: async (wanted, visit) => {
      for (const one of wanted) {
        const path = place(one.name)
        if (path !== null) await visit(one, fileBytes(path))
      }
    },
  }
}

interface Member {
  readonly entry: TarEntry
  /** The bytes of a small file. */
  bytes: Uint8Array | null
}

/** What the headers of a tar archive tell, read once; small files are kept. */
export interface TarIndex {
  readonly members: ReadonlyMap<string, Member>
  readonly compressed: boolean
}

/**
 * Reads the headers of an archive; an image's own files are few, so that more is a root file system, and null.
 *
 * @param packed how much of a compressed archive is unpacked for them
 */
export async function indexTar(
  path: string,
  maxMembers: number,
  packed: 'whole' | 'beginning' = 'whole',
): Promise<TarIndex | null> {
  const members = new Map<string, Member>()
  let root = false
  const reader = new TarReader({
    entry: (entry): Sink | null => {
      const name = memberName(entry.name)
      if (entry.kind === 'folder' || name === '') return null
      root ||= ROOT.test(name)
      const member: Member = { entry, bytes: null }
      members.set(name, member)
      if (entry.kind !== 'file' || entry.size > MAX_JSON || !isSmall(name, entry.size)) return null
      const bytes = Buffer.alloc(entry.size)
      let at = 0
      return {
        data: (part) => {
          bytes.set(part, at)
          at += part.length
        },
        end: () => {
          member.bytes = bytes
        },
      }
    },
  })
  const isRoot = (): boolean => root || members.size > maxMembers
  const compressed = compressionOf(headOf(path)) !== 'none'
  if (compressed) {
    for await (const chunk of unpacked(fileBytes(path))) {
      reader.push(chunk)
      if (isRoot()) return null
      if (packed === 'beginning') return { members, compressed }
    }
  } else if (!walkHeaders(path, reader, isRoot)) return null
  if (compressed) reader.finish()
  return { members, compressed }
}

/** Pushes the headers of an archive into a reader and seeks over the data; false once it shows to be no image. */
function walkHeaders(path: string, reader: TarReader, isRoot: () => boolean): boolean {
  const descriptor = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(HEADERS)
    const { size } = fstatSync(descriptor)
    let at = 0
    for (let count = 0; (count = readSync(descriptor, buffer, 0, HEADERS, at)) > 0;) {
      // One block at a time, so that a seek is possible behind each header.
      for (let from = 0; from < count;) {
        const part = buffer.subarray(from, Math.min(from + BLOCK, count))
        reader.push(part)
        from += part.length
        at += part.length
        if (isRoot()) return false
        const unwanted = reader.unwanted
        if (unwanted === 0) continue
        // A layer that is cut short is found when it is read.
        if (at + unwanted > size) return true
        reader.skip()
        from += unwanted
        at += unwanted
      }
    }
    return true
  } finally {
    closeSync(descriptor)
  }
}

function headOf(path: string): Uint8Array {
  const descriptor = openSync(path, 'r')
  try {
    const head = Buffer.alloc(BLOCK)
    return head.subarray(0, readSync(descriptor, head, 0, BLOCK, 0))
  } finally {
    closeSync(descriptor)
  }
}

/** Folders of a root file system, which no image has beside its layers. */
const ROOT = /^(?:usr|etc|bin|sbin|lib|lib64|var|opt|dev|proc|home|root)\//
const HEADERS = 64 * 1024

/** Manifests, indices and configurations; layers of this size are read again where they are wanted. */
function isSmall(name: string, size: number): boolean {
  return name.endsWith('.json') || name === 'oci-layout' || name === 'repositories' || size <= 256 * 1024
}

/** The files of an image in a tar archive. Links among them are followed inside it (skopeo writes layers so). */
export function tarBlobs(path: string, { members, compressed }: TarIndex): Blobs {
  const resolve = (name: string): [string, Member] | null => {
    let current = memberName(name)
    for (let hops = 0; hops < MAX_HOPS; hops += 1) {
      const member = members.get(current)
      if (member === undefined) return null
      if (member.entry.kind === 'file') return [current, member]
      if (member.entry.kind === 'link') current = memberName(join(current, '..', member.entry.target))
      else if (member.entry.kind === 'hard-link') current = memberName(member.entry.target)
      else return null
    }
    return null
  }
  // A sparse file does not lie there as it is: nobody stores a layer so.
  const partOf = (name: string): Part | null => {
    const entry = resolve(name)?.[1].entry
    return entry === undefined || entry.data === null ? null : { at: entry.data, size: entry.size }
  }
  return {
    names: [...members.keys()].sort(),
    canonical: (name) => resolve(name)?.[0] ?? null,
    read: (name) => resolve(name)?.[1].bytes ?? null,
    open: (name) => {
      const found = partOf(name)
      if (found === null) return null
      const { at, size } = found
      return { size, bytes: () => (compressed ? unpackedPart(path, found) : fileBytes(path, at, size)) }
    },
    each: async (wanted, visit) => {
      const found = wanted.flatMap((one) => {
        const part = partOf(one.name)
        return part === null ? [] : [{ ...part, one }]
      })
      if (compressed) return eachCompressed(path, found, visit)
      for (const { one, at, size } of found) await visit(one, fileBytes(path, at, size))
    },
  }
}

/** Where the bytes of one file lie in its archive. */
interface Part {
  readonly at: number
  readonly size: number
}

/** Goes through a compressed archive once, giving the bytes of each wanted file as they come, in the archive's order. */
async function eachCompressed<T>(
  path: string,
  found: readonly (Part & { readonly one: T })[],
  visit: (one: T, bytes: Bytes) => Promise<void>,
): Promise<void> {
  const cursor = new Cursor(unpacked(fileBytes(path)))
  try {
    for (const { one, at, size } of [...found].sort((a, b) => a.at - b.at)) {
      await cursor.skip(at - cursor.at)
      await visit(one, cursor.take(size))
      await cursor.skip(at + size - cursor.at)
    }
  } finally {
    await cursor.close()
  }
}

/** One file of a compressed archive: what lies before it is unpacked and passed over. */
async function* unpackedPart(path: string, { at, size }: Part): Bytes {
  const cursor = new Cursor(unpacked(fileBytes(path)))
  try {
    await cursor.skip(at)
    yield* cursor.take(size)
  } finally {
    await cursor.close()
  }
}

/** One stream, taken piece by piece; `close` it. */
class Cursor {
  at = 0
  readonly #source: AsyncIterator<Uint8Array>
  #rest = new Uint8Array(0)

  constructor(source: Bytes) {
    this.#source = source[Symbol.asyncIterator]()
  }

  async close(): Promise<void> {
    await this.#source.return?.()
  }

  async skip(length: number): Promise<void> {
    const passed = this.take(length)[Symbol.asyncIterator]()
    for (let next = await passed.next(); next.done !== true;) next = await passed.next()
  }

  async *take(length: number): Bytes {
    let left = length
    while (left > 0) {
      if (this.#rest.length === 0) {
        const next = await this.#source.next()
        if (next.done === true) return
        this.#rest = Uint8Array.from(next.value)
      }
      const part = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(part.length)
      this.at += part.length
      left -= part.length
      yield part
    }
  }
}

function memberName(name: string): string {
  const parts: string[] = []
  for (const part of name.slice(0, MAX_NAME).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}
