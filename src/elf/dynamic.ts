/** The dynamic section: the tags that a loader looks at (elf(5), gABI chapter 5). */
import type { Need } from '../domain/object.ts'
import type { ElfFile } from './file.ts'
import { SPAN } from './file.ts'
import type { Part, Segments } from './segments.ts'
import { segmentOf } from './segments.ts'
import type { StringTable } from './strings.ts'

const DT_NULL = 0
const DT_NEEDED = 1
const DT_HASH = 4
const DT_STRTAB = 5
const DT_SYMTAB = 6
const DT_RELA = 7
const DT_INIT = 12
const DT_SONAME = 14
const DT_RPATH = 15
const DT_REL = 17
const DT_JMPREL = 23
const DT_RUNPATH = 29
const DT_FLAGS = 30
const DT_RELR = 36
const DT_GNU_HASH = 0x6ffffef5
const DT_DEPAUDIT = 0x6ffffefb
const DT_AUDIT = 0x6ffffefc
const DT_VERSYM = 0x6ffffff0
const DT_FLAGS_1 = 0x6ffffffb
const DT_VERDEF = 0x6ffffffc
const DT_VERNEED = 0x6ffffffe
const DT_AUXILIARY = 0x7ffffffd
const DT_FILTER = 0x7fffffff

/** Entries that are read; the largest real sections have some hundred. */
const MAX_ENTRIES = 16_384
const MAX_NEEDS = 4096

/** A DT_NEEDED, DT_FILTER or DT_AUXILIARY whose name is not read yet. */
export interface NeedEntry {
  readonly kind: Need['kind']
  readonly position: number
}

/** Values by tag, as they stand in the file: the last of a repeated tag, as the loader takes it. -1 where absent. */
export class DynamicSection {
  readonly needs: NeedEntry[] = []
  soname = -1
  rpath = -1
  runpath = -1
  audit = -1
  depaudit = -1
  flags = 0
  flags1 = 0
  relr = false
  strtab = -1
  symtab = -1
  hash = -1
  gnuHash = -1
  versym = -1
  verdef = -1
  verneed = -1
  needsLeftOut = false
  /** Addresses of tables that the reader does not read; they bound the symbols where nothing else does. */
  readonly tables: number[] = []
  /** Entries before DT_NULL. */
  count = 0
  /** Tags that no specification and no vendor's range has. */
  strange = 0
}

/**
 * Where the file holds the dynamic section: by its address, as the loader finds it.
 *
 * @returns null where the file does not hold it, as in split debug files, whose PT_DYNAMIC has no bytes or leads to
 * unrelated ones; `truncated` where the file ends before it
 */
export function locateDynamic(elf: ElfFile, segments: Segments, complete: boolean): Part | 'truncated' | null {
  const part = segments.dynamic
  if (part === null || part.size === 0) return null
  const load = segmentOf(segments.loads, part.address)
  const covered = segments.loads.some(
    (one) => part.address >= one.address && part.address - one.address < one.memorySize,
  )
  // A segment holds the address in memory but not in the file: the bytes at p_offset belong to something else.
  if (load === null && covered) return null
  const offset = load === null ? part.offset : part.address - load.address + load.offset
  const size = load === null ? part.size : Math.min(part.size, load.fileSize - (part.address - load.address))
  // Split debug files of elfutils keep the offsets of the original, which lie beyond their end.
  if (offset + (elf.wide ? 16 : 8) > elf.size) return complete ? null : 'truncated'
  return { ...part, offset, size }
}

/** Reads the section; null where its bytes cannot be one. */
export function readDynamic(elf: ElfFile, part: Part): DynamicSection | null {
  const entry = elf.wide ? 16 : 8
  const section = new DynamicSection()
  const end = part.offset + Math.min(part.size, MAX_ENTRIES * entry)
  for (let offset = part.offset; offset + entry <= end;) {
    const length = Math.min(end - offset, SPAN, elf.size - offset)
    const whole = length - (length % entry)
    const at = whole < entry ? -1 : elf.seek(offset, whole)
    if (at < 0) {
      elf.fault('truncated', offset, `the file ends within the dynamic section (${part.size} bytes expected)`)
      return checked(section, true)
    }
    if (takeEntries(elf, section, at, at + whole, entry)) return checked(section, true)
    offset += whole
  }
  const known = checked(section, false)
  if (known !== null) {
    const what = part.size > MAX_ENTRIES * entry ? `more than the ${MAX_ENTRIES} entries that are read` : 'no DT_NULL'
    elf.fault('malformed', part.offset, `the dynamic section has ${what}`)
  }
  return known
}

