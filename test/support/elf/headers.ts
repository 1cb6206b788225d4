/** The ELF header and the program headers of a declared file. */
import type { Format } from './bytes.ts'
import { Writer } from './bytes.ts'
import type { ElfSpec, HeaderField, SegmentSpec } from './spec.ts'

/** A program header with every field. */
export type Segment = Required<SegmentSpec>

const PN_XNUM = 0xffff

/** The ELF header; the place of section headers is filled in later. */
export function headerBytes(
  spec: ElfSpec,
  machine: number,
  format: Format,
  segments: number,
  entry: number,
): Uint8Array {
  const type = spec.type === 'exec' ? 2 : typeof spec.type === 'number' ? spec.type : 3
  const size = format.wide ? 64 : 52
  return new Writer(format)
    .raw([0x7f, 0x45, 0x4c, 0x46, format.wide ? 2 : 1, format.big ? 2 : 1, 1, 0])
    .raw(new Uint8Array(8))
    .half(type)
    .half(machine)
    .word(1)
    .native(entry)
    .native(size)
    .native(0)
    .word(spec.machineFlags ?? 0)
    .half(size)
    .half(format.wide ? 56 : 32)
    .half(spec.extendedPhnum === true ? PN_XNUM : segments)
    .half(format.wide ? 64 : 40)
    .half(0)
    .half(0)
    .bytes()
}

/** The table of program headers. */
export function segmentBytes(segments: readonly Segment[], format: Format): Uint8Array {
  const writer = new Writer(format)
  for (const { type, flags, offset, address, fileSize, memorySize, align } of segments) {
    writer.word(type)
    if (format.wide) writer.word(flags)
    writer.native(offset).native(address).native(address).native(fileSize).native(memorySize)
    if (!format.wide) writer.word(flags)
    writer.native(align)
  }
  return writer.bytes()
}

/** Place and size of each field in the 64-bit header, then in the 32-bit one. */
const FIELDS: Readonly<Record<HeaderField, readonly [wide: number, wideSize: number, at: number, size: number]>> = {
  class: [4, 1, 4, 1],
  data: [5, 1, 5, 1],
  identVersion: [6, 1, 6, 1],
  osabi: [7, 1, 7, 1],
  abiVersion: [8, 1, 8, 1],
  padding: [9, 1, 9, 1],
  type: [16, 2, 16, 2],
  machine: [18, 2, 18, 2],
  version: [20, 4, 20, 4],
  entry: [24, 8, 24, 4],
  phoff: [32, 8, 28, 4],
  shoff: [40, 8, 32, 4],
  flags: [48, 4, 36, 4],
  ehsize: [52, 2, 40, 2],
  phentsize: [54, 2, 42, 2],
  phnum: [56, 2, 44, 2],
  shentsize: [58, 2, 46, 2],
  shnum: [60, 2, 48, 2],
  shstrndx: [62, 2, 50, 2],
}

/** Writes fields over a header. */
export function overrideHeader(
  bytes: Uint8Array,
  fields: Readonly<Partial<Record<HeaderField, number>>>,
  format: Format,
): void {
  for (const [name, [wide, wideSize, at, size]] of Object.entries(FIELDS)) {
    const value = fields[name as HeaderField]
    if (value === undefined) continue
    bytes.set(new Writer(format).number(value, format.wide ? wideSize : size).bytes(), format.wide ? wide : at)
  }
}
