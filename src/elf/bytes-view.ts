/** Bounded access to one ELF file: a window over its beginning, further reads by need, numbers in either byte order. */
import { decodeBytes } from '../domain/bytes.ts'
import type { Fault, FaultKind } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { ByteSource } from '../domain/source.ts'

const WINDOW = 8192
/** Longest name that is read; longer ones are a fault. */
export const NAME_LIMIT = 4096

const window = new Uint8Array(WINDOW)
const NOTHING = new Uint8Array(0)

/** The bytes of one file. One at a time: all of them share the window. */
export class ElfBytes {
  readonly source: ByteSource
  readonly file: string
  readonly size: number
  readonly faults: Fault[] = []
  wide = true
  little = true
  readonly #windowSize: number

  constructor(source: ByteSource, file: string) {
    this.source = source
    this.file = file
    this.size = source.size
    const first = source.read(0, Math.min(WINDOW, Math.max(source.size, 0)))
    window.set(first)
    this.#windowSize = first.length
  }

  fault(kind: FaultKind, offset: number | null, message: string): void {
    if (this.faults.length < 32) this.faults.push(faultAt(kind, this.file, offset, message))
  }

  /** Bytes at a file offset, shorter at the end of the file; valid until the next call. */
  at(offset: number, length: number): Uint8Array {
    if (offset < 0 || length <= 0 || !Number.isSafeInteger(offset) || offset >= this.size) return NOTHING
    const end = Math.min(offset + length, this.size)
    if (end <= this.#windowSize) return window.subarray(offset, end)
    return this.source.read(offset, end - offset)
  }

  /** The same, kept. */
  copy(offset: number, length: number): Uint8Array {
    return new Uint8Array(this.at(offset, length))
  }

  half(bytes: Uint8Array, at: number): number {
    const a = bytes[at] ?? 0
    const b = bytes[at + 1] ?? 0
    return this.little ? a | (b << 8) : (a << 8) | b
  }

  word(bytes: Uint8Array, at: number): number {
    const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]
    return (this.little ? a | (b << 8) | (c << 16) | (d << 24) : (a << 24) | (b << 16) | (c << 8) | d) >>> 0
  }

  /** 64 bits as a number; inexact above 2^53, where every bound check refuses it. */
  long(bytes: Uint8Array, at: number): number {
    const first = this.word(bytes, at)
    const second = this.word(bytes, at + 4)
    return this.little ? first + second * 0x1_0000_0000 : first * 0x1_0000_0000 + second
  }

  /** An address or offset of the file's class. */
  native(bytes: Uint8Array, at: number): number {
    return this.wide ? this.long(bytes, at) : this.word(bytes, at)
  }
}

/** The NUL-ended string at `at`; null when it does not end within the bytes or the limit. */
export function stringAt(bytes: Uint8Array, at: number): string | null {
  if (at < 0 || at >= bytes.length) return null
  const limit = Math.min(bytes.length, at + NAME_LIMIT)
  let end = at
  let plain = true
  while (end < limit && bytes[end] !== 0) {
    if ((bytes[end] ?? 0) >= 0x80) plain = false
    end += 1
  }
  if (end >= limit) return null
  if (plain) return Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('latin1')
  return decodeBytes(bytes, at, end)
}
