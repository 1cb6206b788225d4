/** The ELF header (elf(5), gABI chapter 4). */
import type { ElfHeader } from '../domain/object.ts'
import { ELFCLASS32, ELFCLASS64, ELFDATA2LSB, ELFDATA2MSB } from '../domain/object.ts'
import type { ElfFile } from './file.ts'

const PN_XNUM = 0xffff

/** The header, and the places it names; offsets in bytes. */
export interface HeaderReading {
  readonly header: ElfHeader
  readonly programHeaders: number
  /** The table of section headers lies inside the file, so the file has not lost its end. */
  readonly complete: boolean
}

/** Reads the header, null with a fault for what is not ELF or is shorter. Sets word size and byte order of `elf`. */
export function readHeader(elf: ElfFile): HeaderReading | null {
  const { bytes, end } = elf
  if (end < 4 || bytes.readUInt32BE(0) !== 0x7f454c46) {
    elf.fault(elf.size > 0 && end === 0 ? 'unreadable' : 'malformed', 0, describeOther(elf))
    return null
  }
  const elfClass = end > 4 ? bytes[4] : 0
  const data = end > 5 ? bytes[5] : 0
  elf.wide = elfClass !== ELFCLASS32
  elf.little = data !== ELFDATA2MSB
  const { wide } = elf
  if (end < (wide ? 64 : 52)) {
    elf.fault('truncated', end, `the file ends within the ELF header (${wide ? 64 : 52} bytes expected)`)
    return null
  }
  return wide ? fields(elf, WIDE) : fields(elf, NARROW)
}

/** Places of the fields that differ between the classes. */
interface Places {
  readonly programHeaders: number
  readonly sections: number
  readonly flags: number
  readonly phentsize: number
  readonly phnum: number
  readonly shentsize: number
  readonly shnum: number
}

const WIDE: Places = { programHeaders: 32, sections: 40, flags: 48, phentsize: 54, phnum: 56, shentsize: 58, shnum: 60 }
const NARROW: Places = {
  programHeaders: 28,
  sections: 32,
  flags: 36,
  phentsize: 42,
  phnum: 44,
  shentsize: 46,
  shnum: 48,
}

function fields(elf: ElfFile, places: Places): HeaderReading {
  const { bytes } = elf
  const elfClass = bytes.readUInt8(4)
  const data = bytes.readUInt8(5)
  const programHeaders = elf.native(places.programHeaders)
  const sections = elf.native(places.sections)
  const sectionBytes = elf.half(places.shentsize) * elf.half(places.shnum)
  const phnum = elf.half(places.phnum)
  const header = {
    class: elfClass,
    data,
    identVersion: bytes.readUInt8(6),
    osabi: bytes.readUInt8(7),
    abiVersion: bytes.readUInt8(8),
    padded: bytes[9] !== 0 || elf.half(10) !== 0 || elf.word(12) !== 0,
    type: elf.half(16),
    machine: elf.half(18),
    version: elf.word(20),
    flags: elf.word(places.flags),
    phentsize: elf.half(places.phentsize),
    phnum,
  }
  if (phnum === PN_XNUM && isKnown(elfClass, data)) header.phnum = extendedCount(elf, sections)
  const complete = sections > 0 && sectionBytes > 0 && sections + sectionBytes <= elf.size
  return { header, programHeaders, complete }
}

/** Whether class and byte order are those of elf(5), so that the rest of the file can be read. */
export function isKnown(elfClass: number, data: number): boolean {
  return (elfClass === ELFCLASS32 || elfClass === ELFCLASS64) && (data === ELFDATA2LSB || data === ELFDATA2MSB)
}

/** PN_XNUM: the number stands in sh_info of the first section header. 0 with a fault where there is none. */
function extendedCount(elf: ElfFile, sections: number): number {
  const position = elf.wide ? 44 : 28
  const at = sections === 0 ? -1 : elf.seek(sections, position + 4)
  if (at >= 0) return elf.word(at + position)
  elf.fault('truncated', sections, 'e_phnum is 0xffff, but there is no first section header that holds the number')
  return 0
}

function describeOther(elf: ElfFile): string {
  if (elf.size === 0) return 'the file is empty; an ELF file was expected'
  if (elf.end === 0) return 'the file could not be read'
  const text = elf.bytes.toString('latin1', 0, Math.min(elf.end, 256))
  if (text.startsWith('version https://git-lfs')) return 'a Git LFS pointer stands here; fetch the file itself'
  if (/^\s*(?:\/\*|GROUP|INPUT|OUTPUT_FORMAT|SEARCH_DIR)/.test(text)) return 'a linker script, which no loader reads'
  if (text.startsWith('!<arch>\n') || text.startsWith('!<thin>\n')) return 'a static library (ar archive), not ELF'
  return 'not ELF: the first four bytes are not 7f 45 4c 46'
}
