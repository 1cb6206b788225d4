/** Which symbols the relocations of one file refer to, and how: no more of a relocation matters for binding. */
import { EM_386, EM_AARCH64, EM_ARM, EM_MIPS, EM_PPC64, EM_RISCV, EM_S390, EM_X86_64 } from '../domain/object.ts'
import type { ElfHeader, LoadSegment } from '../domain/object.ts'
import { REFERENCE_COPY, REFERENCE_DATA, REFERENCE_PLT } from '../domain/symbols.ts'
import type { ElfFile } from './file.ts'
import { SPAN } from './file.ts'
import { MAX_SYMBOLS, placeOf } from './hash.ts'
import type { Part } from './segments.ts'

const DT_PLTRELSZ = 2
const DT_RELA = 7
const DT_RELASZ = 8
const DT_SYMBOLIC = 16
const DT_REL = 17
const DT_RELSZ = 18
const DT_PLTREL = 20
const DT_JMPREL = 23
const DT_FLAGS = 30
const DT_RELACOUNT = 0x6ffffff9
const DT_RELCOUNT = 0x6ffffffa
const DT_BIND_NOW = 24
const DT_FLAGS_1 = 0x6ffffffb
const DF_SYMBOLIC = 2
const DF_BIND_NOW = 8
const DF_1_NOW = 1
/** Entries of the dynamic section that are looked at. */
const MAX_ENTRIES = 16_384
/** Relocations of one file; the largest libraries of today have some 700,000. */
const MAX_RELOCATIONS = 1 << 23

/** What the dynamic section says of relocations. */
export interface RelocationTags {
  /** Values by tag, the last of a repeated one. */
  readonly values: ReadonlyMap<number, number>
  readonly symbolic: boolean
  readonly bindsNow: boolean
}

/** Reads the tags that the reader of objects leaves alone. */
export function readRelocationTags(elf: ElfFile, part: Part): RelocationTags {
  const values = new Map<number, number>()
  const entry = elf.wide ? 16 : 8
  const count = Math.min(Math.floor(part.size / entry), MAX_ENTRIES)
  for (let i = 0; i < count; i += 1) {
    const at = elf.seek(part.offset + i * entry, entry, 2048)
    const tag = at < 0 ? 0 : elf.native(at)
    if (tag === 0) break
    values.set(tag, elf.native(at + entry / 2))
  }
  const flags = values.get(DT_FLAGS) ?? 0
  return {
    values,
    symbolic: values.has(DT_SYMBOLIC) || (flags & DF_SYMBOLIC) !== 0,
    bindsNow:
      values.has(DT_BIND_NOW) || (flags & DF_BIND_NOW) !== 0 || ((values.get(DT_FLAGS_1) ?? 0) & DF_1_NOW) !== 0,
  }
}

/** `REFERENCE_` bits by index of the symbol. */
export type Referred = Uint8Array

/** How a machine's relocations refer to symbols (glibc sysdeps, `elf_machine_type_class`; musl arch/, reloc.h). */
interface Machine {
  /** Types of ELF_RTYPE_CLASS_PLT: slots of functions, and thread storage. */
  readonly plt: ReadonlySet<number>
  readonly copy: number
}

const MACHINES: ReadonlyMap<number, Machine> = new Map([
  [EM_X86_64, { plt: new Set([7, 16, 17, 18, 36]), copy: 5 }],
  [EM_386, { plt: new Set([7, 14, 35, 36, 37, 41]), copy: 5 }],
  [EM_AARCH64, { plt: new Set([1026, 1028, 1029, 1030, 1031]), copy: 1024 }],
  [EM_ARM, { plt: new Set([22, 17, 18, 19, 13]), copy: 20 }],
  [EM_PPC64, { plt: new Set([21, 68, 73, 78]), copy: 19 }],
  [EM_S390, { plt: new Set([11, 54, 55, 56]), copy: 9 }],
  [EM_RISCV, { plt: new Set([5, 6, 7, 8, 9, 10, 11, 12]), copy: 4 }],
])

interface Table {
  readonly offset: number
  readonly size: number
  /** Bytes of an entry. */
  readonly entry: number
  /** Entries at the beginning that have no symbol. */
  readonly skip: number
  readonly slots: boolean
}

