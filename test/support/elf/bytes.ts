/** Writing numbers in either byte order and word size, and string tables. */
import { encodeBytes } from '../../../src/domain/bytes.ts'

/** How numbers of one file are written. */
export interface Format {
  readonly wide: boolean
  readonly big: boolean
}

/** Grows as it is written to. */
export class Writer {
  readonly format: Format
  readonly #bytes: number[] = []

  constructor(format: Format) {
    this.format = format
  }

  get length(): number {
    return this.#bytes.length
  }

  /** `size` bytes; for 8 bytes the value may be any safe integer. */
  number(value: number, size: number): this {
    const digits: number[] = []
    let rest = value
    for (let i = 0; i < size; i += 1) {
      digits.push(((rest % 256) + 256) % 256)
      rest = Math.floor(rest / 256)
    }
    this.#bytes.push(...(this.format.big ? digits.reverse() : digits))
    return this
  }

  byte(value: number): this {
    return this.number(value, 1)
  }

  half(value: number): this {
    return this.number(value, 2)
  }

  word(value: number): this {
    return this.number(value, 4)
  }

  /** An address, offset or size of the file's class. */
  native(value: number): this {
    return this.number(value, this.format.wide ? 8 : 4)
  }

  raw(bytes: Iterable<number>): this {
    for (const byte of bytes) this.#bytes.push(byte)
    return this
  }

  /** Zeros up to a multiple of `align`. */
  pad(align: number): this {
    while (this.#bytes.length % align !== 0) this.#bytes.push(0)
    return this
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }
}

/** A string table: the empty string at 0, every text once. */
export class Strings {
  readonly #at = new Map<string, number>([['', 0]])
  readonly #bytes: number[] = [0]

  /** Position of the text, added when it is new. */
  add(text: string): number {
    const known = this.#at.get(text)
    if (known !== undefined) return known
    const at = this.#bytes.length
    this.#at.set(text, at)
    this.#bytes.push(...encodeBytes(text), 0)
    return at
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }
}
