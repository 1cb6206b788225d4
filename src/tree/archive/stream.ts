/** Streams of bytes: a part of a file, and what a stream holds when it is gzip or zstd, told by its first bytes. */
import { open } from 'node:fs/promises'
import { Readable, pipeline } from 'node:stream'
import type { Transform } from 'node:stream'
import zlib from 'node:zlib'

export type Bytes = AsyncIterable<Uint8Array>

const CHUNK = 256 * 1024
/** Buffers that take turns: more than a decoder and the queues before it ever hold. */
const RING = 32
/** What a stream may grow to before its ratio is looked at, and the ratio that no real archive reaches. */
const SMALL = 512 * 1024 * 1024
const MAX_RATIO = 200

/** What ends a stream: a sentence for people. */
export class StreamError extends Error {}

/**
 * The bytes `[start, start + length)` of a file; to its end without a length. A chunk is valid until some ten more have
 * been taken: new buffers for a gigabyte would be a gigabyte of garbage.
 */
export async function* fileBytes(path: string, start = 0, length: number | null = null): Bytes {
  const file = await open(path, 'r')
  try {
    const end = length === null ? Infinity : start + length
    const ring: Buffer[] = []
    for (let at = start, turn = 0; at < end; turn = (turn + 1) % RING) {
      const buffer = (ring[turn] ??= Buffer.allocUnsafeSlow(CHUNK))
      const { bytesRead } = await file.read(buffer, 0, Math.min(CHUNK, end - at), at)
      if (bytesRead === 0) return
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

export type Compression = 'gzip' | 'zstd' | 'none'

/** By the first bytes of a stream. */
export function compressionOf(head: Uint8Array): Compression {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd'
  // A skippable frame, with which zstd:chunked and pzstd files may begin.
  if (head[0] !== undefined && head[0] >> 4 === 5 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18)
    return 'zstd'
  return 'none'
}

/**
 * What a stream holds, unpacked where it is compressed.
 *
 * @param seen is given each chunk as it comes in, for digests
 * @throws StreamError where the data is damaged, or grows as only an attack does
 */
export async function* unpacked(source: Bytes, seen: (chunk: Uint8Array) => void = () => undefined): Bytes {
  const counted = { in: 0 }
  const watched = watch(source, (chunk) => {
    counted.in += chunk.length
    seen(chunk)
  })
  const iterator = watched[Symbol.asyncIterator]()
  const first = await iterator.next()
  const head = first.done === true ? new Uint8Array(0) : first.value
  const whole = resumed(head, iterator)
  const kind = compressionOf(head)
  if (kind === 'none') {
    yield* whole
    return
  }
  let out = 0
  for await (const chunk of kind === 'gzip' ? through(whole, gunzip(), 'gzip') : zstdBytes(whole)) {
    out += chunk.length
    if (out > SMALL && out > counted.in * MAX_RATIO) {
      throw new StreamError(`${kind} data that grows more than ${MAX_RATIO} times is refused`)
    }
    yield chunk
  }
}

async function* watch(source: Bytes, seen: (chunk: Uint8Array) => void): Bytes {
  for await (const chunk of source) {
    seen(chunk)
    yield chunk
  }
}

async function* resumed(head: Uint8Array, rest: AsyncIterator<Uint8Array>): Bytes {
  try {
    yield head
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
  } finally {
    // Whoever leaves early leaves an open file otherwise.
    await rest.return?.()
  }
}

function gunzip(): Transform {
  return zlib.createGunzip({ chunkSize: CHUNK })
}

async function* through(source: Bytes, transform: Transform, kind: Compression): Bytes {
  const piped = pipeline(Readable.from(source, { objectMode: false, highWaterMark: CHUNK }), transform, () => undefined)
  try {
    for await (const chunk of piped as AsyncIterable<Uint8Array>) yield chunk
  } catch (error) {
    throw streamError(error, kind)
  }
}

/** What a decoder throws as a sentence; what its source threw is not the data's fault and goes on as it is. */
function streamError(error: unknown, kind: Compression): Error {
  const thrown = error as Error
  if (thrown instanceof StreamError || 'syscall' in thrown) return thrown
  return new StreamError(`the ${kind} data is damaged: ${thrown.message}`)
}

/** Node has zstd of its own from 22.15 on; before that a library does it (docs/decisions/fzstd.md). */
async function* zstdBytes(source: Bytes): Bytes {
  const native = (zlib as { readonly createZstdDecompress?: (options: object) => Transform }).createZstdDecompress
  if (native !== undefined) {
    yield* through(source, native({ chunkSize: CHUNK }), 'zstd')
    return
  }
  const { Decompress } = await import('fzstd')
  let ready: Uint8Array[] = []
  const decoder = new Decompress((chunk) => ready.push(chunk))
  const take = (): Uint8Array[] => {
    const taken = ready
    ready = []
    return taken
  }
  try {
    for await (const chunk of source) {
      // In small steps, for a few bytes may unpack to a great many.
      for (let at = 0; at < chunk.length; at += STEP) {
        decoder.push(chunk.subarray(at, at + STEP))
        yield* take()
      }
    }
    decoder.push(new Uint8Array(0), true)
  } catch (error) {
    throw streamError(error, 'zstd')
  }
  yield* take()
}

const STEP = 128 * 1024