/**
 * Marks the symbols that relocations refer to. Relocations of a machine that is not known count as those of data, those of
 * its PLT as those of functions.
 *
 * @returns null for a machine whose relocations are not understood (MIPS keeps its symbols in the GOT)
 */
export function referredSymbols(
  elf: ElfFile,
  tags: RelocationTags,
  header: ElfHeader,
  loads: readonly LoadSegment[],
): Referred | null {
  if (header.machine === EM_MIPS) return null
  const marks = new Marks()
  let left = MAX_RELOCATIONS
  for (const table of tablesOf(elf, tags, loads)) {
    const count = Math.min(Math.floor(table.size / table.entry), left)
    left -= count
    if (count * table.entry < table.size - table.entry) {
      elf.fault('malformed', table.offset, `more than ${MAX_RELOCATIONS} relocations; the rest is left out`)
    }
    if (!markTable(elf, table, count, MACHINES.get(header.machine) ?? null, marks)) break
  }
  return marks.bytes
}

function tablesOf(elf: ElfFile, { values }: RelocationTags, loads: readonly LoadSegment[]): readonly Table[] {
  const [rela, rel] = elf.wide ? [24, 16] : [12, 8]
  const tables: Table[] = []
  const add = (address: number | undefined, size: number | undefined, entry: number, skip: number, slots: boolean) => {
    if (address === undefined || size === undefined || size === 0) return
    const place = placeOf(elf, loads, address, slots ? 'DT_JMPREL' : 'DT_RELA')
    if (place === null) return
    tables.push({ offset: place.start, size: Math.min(size, place.end - place.start), entry, skip, slots })
  }
  add(values.get(DT_RELA), values.get(DT_RELASZ), rela, values.get(DT_RELACOUNT) ?? 0, false)
  add(values.get(DT_REL), values.get(DT_RELSZ), rel, values.get(DT_RELCOUNT) ?? 0, false)
  add(values.get(DT_JMPREL), values.get(DT_PLTRELSZ), values.get(DT_PLTREL) === DT_REL ? rel : rela, 0, true)
  return tables
}

function markTable(elf: ElfFile, table: Table, count: number, machine: Machine | null, marks: Marks): boolean {
  const { entry, offset } = table
  const most = Math.floor(SPAN / entry)
  for (let i = Math.min(table.skip, count); i < count;) {
    const part = Math.min(most, count - i)
    const at = elf.seek(offset + i * entry, part * entry)
    if (at < 0) {
      elf.fault('truncated', offset + i * entry, 'the file ends within its relocations')
      return false
    }
    markEntries(elf, at, part, table, machine, marks)
    i += part
  }
  return true
}

function markEntries(
  elf: ElfFile,
  start: number,
  count: number,
  { entry, slots }: Table,
  machine: Machine | null,
  marks: Marks,
): void {
  const { view, little, wide } = elf
  const [symbolAt, typeAt] = wide ? (little ? [12, 8] : [8, 12]) : [4, 4]
  for (let at = start, end = start + count * entry; at < end; at += entry) {
    const info = view.getUint32(at + symbolAt, little)
    const symbol = wide ? info : info >>> 8
    if (symbol === 0) continue
    const type = wide ? view.getUint32(at + typeAt, little) : info & 0xff
    if (type === 0) continue
    marks.add(symbol, kindOf(type, slots, machine))
  }
}

function kindOf(type: number, slots: boolean, machine: Machine | null): number {
  if (machine === null) return slots ? REFERENCE_PLT : REFERENCE_DATA
  if (type === machine.copy) return REFERENCE_COPY
  return machine.plt.has(type) ? REFERENCE_PLT : REFERENCE_DATA
}

/** Marks by symbol; grows with the largest one. */
class Marks {
  bytes = new Uint8Array(1024)

  add(symbol: number, kind: number): void {
    if (symbol >= MAX_SYMBOLS) return
    if (symbol >= this.bytes.length) {
      const grown = new Uint8Array(Math.max(symbol + 1, this.bytes.length * 2))
      grown.set(this.bytes)
      this.bytes = grown
    }
    this.bytes[symbol] = (this.bytes[symbol] ?? 0) | kind
  }
}