/** No linker writes a dynamic section without string table; bytes without, with strange tags or no end, are none. */
function checked(section: DynamicSection, ended: boolean): DynamicSection | null {
  return section.count === 0 || (section.strtab < 0 && (section.strange > 0 || !ended)) ? null : section
}

/** Takes entries up to DT_NULL; true when it was met. */
function takeEntries(elf: ElfFile, section: DynamicSection, start: number, end: number, entry: number): boolean {
  for (let at = start; at < end; at += entry) {
    const tag = elf.native(at)
    if (tag === DT_NULL) return true
    section.count += 1
    const value = elf.native(at + entry / 2)
    if (tag === DT_NEEDED) addNeed(elf, section, 'needed', value)
    else if (tag < 0x6ffffe00) takeGeneric(section, tag, value)
    else takeExtension(elf, section, tag, value)
  }
  return false
}

function takeGeneric(section: DynamicSection, tag: number, value: number): void {
  switch (tag) {
    case DT_HASH:
      section.hash = value
      break
    case DT_STRTAB:
      section.strtab = value
      break
    case DT_SYMTAB:
      section.symtab = value
      break
    case DT_SONAME:
      section.soname = value
      break
    case DT_RPATH:
      section.rpath = value
      break
    case DT_RUNPATH:
      section.runpath = value
      break
    case DT_FLAGS:
      section.flags = value
      break
    case DT_RELR:
      section.relr = true
      break
    case DT_RELA:
    case DT_REL:
    case DT_JMPREL:
    case DT_INIT:
      section.tables.push(value)
      break
    default:
      if (tag > 0x100 && tag < 0x60000000) section.strange += 1
  }
}

function takeExtension(elf: ElfFile, section: DynamicSection, tag: number, value: number): void {
  if (tag === DT_VERNEED) section.verneed = value
  else if (tag === DT_VERSYM) section.versym = value
  else if (tag === DT_GNU_HASH) section.gnuHash = value
  else if (tag === DT_FLAGS_1) section.flags1 = value
  else if (tag === DT_VERDEF) section.verdef = value
  else if (tag === DT_AUDIT) section.audit = value
  else if (tag === DT_DEPAUDIT) section.depaudit = value
  else if (tag === DT_FILTER) addNeed(elf, section, 'filter', value)
  else if (tag === DT_AUXILIARY) addNeed(elf, section, 'auxiliary', value)
  else if (tag > 0x7fffffff) section.strange += 1
}

function addNeed(elf: ElfFile, section: DynamicSection, kind: Need['kind'], position: number): void {
  if (section.needs.length < MAX_NEEDS) {
    section.needs.push({ kind, position })
    return
  }
  if (!section.needsLeftOut) elf.fault('malformed', null, `only the first ${MAX_NEEDS} needs are read`)
  section.needsLeftOut = true
}

/** The string table; null with a fault where no segment of the file holds it. */
export function stringTable(elf: ElfFile, section: DynamicSection, segments: Segments): StringTable | null {
  const load = section.strtab < 0 ? null : segmentOf(segments.loads, section.strtab)
  const start = load === null ? elf.size : section.strtab - load.address + load.offset
  if (load !== null && start < elf.size) return { start, end: load.offset + load.fileSize }
  const what =
    section.strtab < 0
      ? 'the dynamic section has no DT_STRTAB'
      : load === null
        ? `DT_STRTAB is at address 0x${section.strtab.toString(16)}, which no segment of the file holds`
        : 'the file ends before the string table'
  elf.fault(load === null ? 'malformed' : 'truncated', load === null ? null : start, `${what}: no names can be read`)
  return null
}
