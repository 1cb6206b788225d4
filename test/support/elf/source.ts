/** Bytes of a test as a source that keeps the port's promise and no more: what it gave is spoiled by the next read. */
import type { ByteSource } from '../../../src/domain/source.ts'
import type { ElfReading } from '../../../src/domain/object.ts'
import { readElf } from '../../../src/elf/read.ts'
import { buildElf } from './build.ts'
import type { ElfSpec } from './spec.ts'

/** A source that counts its reads. */
export interface CountingSource extends ByteSource {
  readonly reads: readonly (readonly [offset: number, length: number])[]
}

/** The bytes as a source. */
export function sourceOf(bytes: Uint8Array): CountingSource {
  const reads: (readonly [number, number])[] = []
  let last = new Uint8Array(0)
  return {
    size: bytes.length,
    reads,
    read: (offset, length) => {
      reads.push([offset, length])
      last.fill(0xee)
      last = new Uint8Array(bytes.subarray(offset, offset + length))
      return last
    },
  }
}

/** Builds the declared file and reads it. */
export function readSpec(spec: ElfSpec): ElfReading {
  return readElf(sourceOf(buildElf(spec)), 'built')
}

/** The four combinations of class and byte order, with a machine that has each. */
export const FORMATS: readonly (readonly [
  title: string,
  spec: { readonly class: 32 | 64; readonly order: 'little' | 'big'; readonly machine: number },
])[] = [
  ['64 bit little endian', { class: 64, order: 'little', machine: 62 }],
  ['64 bit big endian', { class: 64, order: 'big', machine: 22 }],
  ['32 bit little endian', { class: 32, order: 'little', machine: 3 }],
  ['32 bit big endian', { class: 32, order: 'big', machine: 8 }],
]
