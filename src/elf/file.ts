/** Bounded access to one ELF file: its beginning and one further span in reused buffers, numbers in either byte order. */
import type { Fault, FaultKind } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { ByteSource } from '../domain/source.ts'

/** The first read: header, program headers, mostly the interpreter and the notes, often the strings. */
const HEAD = 4096
/** The longest stretch that is loaded at once. */
export const SPAN: number = 1 << 16
/** Reads of one file: a table that is scattered wider than this is not what a linker writes. */
const MAX_READS = 4096
const MAX_FAULTS = 32

// Shared by all files: reading is synchronous and one file at a time, and a fresh buffer would cost more than the read.
const head = Buffer.alloc(HEAD)
const headView = new DataView(head.buffer, head.byteOffset, HEAD)
const span = Buffer.alloc(SPAN)
const spanView = new DataView(span.buffer, span.byteOffset, SPAN)

/**
 * One file being read. `seek` loads bytes; `bytes` and `view` then hold them until the next `seek`, and so do the
 * positions that `seek` returned.
 */
export class ElfFile {
  readonly file: string
  readonly size: number
  readonly faults: Fault[] = []
  /** 64-bit class. */
  wide = true
  little = true
  bytes: Buffer = head
  view: DataView = headView
  /** Position behind the last byte that is loaded. */
  end = 0
  readonly #source: ByteSource
  readonly #headSize: number
  #spanStart = 0
  #spanEnd = 0
  #readsLeft = MAX_READS
  #headText: string | null = null
  #spanText: string | null = null

  constructor(source: ByteSource, file: string) {
    this.#source = source
    this.file = file
    this.size = source.size
    const first = source.read(0, HEAD)
    const length = Math.min(first.length, HEAD)
    head.set(length === first.length ? first : first.subarray(0, length))
    this.#headSize = length
    this.end = length
  }

  /** Notes a fault; after the first 32 of a file further ones say nothing new. */
  fault(kind: FaultKind, offset: number | null, message: string): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push(faultAt(kind, this.file, offset, message))
  }

  /**
   * Loads `length` bytes from a file offset, and up to `ahead` when they have to be read.
   *
   * @returns their position in `bytes`; -1 where the file ends before, or where it has been read too often
   */
  seek(offset: number, length: number, ahead: number = length): number {
    if (!(offset >= 0 && offset + length <= this.size && length <= SPAN)) return -1
    if (offset + length <= this.#headSize) {
      this.bytes = head
      this.view = headView
      this.end = this.#headSize
      return offset
    }
    if (!(offset >= this.#spanStart && offset + length <= this.#spanEnd)) {
      if (!this.#load(offset, length, ahead)) return -1
    }
    this.bytes = span
    this.view = spanView
    this.end = this.#spanEnd - this.#spanStart
    return offset - this.#spanStart
  }

  /** Loads a stretch so that later seeks inside it need no read; a stretch that is too long is left alone. */
  prefetch(from: number, to: number): void {
    const end = Math.min(to, this.size)
    if (from >= 0 && end > from && end - from <= SPAN) this.seek(from, end - from)
  }

  /** A copy of any stretch, for what is kept longer; null where the file ends before. `seek` loses nothing by it. */
  copy(offset: number, length: number): Buffer | null {
    if (!(offset >= 0 && offset + length <= this.size)) return null
    const whole = Buffer.alloc(length)
    return this.load(offset, length, whole) ? whole : null
  }

  /** Loads any stretch into the beginning of `target`; false where the file ends before. `seek` loses nothing by it. */
  load(offset: number, length: number, target: Buffer): boolean {
    if (!(offset >= 0 && offset + length <= this.size)) return false
    for (let done = 0; done < length;) {
      const part = this.#source.read(offset + done, Math.min(SPAN, length - done))
      if (part.length === 0) return false
      target.set(part.length > length - done ? part.subarray(0, length - done) : part, done)
      done += part.length
    }
    return true
  }

  /** What `bytes` holds up to `end`, one character for each byte. */
  text(): string {
    if (this.bytes === head) return (this.#headText ??= head.toString('latin1', 0, this.end))
    return (this.#spanText ??= span.toString('latin1', 0, this.end))
  }

  half(at: number): number {
    return this.view.getUint16(at, this.little)
  }

  word(at: number): number {
    return this.view.getUint32(at, this.little)
  }

  /** An address, offset or size of the file's class; inexact above 2^53, where every bound refuses it. */
  native(at: number): number {
    const { view, little } = this
    if (!this.wide) return view.getUint32(at, little)
    const low = view.getUint32(little ? at : at + 4, little)
    const high = view.getUint32(little ? at + 4 : at, little)
    return high === 0 ? low : high * 0x1_0000_0000 + low
  }

  #load(offset: number, length: number, ahead: number): boolean {
    this.#readsLeft -= 1
    if (this.#readsLeft < 0) {
      if (this.#readsLeft === -1) this.fault('malformed', offset, 'tables in so many pieces that the rest is not read')
      return false
    }
    const wanted = Math.min(Math.max(length, ahead), SPAN, this.size - offset)
    const got = this.#source.read(offset, wanted)
    const count = Math.min(got.length, wanted)
    span.set(count === got.length ? got : got.subarray(0, count))
    this.#spanText = null
    this.#spanStart = offset
    this.#spanEnd = offset + count
    return count >= length
  }
}
