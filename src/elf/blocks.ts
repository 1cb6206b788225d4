/** Parts of files kept in memory: many small reads all over many files, within a fixed amount of memory. */
import type { ByteSource } from '../domain/source.ts'

/** A file that can be opened again and again. */
export type Reopen = () => (ByteSource & { close(): void }) | null

const BLOCK = 1 << 15

interface Block {
  readonly bytes: Buffer
  readonly view: DataView
}

type Opened = NonNullable<ReturnType<Reopen>>

/** Files that are held open at once. */
const MOST_HELD = 32
/** Those that were used last, the latest at the end: opening a file anew for each block costs more than reading it. */
const held = new Map<HeldFile, Opened>()

/** A file that stays open for a while between its reads, among a fixed number of all files. */
export class HeldFile {
  readonly #reopen: Reopen

  constructor(reopen: Reopen) {
    this.#reopen = reopen
  }

  /** The open file, valid until another one is asked for; null where it cannot be opened. */
  source(): ByteSource | null {
    const known = held.get(this)
    if (known !== undefined) {
      held.delete(this)
      held.set(this, known)
      return known
    }
    const opened = this.#reopen()
    if (opened !== null) held.set(this, opened)
    if (held.size > MOST_HELD) closeHeldFiles(held.size - MOST_HELD)
    return opened
  }
}

/** Closes the files that were used longest ago, all of them where no number is given. They are opened again when asked for. */
export function closeHeldFiles(count: number = held.size): void {
  for (const [file, opened] of held) {
    if (count <= 0) return
    count -= 1
    held.delete(file)
    opened.close()
  }
}

/** The memory that all files of one audit share. The file that was read longest ago loses its blocks first. */
export class BlockBudget {
  readonly #limit: number
  readonly #files = new Map<FileBlocks, number>()
  #used = 0

  constructor(limit: number = 48 * 1024 * 1024) {
    this.#limit = limit
  }

  /** `file` holds `bytes` more. */
  grow(file: FileBlocks, bytes: number): void {
    const held = this.#files.get(file) ?? 0
    this.#files.delete(file)
    this.#files.set(file, held + bytes)
    this.#used += bytes
    for (const [other, size] of this.#files) {
      if (this.#used <= this.#limit || other === file) return
      this.#files.delete(other)
      this.#used -= size
      other.drop()
    }
  }
}

/** One file. `seek` loads bytes; `bytes` and `view` hold them until the next `seek`. */
export class FileBlocks {
  /** In bytes. */
  readonly size: number
  bytes: Buffer = EMPTY.bytes
  view: DataView = EMPTY.view
  readonly #file: HeldFile
  readonly #budget: BlockBudget
  readonly #blocks = new Map<number, Block>()
  #last = EMPTY
  #lastNumber = -1

  constructor(size: number, file: HeldFile, budget: BlockBudget) {
    this.size = size
    this.#file = file
    this.#budget = budget
  }

  /** Loads `length` bytes from a file offset, at most 16 KiB; -1 where the file ends before, or does not hold them. */
  seek(offset: number, length: number): number {
    if (!(offset >= 0 && offset + length <= this.size && length <= BLOCK / 2)) return -1
    const number = Math.floor(offset / BLOCK)
    const at = offset - number * BLOCK
    const block = number === this.#lastNumber ? this.#last : this.#block(number)
    if (block === null) return -1
    // Across two blocks, or in a file that holds parts of itself only, as a capture does.
    if (at + length > block.bytes.length) return this.#exact(offset, length)
    this.bytes = block.bytes
    this.view = block.view
    return at
  }

  /** Forgets everything; it is read again when asked for. */
  drop(): void {
    this.#blocks.clear()
    this.#last = EMPTY
    this.#lastNumber = -1
  }

  #block(number: number): Block | null {
    const known = this.#blocks.get(number) ?? this.#read(number)
    if (known === null) return null
    this.#last = known
    this.#lastNumber = number
    return known
  }

  #read(number: number): Block | null {
    const got = this.#file.source()?.read(number * BLOCK, BLOCK)
    if (got === undefined) return null
    const bytes = Buffer.allocUnsafeSlow(Math.min(got.length, BLOCK))
    bytes.set(got.subarray(0, bytes.length))
    const block = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) }
    this.#blocks.set(number, block)
    this.#budget.grow(this, bytes.length)
    return block
  }

  #exact(offset: number, length: number): number {
    const got = this.#file.source()?.read(offset, length)
    if (got === undefined || got.length < length) return -1
    const bytes = Buffer.allocUnsafeSlow(length)
    bytes.set(got.subarray(0, length))
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, length)
    return 0
  }
}

const EMPTY: Block = { bytes: Buffer.alloc(0), view: new DataView(new ArrayBuffer(0)) }
