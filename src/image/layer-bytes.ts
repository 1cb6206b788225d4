/** A layer as the bytes of its tar archive, in chunks of one size, out of few buffers: memory does not grow with it. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { encodeBytes, isRaw } from '../domain/bytes.ts'
import { systemCode } from '../domain/fault.ts'
import { AHEAD } from './compress.ts'
import { failure } from './failure.ts'
import type { ImageEntry, NewLayer } from './model.ts'
import { BLOCK, paddingOf, tarHeader } from './tar-header.ts'

/** Bytes of a chunk; all but the last are full. */
const CHUNK: number = 1024 * 1024
/** Chunks that may be looked at: those of a packer, the one that was given last and the one that is filled. */
const RING = AHEAD + 2
/** The data of headers and names that an entry has at most. */
const MAX_HEADER = 16 * 1024

type File = Extract<ImageEntry, { kind: 'file' }>

/** What the archive of a layer can be long at most, in bytes. */
export function mostBytes(layer: NewLayer): number {
  return layer.entries.reduce((sum, entry) => sum + MAX_HEADER + (entry.kind === 'file' ? entry.size : 0), 2 * BLOCK)
}

/**
 * The archive of a layer: its entries sorted by the bytes of their paths, two blocks of zeros at the end. A chunk is
 * valid until {@link AHEAD} more have been taken.
 *
 * @throws WriteFailure where a file is not what it was when the image was planned, or the entries make no layer
 */
export function* layerBytes(layer: NewLayer): Generator<Uint8Array, void> {
  const buffers = new Buffers()
  const seen = new Set<string>()
  for (const entry of sorted(layer.entries)) {
    checkEntry(entry, seen, layer.title)
    const header = tarHeader(itemOf(entry))
    yield* buffers.copy(header)
    if (entry.kind === 'file') {
      yield* fileBytes(entry, buffers)
      yield* buffers.zeros(paddingOf(entry.size))
    }
    seen.add(entry.path)
  }
  yield* buffers.zeros(2 * BLOCK)
  if (buffers.filled > 0) yield buffers.take()
}

/** Entries by the bytes of their paths, which is not the order of JavaScript's strings. */
function sorted(entries: readonly ImageEntry[]): readonly ImageEntry[] {
  const ascii = entries.every(({ path }) => /^[\0-\x7f]*$/.test(path))
  if (ascii) return entries.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  const keyed = entries.map((entry) => [Buffer.from(encodeBytes(entry.path)), entry] as const)
  return keyed.sort(([a], [b]) => Buffer.compare(a, b)).map(([, entry]) => entry)
}

/** A layer that breaks these rules would be read differently by different engines. */
function checkEntry(entry: ImageEntry, seen: ReadonlySet<string>, title: string): void {
  const { path } = entry
  const wrong = (message: string): never => {
    throw failure('malformed', `/${path}`, `cannot be part of the layer '${title}': ${message}`)
  }
  const parts = path.split('/')
  if (path === '' ? entry.kind !== 'folder' : parts.some((part) => part === '' || part === '.' || part === '..'))
    wrong('its path is none of an image')
  if (path.includes('\0')) wrong('its path holds a NUL')
  if (parts.some((part) => part.startsWith('.wh.'))) wrong('names that begin with .wh. mean removals there')
  if (seen.has(path)) wrong('it is in it twice')
  if (entry.kind === 'hard-link' && !seen.has(entry.to)) wrong(`the file that it is a second name of is not before it`)
}

function itemOf(entry: ImageEntry): Parameters<typeof tarHeader>[0] {
  const { kind, path, mode, uid, gid, modified } = entry
  return {
    type: kind,
    name: path,
    target: kind === 'link' ? entry.target : kind === 'hard-link' ? entry.to : '',
    size: kind === 'file' ? entry.size : 0,
    mode,
    uid,
    gid,
    modified,
  }
}

