/** Reads a tar archive as it streams by: entries to a handler, data to the sinks it gives, nothing kept. */
import { BLOCK, MAX_NAME, isZero, number, parseHeader } from './tar-header.ts'
import type { TarHeader } from './tar-header.ts'
import { parsePax } from './pax.ts'
import { PieceReader, addOldPieces, parsePieces, problemOfPieces } from './tar-sparse.ts'
import type { Piece } from './tar-sparse.ts'
import { decodeBytes } from '../../domain/bytes.ts'

export type TarKind = 'file' | 'folder' | 'link' | 'hard-link' | 'other'

export interface TarEntry {
  readonly kind: TarKind
  /** As written, a byte string. */
  readonly name: string
  /** Target of a link or hard link. */
  readonly target: string
  /** Length of the file, holes of a sparse one included. */
  readonly size: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly modified: number
  /** Where the header lies in the archive. */
  readonly offset: number
  /** Where the data lies, when it lies there as it is; null for a sparse file. */
  readonly data: number | null
}

/** Takes the bytes of one file in order; the bytes are valid during the call only. */
export interface Sink {
  data(bytes: Uint8Array): void
  end(): void
}

export interface TarHandler {
  /** Null where the data is not wanted. */
  entry(entry: TarEntry): Sink | null
}

/** What ends the reading of an archive: a sentence and where it arose. */
export class TarError extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** Extended headers and long names are metadata: more is an attack on memory. */
const MAX_META = 1024 * 1024
/** Zeros that are made for the holes of one sparse file. */
const MAX_HOLES = 4 * 1024 * 1024 * 1024
const ZEROS = new Uint8Array(64 * 1024)
const KINDS: Readonly<Record<string, TarKind>> = {
  '0': 'file',
  '7': 'file',
  S: 'file',
  '1': 'hard-link',
  '2': 'link',
  '3': 'other',
  '4': 'other',
  '6': 'other',
  '5': 'folder',
  D: 'folder',
}

type State = 'header' | 'data' | 'meta' | 'old-sparse' | 'new-sparse' | 'end'

/** One archive: `push` its bytes, then `finish`. Both throw {@link TarError} where it cannot be read any further. */
export class TarReader {
  readonly #handler: TarHandler
  readonly #block = Buffer.alloc(BLOCK)
  #filled = 0
  #state: State = 'header'
  #offset = 0
  /** Bytes of data, then of padding, that are still to come. */
  #left = 0
  #padding = 0
  #sink: Sink | null = null
  #meta: Uint8Array = new Uint8Array(0)
  #metaType = ''
  #pax: ReadonlyMap<string, string> = new Map()
  #global: ReadonlyMap<string, string> = new Map()
  #longName: string | null = null
  #longLink: string | null = null
  #header: TarHeader | null = null
  #headerAt = 0
  #pieces: Piece[] = []
  #pieceReader: PieceReader | null = null
  /** Length of a sparse file whose map goes on behind its header. */
  #realSize = 0
  #lastZero = false

  constructor(handler: TarHandler) {
    this.#handler = handler
  }

  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#state === 'end') return
      if (this.#left > 0) at = this.#pass(chunk, at)
      else if (this.#padding > 0) {
        const skip = Math.min(this.#padding, chunk.length - at)
        this.#padding -= skip
        this.#offset += skip
        at += skip
      } else at = this.#fill(chunk, at)
    }
  }

  /** How many of the next bytes nobody wants; a source that can seek need not read them. */
  get unwanted(): number {
    return this.#state === 'data' && this.#sink === null ? this.#left + this.#padding : 0
  }

  /** Passes over what is {@link unwanted}. */
  skip(): void {
    this.#offset += this.#left + this.#padding
    this.#left = 0
    this.#padding = 0
    this.#endOfData()
  }

