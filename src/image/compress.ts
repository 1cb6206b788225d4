/** Packs a stream: gzip in pieces that several threads pack side by side, zstd by Node or by the zstd program. */
import { spawn, spawnSync } from 'node:child_process'
import type { Duplex, Readable, Writable } from 'node:stream'
import zlib from 'node:zlib'
import { failure } from './failure.ts'

export type Compression = 'none' | 'gzip' | 'zstd'

/** What takes the packed bytes, in order. */
export type Out = (bytes: Uint8Array) => Promise<void>

/** Takes chunks in order; each stays as it is until {@link AHEAD} more have been pushed. */
export interface Packer {
  push(chunk: Uint8Array): Promise<void>
  finish(): Promise<void>
  /** Gives up: nothing is waited for any more. */
  cancel(): void
}

/** How many chunks a packer may still look at. */
export const AHEAD = 4
const LEVELS: Readonly<Record<Compression, readonly [number, number, number]>> = {
  none: [0, 0, 0],
  gzip: [1, 1, 9],
  zstd: [1, 3, 19],
}

/** The level that is meant where none is named. */
export function levelOf(compression: Compression, level: number | undefined): number {
  const [least, usual, most] = LEVELS[compression]
  if (level === undefined) return usual
  if (compression === 'none' || (Number.isInteger(level) && level >= least && level <= most)) return level
  throw failure('unsupported', 'compression', `${compression} has levels from ${least} to ${most}, and no ${level}`)
}

/** Whether this machine can pack so. @throws WriteFailure that says what to do */
export function checkCompression(compression: Compression): void {
  if (compression !== 'zstd' || nodeZstd() !== null) return
  if (spawnSync('zstd', ['--version'], { stdio: 'ignore' }).status === 0) return
  const text = 'this Node has no zstd (22.15 and later have it) and there is no zstd program; install it or use gzip'
  throw failure('unsupported', 'zstd', text)
}

/** A packer that gives its bytes to `out`. */
export function packer(compression: Compression, level: number, out: Out): Packer {
  if (compression === 'gzip') return new GzipPacker(level, out)
  if (compression === 'zstd') return new StreamPacker(zstdStream(level), out)
  return new PlainPacker(out)
}

/** Writes one chunk while the next is made. */
class PlainPacker implements Packer {
  readonly #out: Out
  #last: Promise<void> = Promise.resolve()

  constructor(out: Out) {
    this.#out = out
  }

  async push(chunk: Uint8Array): Promise<void> {
    await this.#last
    this.#last = this.#out(chunk)
    this.#last.catch(() => undefined)
  }

  async finish(): Promise<void> {
    await this.#last
  }

  cancel(): void {
    // Nothing runs but a write that ends by itself.
  }
}

const NO_MORE = Buffer.from([3, 0])
const WINDOW = 32 * 1024

/**
 * One gzip member (RFC 1952) made of pieces: each is packed by itself, with the 32 KiB before it as its dictionary, and
 * ends at a byte (RFC 1951, a stored block of length 0). The pieces do not depend on how many threads there are.
 */
class GzipPacker implements Packer {
  readonly #level: number
  readonly #out: Out
  readonly #running: Promise<Uint8Array>[] = []
  #before: Buffer | null = null
  #crc = 0
  #size = 0

  constructor(level: number, out: Out) {
    this.#level = level
    this.#out = out
    // No time and no name: the same input gives the same bytes. XFL says which way was taken; OS is unknown.
    const way = level === 1 ? 4 : level === 9 ? 2 : 0
    this.#running.push(Promise.resolve(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, way, 255])))
  }

  async push(chunk: Uint8Array): Promise<void> {
    if (this.#running.length >= AHEAD) await this.#next()
    this.#crc = zlib.crc32(chunk, this.#crc)
    this.#size += chunk.length
    const piece = deflated(chunk, this.#level, this.#before)
    piece.catch(() => undefined)
    this.#running.push(piece)
    this.#before = Buffer.from(chunk.subarray(Math.max(0, chunk.length - WINDOW)))
  }

  async finish(): Promise<void> {
    while (this.#running.length > 0) await this.#next()
    const end = Buffer.alloc(8)
    end.writeUInt32LE(this.#crc >>> 0, 0)
    end.writeUInt32LE(this.#size % 2 ** 32, 4)
    await this.#out(Buffer.concat([NO_MORE, end]))
  }

  cancel(): void {
    // What the threads still pack is dropped.
  }

  async #next(): Promise<void> {
    const piece = await this.#running.shift()
    if (piece !== undefined) await this.#out(piece)
  }
}

function deflated(chunk: Uint8Array, level: number, before: Buffer | null): Promise<Uint8Array> {
  const options: zlib.ZlibOptions = {
    level,
    finishFlush: zlib.constants.Z_SYNC_FLUSH,
    chunkSize: chunk.length + WINDOW,
    ...(before === null ? {} : { dictionary: before }),
  }
  return new Promise((resolve, reject) => {
    zlib.deflateRaw(chunk, options, (error, packed) => {
      if (error === null) resolve(packed)
      else reject(error)
    })
  })
}

interface Through {
  readonly input: Writable
  readonly output: Readable
  readonly ended: Promise<void>
  cancel(): void
}

/** Anything that takes a stream and gives one. */
class StreamPacker implements Packer {
  readonly #through: Through
  readonly #drained: Promise<void>
  #problem: Error | null = null

  constructor(through: Through, out: Out) {
    this.#through = through
    through.input.on('error', (error) => (this.#problem ??= error))
    this.#drained = drain(through.output, out)
    this.#drained.catch((error: unknown) => {
      this.#problem ??= error as Error
      through.cancel()
    })
  }

  async push(chunk: Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#through.input.write(chunk, (error) => {
        if (error == null) resolve()
        else reject(this.#problem ?? error)
      })
    })
  }

  async finish(): Promise<void> {
    this.#through.input.end()
    await this.#drained
    await this.#through.ended
  }

  cancel(): void {
    this.#through.cancel()
  }
}

async function drain(output: Readable, out: Out): Promise<void> {
  for await (const part of output as AsyncIterable<Uint8Array>) await out(part)
}

type MakeZstd = (options: { readonly params: Readonly<Record<number, number>> }) => Duplex

/** Node's own zstd, where it has one. */
function nodeZstd(): { readonly make: MakeZstd; readonly level: number } | null {
  const { createZstdCompress: make } = zlib as { readonly createZstdCompress?: MakeZstd }
  const level = (zlib.constants as Readonly<Record<string, number>>)['ZSTD_c_compressionLevel']
  return make === undefined || level === undefined ? null : { make, level }
}

function zstdStream(level: number): Through {
  const own = nodeZstd()
  if (own !== null) {
    const stream = own.make({ params: { [own.level]: level } })
    return { input: stream, output: stream, ended: Promise.resolve(), cancel: () => stream.destroy() }
  }
  // The bytes do not depend on the number of threads, only on there being any.
  const child = spawn('zstd', ['-q', '-c', `-${level}`, '-T0'], { stdio: ['pipe', 'pipe', 'ignore'] })
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve()
      else reject(failure('unsupported', 'zstd', `the zstd program ended with ${code ?? signal ?? 'nothing'}`))
    })
  })
  ended.catch(() => undefined)
  return { input: child.stdin, output: child.stdout, ended, cancel: () => child.kill() }
}
