/** ELF files that hold what Airtight reads of a loader: a header, one read-only segment, and strings in it. */
import type { ElfHeader } from '../../../src/domain/object.ts'
import { ELFCLASS32, ELFCLASS64, ELFDATA2LSB, ELFDATA2MSB, EM_X86_64, ET_DYN } from '../../../src/domain/object.ts'

export interface LoaderImage {
  readonly machine?: number
  readonly class?: number
  readonly data?: number
  readonly flags?: number
  /** Strings of the read-only segment, each followed by NUL. */
  readonly strings: readonly string[]
  /** Strings of a second, writable segment. */
  readonly writable?: readonly string[]
}

/** The header that {@link writeLoader} gives a machine. */
export function loaderHeader(image: Partial<LoaderImage>): ElfHeader {
  return {
    class: image.class ?? ELFCLASS64,
    data: image.data ?? ELFDATA2LSB,
    identVersion: 1,
    osabi: 0,
    abiVersion: 0,
    padded: false,
    type: ET_DYN,
    machine: image.machine ?? EM_X86_64,
    version: 1,
    flags: image.flags ?? 0,
    phentsize: image.class === ELFCLASS32 ? 32 : 56,
    phnum: 2,
  }
}

/** The bytes of such a file. */
export function writeLoader(image: LoaderImage): Uint8Array {
  const header = loaderHeader(image)
  const wide = header.class === ELFCLASS64
  const start = wide ? 64 + 2 * 56 : 52 + 2 * 32
  const text = Buffer.from(`\0${image.strings.map((line) => `${line}\0`).join('')}`, 'latin1')
  const data = Buffer.from(`\0${(image.writable ?? []).map((line) => `${line}\0`).join('')}`, 'latin1')
  const out = Buffer.alloc(start)
  const big = header.data === ELFDATA2MSB
  const put = (at: number, size: number, value: number): void => {
    for (let i = 0; i < size; i += 1) out[at + (big ? size - 1 - i : i)] = Math.floor(value / 256 ** i) % 256
  }
  out.set([0x7f, 0x45, 0x4c, 0x46, header.class, header.data, 1, 0])
  put(16, 2, header.type)
  put(18, 2, header.machine)
  put(20, 4, 1)
  put(wide ? 32 : 28, wide ? 8 : 4, wide ? 64 : 52)
  put(wide ? 48 : 36, 4, header.flags)
  put(wide ? 52 : 40, 2, wide ? 64 : 52)
  put(wide ? 54 : 42, 2, header.phentsize)
  put(wide ? 56 : 44, 2, 2)
  const segment = (index: number, offset: number, size: number, flags: number): void => {
    const at = (wide ? 64 : 52) + index * header.phentsize
    const word = wide ? 8 : 4
    put(at, 4, 1)
    put(wide ? at + 4 : at + 24, 4, flags)
    const [place, address, length, memory] = wide ? ([8, 16, 32, 40] as const) : ([4, 8, 16, 20] as const)
    put(at + place, word, offset)
    put(at + address, word, offset)
    put(at + length, word, size)
    put(at + memory, word, size)
  }
  segment(0, start, text.length, 4)
  segment(1, start + text.length, data.length, 6)
  return Buffer.concat([out, text, data])
}
