/** The ELF header and the program headers (elf(5)). */
import type { ElfHeader } from '../domain/object.ts'
import type { ElfBytes } from './bytes-view.ts'

/** One program header; offsets, addresses and sizes in bytes. */
export interface ProgramHeader {
  readonly type: number
  readonly flags: number
  readonly offset: number
  readonly address: number
  readonly fileSize: number
  readonly memorySize: number
  readonly align: number
}

export const PT_LOAD = 1
export const PT_DYNAMIC = 2
export const PT_INTERP = 3
export const PT_NOTE = 4
export const PT_GNU_STACK = 0x6474e551
export const PT_GNU_PROPERTY = 0x6474e553

const PN_XNUM = 0xffff
/** Linux refuses more than 64 KiB of program headers for a program; 8192 leave room for the odd library. */
const MAX_HEADERS = 8192

/** Reads the header; null (with a fault) for what is not ELF. Sets word size and byte order of `elf`. */
export function readHeader(elf: ElfBytes): { header: ElfHeader; programHeaders: number } | null {
  const head = elf.at(0, 64)
  if (head.length < 4 || head[0] !== 0x7f || head[1] !== 0x45 || head[2] !== 0x4c || head[3] !== 0x46) {
    elf.fault('malformed', 0, describeOther(elf, head))
    return null
  }
  const elfClass = head[4] ?? 0
  const data = head[5] ?? 0
  elf.wide = elfClass !== 1
  elf.little = data !== 2
  if (head.length < (elf.wide ? 64 : 52)) {
    elf.fault('truncated', head.length, `the file ends within the ELF header (${elf.wide ? 64 : 52} bytes expected)`)
    return null
  }
  const wide = elf.wide
  const header = {
    class: elfClass,
    data,
    identVersion: head[6] ?? 0,
    osabi: head[7] ?? 0,
    abiVersion: head[8] ?? 0,
    padded: head.subarray(9, 16).some((byte) => byte !== 0),
    type: elf.half(head, 16),
    machine: elf.half(head, 18),
    version: elf.word(head, 20),
    flags: elf.word(head, wide ? 48 : 36),
    phentsize: elf.half(head, wide ? 54 : 42),
    phnum: elf.half(head, wide ? 56 : 44),
  }
  const programHeaders = elf.native(head, wide ? 32 : 28)
  const sections = elf.native(head, wide ? 40 : 32)
  if (header.phnum === PN_XNUM) header.phnum = realCount(elf, sections)
  return { header, programHeaders }
}

/** PN_XNUM: the number stands in sh_info of the first section header. */
function realCount(elf: ElfBytes, sections: number): number {
  const at = elf.wide ? 44 : 28
  const section = elf.at(sections, at + 4)
  if (sections === 0 || section.length < at + 4) {
    elf.fault('truncated', sections, 'e_phnum is 0xffff, but there is no first section header that holds the number')
    return 0
  }
  return elf.word(section, at)
}

function describeOther(elf: ElfBytes, head: Uint8Array): string {
  if (elf.size === 0) return 'the file is empty, not ELF'
  const text = Buffer.from(head).toString('latin1')
  if (text.startsWith('version https://git-lfs')) return 'a Git LFS pointer stands here instead of the file'
  if (/^\s*(?:\/\*|GROUP|INPUT|OUTPUT_FORMAT)/.test(text)) return 'a linker script, not ELF'
  return 'not ELF: the first bytes are not 7f 45 4c 46'
}

/** Reads the program headers; null (with a fault) where the table cannot be read. */
export function readProgramHeaders(elf: ElfBytes, header: ElfHeader, offset: number): readonly ProgramHeader[] | null {
  const size = elf.wide ? 56 : 32
  if (header.class !== 1 && header.class !== 2) return refuse(elf, 4, `unknown ELF class ${header.class}`)
  if (header.data !== 1 && header.data !== 2) return refuse(elf, 5, `unknown byte order ${header.data}`)
  if (header.phnum > 0 && header.phentsize !== size) {
    return refuse(elf, elf.wide ? 54 : 42, `program headers of ${header.phentsize} bytes, ${size} expected`)
  }
  if (header.phnum > MAX_HEADERS) {
    return refuse(elf, elf.wide ? 56 : 44, `${header.phnum} program headers, at most ${MAX_HEADERS} are read`)
  }
  const table = elf.at(offset, header.phnum * size)
  if (table.length < header.phnum * size) {
    return refuse(elf, offset, `the file ends within the program headers (${header.phnum * size} bytes expected)`)
  }
  const headers: ProgramHeader[] = []
  for (let at = 0; at < table.length; at += size) headers.push(programHeader(elf, table, at))
  return headers
}

function programHeader(elf: ElfBytes, table: Uint8Array, at: number): ProgramHeader {
  const wide = elf.wide
  return {
    type: elf.word(table, at),
    flags: elf.word(table, at + (wide ? 4 : 24)),
    offset: elf.native(table, at + (wide ? 8 : 4)),
    address: elf.native(table, at + (wide ? 16 : 8)),
    fileSize: elf.native(table, at + (wide ? 32 : 16)),
    memorySize: elf.native(table, at + (wide ? 40 : 20)),
    align: elf.native(table, at + (wide ? 48 : 28)),
  }
}

function refuse(elf: ElfBytes, offset: number, message: string): null {
  elf.fault('malformed', offset, message)
  return null
}
