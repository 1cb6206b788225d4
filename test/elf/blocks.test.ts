/** Access to the bytes of a file, in memory and in reused buffers: what is dropped, what is read again, what is refused. */
import { describe, expect, test } from 'vitest'
import type { ByteSource } from '../../src/domain/source.ts'
import type { Reopen } from '../../src/elf/blocks.ts'
import { BlockBudget, closeHeldFiles, FileBlocks, HeldFile } from '../../src/elf/blocks.ts'
import { ElfFile } from '../../src/elf/file.ts'
import { sourceOf } from '../support/elf/source.ts'

type Opened = ByteSource & { close(): void }

const opened = (bytes: Uint8Array): Opened => ({ ...sourceOf(bytes), close: () => undefined })

describe('parts of files in memory', () => {
  const numbers = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => (i * 7) & 0xff)
  const blocksOf = (size: number, reopen: Reopen, budget = new BlockBudget()): FileBlocks =>
    new FileBlocks(size, new HeldFile(reopen), budget)

  test('are dropped of the file that was read longest ago, and read again', () => {
    const budget = new BlockBudget(70_000)
    const bytes = numbers(100_000)
    let reads = 0
    const counted = (): Opened => ({
      ...opened(bytes),
      read: (offset, length) => {
        reads += 1
        return bytes.subarray(offset, offset + length)
      },
    })
    const [first, second, third] = [1, 2, 3].map(() => blocksOf(bytes.length, counted, budget)) as [
      FileBlocks,
      FileBlocks,
      FileBlocks,
    ]
    const byteAt = (file: FileBlocks, offset: number): number => {
      const at = file.seek(offset, 4)
      return file.bytes[at] ?? -1
    }
    expect([byteAt(first, 10), byteAt(second, 10), byteAt(first, 11)]).toEqual([70, 70, 77])
    expect(reads).toBe(2)
    expect(byteAt(third, 40_000)).toBe((40_000 * 7) & 0xff)
    // The first file made room.
    expect([byteAt(second, 12), reads]).toEqual([84, 3])
    expect([byteAt(first, 12), reads]).toEqual([84, 4])
  })

  test('across two of them, and at the end of the file', () => {
    const bytes = numbers(40_000)
    const blocks = blocksOf(bytes.length, () => opened(bytes))
    const across = blocks.seek(32_766, 4)
    expect([...blocks.bytes.subarray(across, across + 4)]).toEqual([...bytes.subarray(32_766, 32_770)])
    expect(blocks.seek(39_996, 4)).toBeGreaterThanOrEqual(0)
    for (const [offset, length] of [
      [39_997, 4],
      [-1, 4],
      [0, 16_385],
      [Number.NaN, 4],
    ] as const)
      expect(blocks.seek(offset, length)).toBe(-1)
  })

  test('that the file does not give are no bytes', () => {
    expect(blocksOf(100, () => null).seek(0, 4)).toBe(-1)
    let left = 1
    const bytes = numbers(40_000)
    const once = blocksOf(40_000, () => ((left -= 1) < 0 ? null : opened(bytes)))
    expect(once.seek(0, 4)).toBe(0)
    closeHeldFiles()
    expect(once.seek(32_766, 4)).toBe(-1)
    const short = blocksOf(40_000, () => opened(bytes.subarray(0, 50)))
    expect([short.seek(46, 4), short.seek(48, 4)]).toEqual([46, -1])
  })
})

describe('one file', () => {
  test('that gives more than it is asked for, or nothing', () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => i & 0xff)
    const generous = new ElfFile({ size: bytes.length, read: (offset) => bytes.subarray(offset) }, 'generous')
    expect([...(generous.copy(70_000, 5) ?? [])]).toEqual([...bytes.subarray(70_000, 70_005)])
    expect(generous.copy(100, 150_000)?.equals(bytes.subarray(100, 150_100))).toBe(true)
    const empty = new ElfFile({ size: bytes.length, read: () => new Uint8Array(0) }, 'empty')
    expect([empty.copy(0, 5), empty.seek(0, 5), empty.copy(199_999, 2), empty.copy(-1, 2)]).toEqual([
      null,
      -1,
      null,
      null,
    ])
  })

  test('in too many pieces is given up, once with a fault; thirty-two faults say enough', () => {
    const bytes = new Uint8Array(200_000)
    const elf = new ElfFile(sourceOf(bytes), 'pieces')
    let reads = 0
    while (elf.seek(reads % 2 === 0 ? 10_000 : 150_000, 4) >= 0) reads += 1
    expect(reads).toBe(4096)
    expect(elf.seek(10_000, 4)).toBe(-1)
    expect(elf.faults.map((fault) => fault.message)).toEqual(['tables in so many pieces that the rest is not read'])
    for (let i = 0; i < 100; i += 1) elf.fault('malformed', i, 'odd')
    expect(elf.faults).toHaveLength(32)
  })
})
