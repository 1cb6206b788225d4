/** Collects what is kept of one file while its bytes stream by, in bounded memory. */
import type { ByteSource } from '../../domain/source.ts'
import type { Stretch } from '../content.ts'
import type { KeptParts, Keeper, Span, Spans } from './kept.ts'
import type { Sink } from './tar.ts'

/**
 * Of an ELF file so much of the beginning lies in memory while it is looked at: most files as a whole, of larger ones the
 * tables that linkers put there. What a table behind it leads back to takes another pass over the archive.
 */
const HEAD = 32 * 1024 * 1024
/** The longest text that is kept; rpm's databases are the largest. */
export const MAX_TEXT: number = 256 * 1024 * 1024
/** Bytes that are kept of one ELF file; the largest symbol tables of today have some 60 MiB. */
const MAX_KEPT = 192 * 1024 * 1024
/** A table leads to the next: so often a file is looked at anew. */
const MAX_LOOKS = 64
/** What is kept of the beginning of a file that is no ELF file: its `#!` line, if it has one (the kernel reads 256). */
const SCRIPT_HEAD = 256

// Reused for every file: what is kept of it is copied out.
let buffer: Buffer = Buffer.allocUnsafeSlow(1024 * 1024)

export interface Collected {
  readonly parts: KeptParts
  /**
   * What is known of a file of which stretches had gone by when they were asked for: with it another pass over the
   * archive finds them. Empty where nothing is missing.
   */
  readonly again: readonly Stretch[]
}

/** A sink for one file; `done` gets what is kept of it. */
export class Collector implements Sink {
  readonly #path: string
  readonly #size: number
  readonly #keeper: Keeper
  readonly #done: (collected: Collected) => void
  readonly #whole: boolean
  /** How much of the beginning is wanted; known once four bytes are there. */
  #wanted: number
  #elf = false
  #decided = false
  #filled = 0
  #at = 0
  readonly #stretches: Stretch[]
  /** Stretches of a large file that are still to come, by offset. */
  #ahead: Span[] = []
  #taken = 0
  #looks = 0
  /** Something was asked for that had gone by. */
  #missed = false

  /** @param known stretches that an earlier pass over the archive found */
  constructor(
    path: string,
    size: number,
    keeper: Keeper,
    done: (collected: Collected) => void,
    known: readonly Stretch[] = [],
  ) {
    this.#path = path
    this.#size = size
    this.#keeper = keeper
    this.#done = done
    this.#whole = size <= MAX_TEXT && keeper.whole(path, size)
    this.#wanted = Math.min(size, 4)
    this.#stretches = [...known]
  }