  /** The archive is over: says where it should not have been. */
  finish(): void {
    if (this.#state === 'end') return
    if (this.#left > 0) throw this.#error('the archive ends within the data of an entry')
    if (this.#filled > 0) throw this.#error('the archive ends within a header')
    if (this.#state !== 'header') throw this.#error('the archive ends where a header is expected to go on')
  }

  /** Data of a file to its sink, or of an extended header to its buffer. */
  #pass(chunk: Uint8Array, start: number): number {
    const count = Math.min(this.#left, chunk.length - start)
    const part = chunk.subarray(start, start + count)
    if (this.#state === 'meta') this.#meta.set(part, this.#meta.length - this.#left)
    else this.#sink?.data(part)
    this.#left -= count
    this.#offset += count
    if (this.#left === 0) this.#endOfData()
    return start + count
  }

  #fill(chunk: Uint8Array, start: number): number {
    const count = Math.min(BLOCK - this.#filled, chunk.length - start)
    this.#block.set(chunk.subarray(start, start + count), this.#filled)
    this.#filled += count
    this.#offset += count
    if (this.#filled < BLOCK) return start + count
    this.#filled = 0
    if (this.#state === 'old-sparse') this.#oldSparse()
    else if (this.#state === 'new-sparse') this.#newSparse()
    else this.#readHeader()
    return start + count
  }

  #endOfData(): void {
    if (this.#state === 'meta') this.#endOfMeta()
    else {
      this.#sink?.end()
      this.#sink = null
      this.#state = 'header'
    }
  }

  #readHeader(): void {
    this.#headerAt = this.#offset - BLOCK
    if (isZero(this.#block)) {
      if (this.#lastZero) this.#state = 'end'
      this.#lastZero = true
      return
    }
    if (this.#lastZero) throw this.#error('data goes on behind the end of the archive', this.#headerAt)
    const header = parseHeader(this.#block)
    if (typeof header === 'string') throw this.#error(header, this.#headerAt)
    if ('xgLK'.includes(header.type)) this.#beginMeta(header)
    else if (header.type === 'V') this.#skip(header.size)
    else if (header.type === 'M') throw this.#error('is one volume of several; join them first', this.#headerAt)
    else this.#beginEntry(header)
  }

  #beginMeta(header: TarHeader): void {
    if (header.size > MAX_META) {
      throw this.#error(`an extended header of ${header.size} bytes; at most ${MAX_META} are read`, this.#headerAt)
    }
    this.#metaType = header.type
    this.#meta = new Uint8Array(header.size)
    this.#state = 'meta'
    this.#expect(header.size)
    if (header.size === 0) this.#endOfMeta()
  }

  #endOfMeta(): void {
    this.#state = 'header'
    const text = (): string => decodeBytes(this.#meta).replace(/\0.*$/s, '')
    if (this.#metaType === 'L') this.#longName = text()
    else if (this.#metaType === 'K') this.#longLink = text()
    else {
      const records = parsePax(this.#meta)
      if (records === null) throw this.#error('the records of an extended header are malformed', this.#headerAt)
      if (this.#metaType === 'g') this.#global = new Map([...this.#global, ...records])
      else this.#pax = records
    }
    this.#meta = ZEROS.subarray(0, 0)
  }

  #beginEntry(header: TarHeader): void {
    this.#header = this.#extended(header)
    this.#pieces = []
    const sparse = this.#record('GNU.sparse.map')
    if (header.type === 'S') {
      if (!addOldPieces(this.#block, 386, 4, this.#pieces)) throw this.#sparseError()
      this.#realSize = number(this.#block, 483, 12) ?? NaN
      if (this.#block[482] === 1) this.#state = 'old-sparse'
      else this.#startFile(this.#realSize)
    } else if (this.#record('GNU.sparse.major') === '1') {
      this.#pieceReader = new PieceReader()
      this.#state = 'new-sparse'
    } else if (sparse !== null) {
      const pieces = parsePieces(sparse)
      if (pieces === null) throw this.#sparseError()
      this.#pieces = [...pieces]
      this.#startFile(Number(this.#record('GNU.sparse.size') ?? this.#record('GNU.sparse.realsize') ?? NaN))
    } else this.#startFile(null)
  }

  #oldSparse(): void {
    if (!addOldPieces(this.#block, 0, 21, this.#pieces)) throw this.#sparseError()
    if (this.#block[504] !== 1) this.#startFile(this.#realSize)
  }

  #newSparse(): void {
    const header = this.#header
    const reader = this.#pieceReader
    if (header === null || reader === null || !reader.block(this.#block) || header.size < BLOCK) {
      throw this.#sparseError()
    }
    this.#header = { ...header, size: header.size - BLOCK }
    if (reader.pieces === null) return
    this.#pieces = [...reader.pieces]
    this.#startFile(Number(this.#record('GNU.sparse.realsize') ?? NaN))
  }

  /** @param realSize length of a sparse file, null for any other entry */
  #startFile(realSize: number | null): void {
    const header = this.#header
    if (header === null) return
    const kind = kindOf(header)
    const stored = kind === 'file' ? header.size : 0
    const entry: TarEntry = {
      kind: kind ?? 'other',
      name: this.#record('GNU.sparse.name') ?? header.name,
      target: header.link,
      size: realSize ?? stored,
      mode: header.mode,
      uid: header.uid,
      gid: header.gid,
      modified: header.modified,
      offset: this.#headerAt,
      data: realSize === null ? this.#offset : null,
    }
    if (realSize !== null) this.#checkSparse(realSize, stored)
    if (entry.name.length > MAX_NAME || entry.target.length > MAX_NAME) {
      throw this.#error(`a name of more than ${MAX_NAME} bytes`, this.#headerAt)
    }
    const sink = this.#handler.entry(entry)
    this.#sink = sink === null || realSize === null ? sink : new HoleFiller(sink, this.#pieces, realSize)
    this.#pax = new Map()
    this.#longName = null
    this.#longLink = null
    this.#state = 'data'
    // What has no meaning as data of an unknown type is passed over, as POSIX asks.
    this.#expect(kind === null ? header.size : stored)
    if (this.#left === 0) this.#endOfData()
  }

  #checkSparse(realSize: number, stored: number): void {
    if (!Number.isSafeInteger(realSize) || realSize < 0) throw this.#sparseError()
    const problem = problemOfPieces(this.#pieces, realSize, stored)
    if (problem !== null) throw this.#error(problem, this.#headerAt)
    if (realSize - stored > MAX_HOLES) {
      throw this.#error(`a sparse file with ${realSize - stored} bytes of holes; at most ${MAX_HOLES} are read`)
    }
  }

  /** The header with what extended headers say in its place. */
  #extended(header: TarHeader): TarHeader {
    const size = this.#record('size')
    if (size !== null && !/^\d{1,15}$/.test(size)) throw this.#error('the size in an extended header is no number')
    const modified = Number(this.#record('mtime') ?? header.modified)
    const id = (key: string, known: number): number => {
      const text = this.#record(key)
      return text !== null && /^\d{1,10}$/.test(text) ? Number(text) : known
    }
    return {
      ...header,
      name: this.#longName ?? this.#record('path') ?? header.name,
      link: this.#longLink ?? this.#record('linkpath') ?? header.link,
      size: size === null ? header.size : Number(size),
      uid: id('uid', header.uid),
      gid: id('gid', header.gid),
      modified: Number.isFinite(modified) ? Math.floor(modified) : 0,
    }
  }

  #record(key: string): string | null {
    return this.#pax.get(key) ?? this.#global.get(key) ?? null
  }

  #skip(size: number): void {
    this.#state = 'data'
    this.#expect(size)
    if (this.#left === 0) this.#endOfData()
  }

  #expect(size: number): void {
    this.#left = size
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK
  }

  #sparseError(): TarError {
    return this.#error('the map of a sparse file is malformed', this.#headerAt)
  }

  #error(message: string, offset: number = this.#offset): TarError {
    return new TarError(message, offset)
  }
}

function kindOf(header: TarHeader): TarKind | null {
  const kind = KINDS[header.type] ?? null
  // Before POSIX a folder was a file whose name ends in a slash.
  return kind === 'file' && header.name.endsWith('/') ? 'folder' : kind
}

/** Gives a sink the zeros between the pieces of a sparse file. */
class HoleFiller implements Sink {
  readonly #sink: Sink
  readonly #pieces: readonly Piece[]
  readonly #size: number
  #index = 0
  #at = 0

  constructor(sink: Sink, pieces: readonly Piece[], size: number) {
    this.#sink = sink
    this.#pieces = pieces
    this.#size = size
  }

  data(bytes: Uint8Array): void {
    let start = 0
    while (start < bytes.length) {
      const piece = this.#pieces[this.#index]
      if (piece === undefined) return
      this.#zerosTo(piece.offset)
      const count = Math.min(piece.offset + piece.length - this.#at, bytes.length - start)
      if (count > 0) this.#sink.data(bytes.subarray(start, start + count))
      this.#at += count
      start += count
      if (this.#at >= piece.offset + piece.length) this.#index += 1
    }
  }

  end(): void {
    this.#zerosTo(this.#size)
    this.#sink.end()
  }

  #zerosTo(offset: number): void {
    while (this.#at < offset) {
      const count = Math.min(ZEROS.length, offset - this.#at)
      this.#sink.data(ZEROS.subarray(0, count))
      this.#at += count
    }
  }
}
