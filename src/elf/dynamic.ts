/** The dynamic section: tags, and the strings they name (elf(5), gABI chapter 5). */
import type { Need } from '../domain/object.ts'
import type { ElfBytes } from './bytes-view.ts'
import { stringAt } from './bytes-view.ts'
import type { ProgramHeader } from './header.ts'
import { PT_LOAD } from './header.ts'

export const DT_NEEDED = 1
export const DT_HASH = 4
export const DT_STRTAB = 5
export const DT_SYMTAB = 6
export const DT_STRSZ = 10
const DT_SONAME = 14
const DT_RPATH = 15
const DT_RUNPATH = 29
const DT_FLAGS = 30
const DT_RELR = 36
export const DT_GNU_HASH = 0x6ffffef5
const DT_DEPAUDIT = 0x6ffffefb
const DT_AUDIT = 0x6ffffefc
export const DT_VERSYM = 0x6ffffff0
const DT_FLAGS_1 = 0x6ffffffb
export const DT_VERDEF = 0x6ffffffc
export const DT_VERDEFNUM = 0x6ffffffd
export const DT_VERNEED = 0x6ffffffe
export const DT_VERNEEDNUM = 0x6fffffff
const DT_AUXILIARY = 0x7ffffffd
const DT_FILTER = 0x7fffffff

/** Largest dynamic section that is read: 64 Ki entries are far beyond any linker's. */
const MAX_DYNAMIC = 1 << 20
/** Longest span of strings fetched at once. */
const STRING_SPAN = 1 << 16

/** Tags by number with their last value, and the tags whose order or repetition matters. */
export interface DynamicSection {
  readonly values: ReadonlyMap<number, number>
  readonly needs: readonly { readonly kind: Need['kind']; readonly at: number }[]
}

/** File offset of an address through the PT_LOADs; null where no segment's file part holds it. */
export function offsetOf(segments: readonly ProgramHeader[], address: number): number | null {
  for (const segment of segments) {
    if (segment.type !== PT_LOAD) continue
    if (address >= segment.address && address < segment.address + segment.fileSize) {
      return address - segment.address + segment.offset
    }
  }
  return null
}

/** Reads the section; null where its bytes are no dynamic section, as in split debug files. */
export function readDynamic(elf: ElfBytes, segment: ProgramHeader): DynamicSection | null {
  const entry = elf.wide ? 16 : 8
  const size = Math.min(segment.fileSize, MAX_DYNAMIC)
  if (segment.fileSize > MAX_DYNAMIC) {
    elf.fault(
      'malformed',
      segment.offset,
      `a dynamic section of ${segment.fileSize} bytes; only ${MAX_DYNAMIC} are read`,
    )
  }
  const bytes = elf.at(segment.offset, size)
  const values = new Map<number, number>()
  const needs: { kind: Need['kind']; at: number }[] = []
  let ended = false
  for (let at = 0; at + entry <= bytes.length; at += entry) {
    const tag = elf.native(bytes, at)
    const value = elf.native(bytes, at + entry / 2)
    if (tag === 0) {
      ended = true
      break
    }
    if (tag === DT_NEEDED) needs.push({ kind: 'needed', at: value })
    else if (tag === DT_FILTER) needs.push({ kind: 'filter', at: value })
    else if (tag === DT_AUXILIARY) needs.push({ kind: 'auxiliary', at: value })
    else values.set(tag, value)
  }
  if (bytes.length < size) {
    elf.fault(
      'truncated',
      segment.offset + bytes.length,
      `the file ends within the dynamic section (${size} bytes expected)`,
    )
  } else if (!ended && bytes.length > 0) {
    elf.fault('malformed', segment.offset, 'the dynamic section has no DT_NULL at its end')
  }
  return { values, needs }
}

/** What the dynamic section says in words. */
export interface DynamicFacts {
  readonly needs: readonly Need[]
  readonly soname: string | null
  readonly rpath: string | null
  readonly runpath: string | null
  readonly audit: string | null
  readonly depaudit: string | null
  readonly flags: number
  readonly flags1: number
  readonly relr: boolean
}