  data(bytes: Uint8Array): void {
    let rest = bytes
    while (this.#filled < this.#wanted && rest.length > 0) {
      const count = Math.min(this.#wanted - this.#filled, rest.length)
      this.#append(rest.subarray(0, count))
      rest = rest.subarray(count)
      if (this.#filled === this.#wanted) this.#decide()
    }
    if (rest.length > 0) this.#pass(rest)
  }

  end(): void {
    if (!this.#decided) this.#decide()
    this.#done(this.#finish())
  }

  #append(bytes: Uint8Array): void {
    const end = this.#filled + bytes.length
    if (end > buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(end, Math.min(buffer.length * 2, HEAD)))
      larger.set(buffer.subarray(0, this.#filled))
      buffer = larger
    }
    buffer.set(bytes, this.#filled)
    this.#filled = end
    this.#at = end
  }

  /** After four bytes: how much is wanted. After the head of a large ELF file: what it leads to. */
  #decide(): void {
    if (!this.#decided) {
      this.#decided = true
      this.#elf = this.#filled === 4 && buffer.readUInt32BE(0) === 0x7f454c46
      if (this.#whole) this.#wanted = this.#size
      else if (!this.#elf) this.#wanted = Math.min(this.#size, SCRIPT_HEAD)
      else this.#wanted = Math.min(this.#size, HEAD)
    } else if (this.#isLarge()) this.#look()
  }

  #isLarge(): boolean {
    return this.#elf && !this.#whole && this.#size > HEAD
  }

  /** Bytes of a large file behind its head: those that were asked for are kept. */
  #pass(bytes: Uint8Array): void {
    const start = this.#at
    const end = start + bytes.length
    this.#at = end
    let passed = false
    for (const span of this.#ahead) {
      const from = Math.max(start, span.offset)
      const to = Math.min(end, span.offset + span.length)
      if (to > from) this.#keep(from, bytes.subarray(from - start, to - start))
      if (span.offset + span.length <= end) passed = true
    }
    if (!passed) return
    this.#ahead = this.#ahead.filter((span) => span.offset + span.length > end)
    if (this.#ahead.length === 0) this.#look()
  }

  #keep(offset: number, bytes: Uint8Array): void {
    if (this.#taken + bytes.length > MAX_KEPT) return
    this.#taken += bytes.length
    this.#stretches.push({ offset, bytes: Uint8Array.from(bytes) })
  }

  /** Asks the readers with what is there; what they miss is awaited, or noted where it has gone by. */
  #look(): void {
    if (this.#looks >= MAX_LOOKS) return
    this.#looks += 1
    const source = new GapSource(this.#size, buffer.subarray(0, this.#filled), this.#stretches)
    this.#keeper.spans(source, this.#path)
    this.#ahead = source.gaps.filter((span) => span.offset + span.length > this.#at)
    this.#missed ||= source.gaps.some((span) => span.offset < this.#at)
  }

  #finish(): Collected {
    if (this.#whole) {
      return { parts: { kind: 'whole', bytes: Uint8Array.from(buffer.subarray(0, this.#filled)) }, again: [] }
    }
    if (!this.#elf) {
      const script = buffer[0] === 0x23 && buffer[1] === 0x21
      const head = Uint8Array.from(buffer.subarray(0, script ? this.#filled : Math.min(this.#filled, 4)))
      return { parts: { kind: 'blank', head }, again: [] }
    }
    const source = new GapSource(this.#size, buffer.subarray(0, this.#filled), this.#stretches)
    const spans = this.#keeper.spans(source, this.#path)
    const core = cut(source, spans.core)
    const symbols = cut(source, spans.symbols)
    return {
      parts: { kind: 'elf', core, symbols, zeros: spans.zeros },
      again: this.#missed ? [...core, ...symbols] : [],
    }
  }
}

/** The stretches of a source, copied. */
export function cutParts(source: ByteSource, spans: Spans): KeptParts {
  return { kind: 'elf', core: cut(source, spans.core), symbols: cut(source, spans.symbols), zeros: spans.zeros }
}

function cut(source: ByteSource, spans: readonly Span[]): readonly Stretch[] {
  const out: Stretch[] = []
  for (const { offset, length } of spans) {
    const bytes = new Uint8Array(length)
    let done = 0
    while (done < length) {
      const part = source.read(offset + done, length - done)
      if (part.length === 0) break
      bytes.set(part, done)
      done += part.length
    }
    if (done > 0) out.push({ offset, bytes: done === length ? bytes : bytes.subarray(0, done) })
  }
  return out
}

/** The head of a file and stretches of the rest; it notes what it was asked for and does not have. */
class GapSource implements ByteSource {
  readonly size: number
  readonly gaps: Span[] = []
  readonly #head: Uint8Array
  readonly #stretches: readonly Stretch[]

  constructor(size: number, head: Uint8Array, stretches: readonly Stretch[]) {
    this.size = size
    this.#head = head
    this.#stretches = stretches
  }

  read(offset: number, length: number): Uint8Array {
    const wanted = Math.min(length, this.size - offset)
    if (wanted <= 0) return this.#head.subarray(0, 0)
    if (offset + wanted <= this.#head.length) return this.#head.subarray(offset, offset + wanted)
    const out = new Uint8Array(wanted)
    let done = 0
    while (done < wanted) {
      const part = this.#at(offset + done, wanted - done)
      if (part === null) break
      out.set(part, done)
      done += part.length
    }
    if (done < wanted) this.gaps.push({ offset: offset + done, length: wanted - done })
    return out.subarray(0, done)
  }

  #at(offset: number, length: number): Uint8Array | null {
    if (offset < this.#head.length) return this.#head.subarray(offset, offset + length)
    for (const { offset: start, bytes } of this.#stretches) {
      if (offset >= start && offset < start + bytes.length)
        return bytes.subarray(offset - start, offset - start + length)
    }
    return null
  }
}
