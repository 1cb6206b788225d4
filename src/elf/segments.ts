/** The program headers: what is mapped, and where the loader finds the rest (elf(5), gABI chapter 5). */
import type { ElfHeader, LoadSegment } from '../domain/object.ts'
import type { ElfFile } from './file.ts'
import { SPAN } from './file.ts'
import { isKnown } from './header.ts'

const PT_LOAD = 1
const PT_DYNAMIC = 2
const PT_INTERP = 3
const PT_NOTE = 4
const PT_TLS = 7
const PT_GNU_STACK = 0x6474e551
const PT_GNU_PROPERTY = 0x6474e553

/** Linux starts no program with more than 64 KiB of program headers, and no linker comes near. */
const MAX_HEADERS = 1024

/** A stretch of the file; offset and size in bytes. */
export interface Part {
  readonly offset: number
  readonly address: number
  readonly size: number
  readonly align: number
}

/** The program headers in the order of the file, sorted by what they are for. */
export interface Segments {
  readonly loads: readonly LoadSegment[]
  /** The last one that has bytes, as the loader takes it; else the last one. */
  readonly dynamic: Part | null
  readonly interpreter: Part | null
  readonly notes: readonly Part[]
  readonly property: Part | null
  /** p_flags of the last PT_GNU_STACK. */
  readonly stackFlags: number | null
  /** There is a PT_TLS. */
  readonly tls: boolean
}

/** Reads the program headers; null with a fault where the table cannot be read. */
export function readSegments(elf: ElfFile, header: ElfHeader, offset: number): Segments | null {
  const { wide } = elf
  const size = wide ? 56 : 32
  if (!isKnown(header.class, header.data)) {
    const [at, what] = header.class === 1 || header.class === 2 ? [5, 'byte order'] : [4, 'class']
    return refuse(elf, at, `unknown ELF ${what} ${at === 4 ? header.class : header.data}; 1 or 2 expected`)
  }
  if (header.phnum > 0 && header.phentsize !== size) {
    return refuse(elf, wide ? 54 : 42, `program headers of ${header.phentsize} bytes; ${size} expected`)
  }
  if (header.phnum > MAX_HEADERS || header.phnum * size > SPAN) {
    return refuse(elf, wide ? 56 : 44, `${header.phnum} program headers; at most ${MAX_HEADERS} are read`)
  }
  const at = elf.seek(offset, header.phnum * size)
  if (at < 0) {
    elf.fault('truncated', offset, `the file ends within the program headers (${header.phnum * size} bytes expected)`)
    return null
  }
  return sort(elf, at, header.phnum, size)
}

function sort(elf: ElfFile, start: number, count: number, size: number): Segments {
  const { wide } = elf
  const loads: LoadSegment[] = []
  const notes: Part[] = []
  let dynamic: Part | null = null
  let interpreter: Part | null = null
  let property: Part | null = null
  let stackFlags: number | null = null
  let tls = false
  for (let at = start, i = 0; i < count; at += size, i += 1) {
    const type = elf.word(at)
    if (type === PT_LOAD) loads.push(loadAt(elf, at))
    else if (type === PT_NOTE) notes.push(partAt(elf, at))
    else if (type === PT_INTERP) interpreter ??= partAt(elf, at)
    else if (type === PT_GNU_PROPERTY) property = partAt(elf, at)
    else if (type === PT_GNU_STACK) stackFlags = elf.word(at + (wide ? 4 : 24))
    else if (type === PT_TLS) tls = true
    else if (type === PT_DYNAMIC) {
      const part = partAt(elf, at)
      if (part.size > 0 || dynamic === null) dynamic = part
    }
  }
  return { loads, dynamic, interpreter, notes, property, stackFlags, tls }
}

function loadAt(elf: ElfFile, at: number): LoadSegment {
  const { wide } = elf
  return {
    offset: elf.native(at + (wide ? 8 : 4)),
    address: elf.native(at + (wide ? 16 : 8)),
    fileSize: elf.native(at + (wide ? 32 : 16)),
    memorySize: elf.native(at + (wide ? 40 : 20)),
    align: elf.native(at + (wide ? 48 : 28)),
    flags: elf.word(at + (wide ? 4 : 24)),
  }
}

function partAt(elf: ElfFile, at: number): Part {
  const { wide } = elf
  return {
    offset: elf.native(at + (wide ? 8 : 4)),
    address: elf.native(at + (wide ? 16 : 8)),
    size: elf.native(at + (wide ? 32 : 16)),
    align: elf.native(at + (wide ? 48 : 28)),
  }
}

/** The PT_LOAD whose file part holds an address, null where none does. */
export function segmentOf(loads: readonly LoadSegment[], address: number): LoadSegment | null {
  for (const load of loads) {
    if (address >= load.address && address - load.address < load.fileSize) return load
  }
  return null
}

function refuse(elf: ElfFile, offset: number, message: string): null {
  elf.fault('malformed', offset, message)
  return null
}
