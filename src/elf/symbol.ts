/** The dynamic symbol table: one entry, its version, and the tables they are read from. */
import type { DynamicSymbol, ElfHeader, LoadSegment } from '../domain/object.ts'
import type { DynamicSection } from './dynamic.ts'
import { locateDynamic, readDynamic, stringTable } from './dynamic.ts'
import type { ElfFile } from './file.ts'
import { placeOf } from './hash.ts'
import { readHeader } from './header.ts'
import { readSegments } from './segments.ts'
import type { StringTable } from './strings.ts'
import type { IndexedVersion } from './versions.ts'
import { nameDefinitions, nameNeeds, readVersionTables } from './versions.ts'

/** An entry without its name and version. */
export interface RawSymbol {
  readonly name: number
  readonly info: number
  readonly other: number
  readonly section: number
}

/** Where the symbols of one file are. */
export interface SymbolPlaces {
  readonly header: ElfHeader
  readonly section: DynamicSection
  readonly loads: readonly LoadSegment[]
  readonly strings: StringTable
  /** File offset of DT_SYMTAB, and where its segment ends. */
  readonly start: number
  readonly end: number
  /** Bytes of one entry. */
  readonly entry: number
  /** File offset of DT_VERSYM and where its segment ends; null where symbols have no versions. */
  readonly versions: { readonly start: number; readonly end: number } | null
}

/** Finds the dynamic symbol table; null where there is none, with a fault where there should be one. */
export function findSymbols(elf: ElfFile): SymbolPlaces | null {
  const head = readHeader(elf)
  const segments = head === null ? null : readSegments(elf, head.header, head.programHeaders)
  if (head === null || segments === null) return null
  const part = locateDynamic(elf, segments, head.complete)
  if (part === 'truncated') elf.fault('truncated', null, 'the file ends before the dynamic section')
  const section = part === null || part === 'truncated' ? null : readDynamic(elf, part)
  if (section === null || section.symtab < 0) return null
  const { loads } = segments
  const place = placeOf(elf, loads, section.symtab, 'DT_SYMTAB')
  const strings = stringTable(elf, section, segments)
  if (place === null || strings === null) return null
  const versions = section.versym < 0 ? null : placeOf(elf, loads, section.versym, 'DT_VERSYM')
  return { header: head.header, section, loads, strings, ...place, entry: elf.wide ? 24 : 16, versions }
}

/** The entry at a loaded position. */
export function symbolAt(elf: ElfFile, at: number): RawSymbol {
  const [info, other, section] = elf.wide ? [4, 5, 6] : [12, 13, 14]
  return {
    name: elf.word(at),
    info: elf.bytes.readUInt8(at + info),
    other: elf.bytes.readUInt8(at + other),
    section: elf.half(at + section),
  }
}

/** Version nodes by their index in DT_VERSYM. */
export function versionIndex(elf: ElfFile, places: SymbolPlaces): ReadonlyMap<number, IndexedVersion> {
  const indexed = new Map<number, IndexedVersion>()
  if (places.versions === null) return indexed
  const { section, loads, strings } = places
  const raw = readVersionTables(elf, section.verneed, section.verdef, loads)
  nameNeeds(elf, raw.needs, strings, indexed)
  nameDefinitions(elf, raw.definitions, strings, indexed)
  return indexed
}

const VERSYM_HIDDEN = 0x8000
/** Indices 0 (local) and 1 (global, the file's own base version) stand for no version. */
const FIRST_VERSION = 2

/** The symbol as the domain knows it. `versym` is its entry in DT_VERSYM, 1 where there is no such table. */
export function dynamicSymbol(
  raw: RawSymbol,
  name: string,
  versym: number,
  indexed: ReadonlyMap<number, IndexedVersion>,
): DynamicSymbol {
  const index = versym & 0x7fff
  const version = index < FIRST_VERSION ? undefined : indexed.get(index)
  const defined = raw.section !== 0
  return {
    name,
    version: version?.name ?? null,
    versionFile: defined ? null : (version?.file ?? null),
    hidden: defined && (versym & VERSYM_HIDDEN) !== 0,
    defined,
    binding: raw.info >> 4,
    type: raw.info & 15,
    visibility: raw.other & 3,
  }
}