/** The data of one file, as long as its header says or not at all. */
function* fileBytes(entry: File, buffers: Buffers): Generator<Uint8Array, void> {
  const { content, path, size } = entry
  switch (content.kind) {
    case 'bytes':
      if (content.bytes.length !== size) throw changed(`/${path}`, size, content.bytes.length)
      yield* buffers.copy(content.bytes)
      return
    case 'disk':
      yield* diskBytes(content.path, content.modifiedNs, size, buffers)
      return
    case 'source': {
      const source = content.open()
      try {
        if (source.size !== size) throw changed(`/${path}`, size, source.size)
        for (let at = 0; at < size;) {
          const part = source.read(at, Math.min(CHUNK, size - at))
          if (part.length === 0) throw changed(`/${path}`, size, at)
          at += part.length
          yield* buffers.copy(part)
        }
      } finally {
        source.close()
      }
    }
  }
}

function* diskBytes(path: string, modifiedNs: bigint, size: number, buffers: Buffers): Generator<Uint8Array, void> {
  const descriptor = openFile(path)
  try {
    const before = fstatSync(descriptor, { bigint: true })
    check(path, before, size, modifiedNs)
    for (let left = size; left > 0;) {
      const count = readSync(descriptor, buffers.current, buffers.filled, Math.min(left, buffers.room), null)
      if (count === 0) throw changed(path, size, size - left)
      left -= count
      buffers.filled += count
      if (buffers.room === 0) yield buffers.take()
    }
    const after = fstatSync(descriptor, { bigint: true })
    check(path, after, size, modifiedNs)
    if (after.ctimeNs !== before.ctimeNs)
      throw failure('unreadable', path, 'was changed while it was read; build again')
  } catch (error) {
    const code = systemCode(error)
    throw code === null ? error : failure('unreadable', path, `cannot be read (${code}); nothing was written`)
  } finally {
    closeSync(descriptor)
  }
}

/** A file that was planned as such must not have become a link, nor a pipe that blocks. */
function openFile(path: string): number {
  try {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
    return openSync(isRaw(path) ? Buffer.from(encodeBytes(path)) : path, flags)
  } catch (error) {
    const code = systemCode(error)
    if (code === null) throw error
    const gone = code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR'
    const text = gone ? `is gone since the image was planned (${code})` : `cannot be opened (${code})`
    throw failure(gone ? 'missing' : 'unreadable', path, `${text}; nothing was written`)
  }
}

function check(path: string, stats: BigIntStats, size: number, modifiedNs: bigint): void {
  if (!stats.isFile()) throw failure('unreadable', path, 'is no file any more since the image was planned; build again')
  if (stats.size !== BigInt(size)) throw changed(path, size, Number(stats.size))
  if (stats.mtimeNs !== modifiedNs) {
    throw failure('unreadable', path, 'was written to since the image was planned; build again')
  }
}

function changed(path: string, planned: number, found: number): Error {
  const text = `has ${found} bytes, and had ${planned} when the image was planned; build again`
  return failure(found < planned ? 'truncated' : 'unreadable', path, text)
}

/** Buffers that take turns. */
class Buffers {
  filled = 0
  readonly #ring: Buffer[] = []
  #turn = 0

  get current(): Buffer {
    return (this.#ring[this.#turn] ??= Buffer.allocUnsafeSlow(CHUNK))
  }

  get room(): number {
    return CHUNK - this.filled
  }

  /** What has been filled; the next buffer takes its place. */
  take(): Uint8Array {
    const chunk = this.current.subarray(0, this.filled)
    this.filled = 0
    this.#turn = (this.#turn + 1) % RING
    return chunk
  }

  *copy(bytes: Uint8Array): Generator<Uint8Array, void> {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + this.room)
      this.current.set(part, this.filled)
      this.filled += part.length
      at += part.length
      if (this.room === 0) yield this.take()
    }
  }

  *zeros(count: number): Generator<Uint8Array, void> {
    for (let left = count; left > 0;) {
      const part = Math.min(left, this.room)
      this.current.fill(0, this.filled, this.filled + part)
      this.filled += part
      left -= part
      if (this.room === 0) yield this.take()
    }
  }
}