/** The string table as far as it is needed. */
export class StringTable {
  readonly #elf: ElfBytes
  readonly #offset: number
  readonly #size: number
  #bytes: Uint8Array = new Uint8Array(0)
  #start = 0

  constructor(elf: ElfBytes, offset: number, size: number) {
    this.#elf = elf
    this.#offset = offset
    this.#size = size
  }

  /** Fetches one span that holds all strings which begin between two positions, so that one read serves them. */
  prefetch(first: number, last: number): void {
    const start = Math.max(0, Math.min(first, this.#size))
    const end = Math.min(this.#size, last + 256, start + STRING_SPAN)
    if (end <= start) return
    this.#bytes = this.#elf.copy(this.#offset + start, end - start)
    this.#start = start
  }

  /** The string at a position; null with a fault where there is none. */
  get(position: number, what: string): string | null {
    if (position >= this.#size) {
      this.#elf.fault(
        'malformed',
        this.#offset,
        `${what} lies at ${position}, beyond the string table of ${this.#size} bytes`,
      )
      return null
    }
    const inside = position - this.#start
    const text = inside >= 0 && inside < this.#bytes.length ? stringAt(this.#bytes, inside) : null
    if (text !== null) return text
    const bytes = this.#elf.at(this.#offset + position, Math.min(4096, this.#size - position))
    const fresh = stringAt(bytes, 0)
    if (fresh === null) {
      this.#elf.fault(
        'malformed',
        this.#offset + position,
        `${what} does not end within 4096 bytes of the string table`,
      )
    }
    return fresh
  }
}

/** The string table of the dynamic section; null with a fault where no segment holds it. */
export function stringTable(
  elf: ElfBytes,
  section: DynamicSection,
  segments: readonly ProgramHeader[],
): StringTable | null {
  const address = section.values.get(DT_STRTAB)
  if (address === undefined) {
    if (section.needs.length > 0)
      elf.fault('malformed', null, 'the dynamic section names strings, but has no DT_STRTAB')
    return null
  }
  const offset = offsetOf(segments, address)
  if (offset === null || offset >= elf.size) {
    elf.fault(
      'malformed',
      null,
      `DT_STRTAB is at address 0x${address.toString(16)}, which no segment of the file holds`,
    )
    return null
  }
  const left = elf.size - offset
  return new StringTable(elf, offset, Math.min(section.values.get(DT_STRSZ) ?? left, left))
}

/** Turns tags into facts. */
export function dynamicFacts(section: DynamicSection, strings: StringTable | null): DynamicFacts {
  const { values } = section
  const named = [DT_SONAME, DT_RPATH, DT_RUNPATH, DT_AUDIT, DT_DEPAUDIT]
  const positions = [...section.needs.map((need) => need.at), ...named.flatMap((tag) => values.get(tag) ?? [])]
  if (positions.length > 0)
    strings?.prefetch(Math.min(...positions.slice(0, 1024)), Math.max(...positions.slice(0, 1024)))
  const text = (tag: number, what: string): string | null => {
    const at = values.get(tag)
    return at === undefined || strings === null ? null : strings.get(at, what)
  }
  const needs: Need[] = []
  for (const need of section.needs) {
    const name = strings?.get(need.at, 'a DT_NEEDED name') ?? null
    if (name !== null) needs.push({ kind: need.kind, name })
  }
  return {
    needs,
    soname: text(DT_SONAME, 'DT_SONAME'),
    rpath: text(DT_RPATH, 'DT_RPATH'),
    runpath: text(DT_RUNPATH, 'DT_RUNPATH'),
    audit: text(DT_AUDIT, 'DT_AUDIT'),
    depaudit: text(DT_DEPAUDIT, 'DT_DEPAUDIT'),
    flags: values.get(DT_FLAGS) ?? 0,
    flags1: values.get(DT_FLAGS_1) ?? 0,
    relr: values.has(DT_RELR),
  }
}
