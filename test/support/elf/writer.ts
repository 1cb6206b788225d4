/** Bytes in the class and byte order of one ELF file. */
export class Writer {
  readonly wide: boolean
  readonly little: boolean
  #bytes = Buffer.alloc(0)

  constructor(wide: boolean, little: boolean) {
    this.wide = wide
    this.little = little
  }

  get length(): number {
    return this.#bytes.length
  }

  raw(bytes: Uint8Array): this {
    this.#bytes = Buffer.concat([this.#bytes, bytes])
    return this
  }

  byte(...values: readonly number[]): this {
    return this.raw(Uint8Array.from(values))
  }

  half(...values: readonly number[]): this {
    for (const value of values) this.#number(value, 2)
    return this
  }

  word(...values: readonly number[]): this {
    for (const value of values) this.#number(value, 4)
    return this
  }

  /** 32 or 64 bits, as the class says. */
  native(...values: readonly number[]): this {
    for (const value of values) this.#number(value, this.wide ? 8 : 4)
    return this
  }

  text(text: string): this {
    return this.raw(Buffer.from(text, 'utf8')).byte(0)
  }

  align(size: number): this {
    const rest = this.#bytes.length % size
    return rest === 0 ? this : this.raw(new Uint8Array(size - rest))
  }

  bytes(): Uint8Array {
    return this.#bytes
  }

  #number(value: number, size: number): void {
    const bytes = Buffer.alloc(size)
    const low = Number(BigInt.asUintN(32, BigInt(value)))
    const high = Math.floor(value / 0x1_0000_0000) >>> 0
    if (size === 2) {
      if (this.little) bytes.writeUInt16LE(value & 0xffff)
      else bytes.writeUInt16BE(value & 0xffff)
    } else if (this.little) {
      bytes.writeUInt32LE(low, 0)
      if (size === 8) bytes.writeUInt32LE(high, 4)
    } else {
      bytes.writeUInt32BE(low, size - 4)
      if (size === 8) bytes.writeUInt32BE(high, 0)
    }
    this.raw(bytes)
  }
}

/** A table of NUL-ended strings, each kept once. */
export class Strings {
  readonly #at = new Map<string, number>([['', 0]])
  #size = 1

  add(text: string): number {
    const known = this.#at.get(text)
    if (known !== undefined) return known
    const at = this.#size
    this.#at.set(text, at)
    this.#size += Buffer.byteLength(text) + 1
    return at
  }

  bytes(): Uint8Array {
    return Buffer.from(`${[...this.#at.keys()].join('\0')}\0`, 'utf8')
  }
}
