/** Symbol versions: what an object defines and what it demands of others (LSB, "Symbol Versioning"). */
import type { LoadSegment, VersionDefinition, VersionNeed } from '../domain/object.ts'
import type { ElfFile } from './file.ts'
import { segmentOf } from './segments.ts'
import type { StringTable } from './strings.ts'
import { nameAt } from './strings.ts'

const VER_FLG_BASE = 1
const VER_FLG_WEAK = 2
const VERDEF_SIZE = 20
const VERDAUX_SIZE = 8
const VERNEED_SIZE = 16
/** Records and names of both tables together; libstdc++ has about 200, Qt about 30. */
const MAX_RECORDS = 16_384
/** Bytes fetched when a record is not loaded yet. */
const AHEAD = 4096

/** The records of both tables, names still as positions in the string table. */
export interface RawVersions {
  /** Four numbers per demanded version: position of the file's name, of the version's, flags, index with bit 15. */
  readonly needs: readonly number[]
  /** Per definition: flags, index, number of names, then the positions of the names, its own first. */
  readonly definitions: readonly number[]
  /** Smallest and largest position, Infinity and -1 where there is none. */
  readonly first: number
  readonly last: number
}

/** A version by its index in the version symbol table; `file` is null for a definition. */
export interface IndexedVersion {
  readonly name: string
  readonly file: string | null
}

const NONE: readonly number[] = []

/**
 * Reads the records of DT_VERNEED and DT_VERDEF as the loader does: along the chains, whatever DT_VERNEEDNUM says
 * (glibc elf/dl-version.c, `_dl_check_map_versions`). What is not sound is a fault; the records before it stay.
 */
export function readVersionTables(
  elf: ElfFile,
  verneed: number,
  verdef: number,
  loads: readonly LoadSegment[],
): RawVersions {
  if (verneed < 0 && verdef < 0) return { needs: NONE, definitions: NONE, first: Infinity, last: -1 }
  const walk = new Walk(elf)
  const needs = verneed < 0 ? NONE : walk.needs(tableAt(elf, verneed, loads, 'DT_VERNEED'))
  const definitions = verdef < 0 ? NONE : walk.definitions(tableAt(elf, verdef, loads, 'DT_VERDEF'))
  return { needs, definitions, first: walk.first, last: walk.last }
}

interface Table {
  readonly start: number
  readonly end: number
  readonly tag: string
}

function tableAt(elf: ElfFile, address: number, loads: readonly LoadSegment[], tag: string): Table | null {
  const load = segmentOf(loads, address)
  if (load !== null) return { start: address - load.address + load.offset, end: load.offset + load.fileSize, tag }
  elf.fault('malformed', null, `${tag} is at address 0x${address.toString(16)}, which no segment of the file holds`)
  return null
}

class Walk {
  first = Infinity
  last = -1
  readonly #elf: ElfFile
  #left = MAX_RECORDS

  constructor(elf: ElfFile) {
    this.#elf = elf
  }

  needs(table: Table | null): readonly number[] {
    const elf = this.#elf
    const out: number[] = []
    if (table === null) return out
    for (let offset = table.start, next = 1; next !== 0; offset += next) {
      const at = this.#record(table, offset, VERNEED_SIZE, true)
      if (at < 0) return out
      const file = elf.word(at + 4)
      const aux = elf.word(at + 8)
      next = elf.word(at + 12)
      this.#see(file)
      if (!this.#demanded(table, offset + aux, file, out)) return out
    }
    return out
  }

  /** The versions demanded of one file. */
  #demanded(table: Table, start: number, file: number, out: number[]): boolean {
    const elf = this.#elf
    for (let offset = start, next = 1; next !== 0; offset += next) {
      const at = this.#record(table, offset, VERNEED_SIZE, false)
      if (at < 0) return false
      const name = elf.word(at + 8)
      next = elf.word(at + 12)
      this.#see(name)
      out.push(file, name, elf.half(at + 4), elf.half(at + 6))
    }
    return true
  }

  definitions(table: Table | null): readonly number[] {
    const elf = this.#elf
    const out: number[] = []
    if (table === null) return out
    for (let offset = table.start, next = 1; next !== 0; offset += next) {
      const at = this.#record(table, offset, VERDEF_SIZE, true)
      if (at < 0) return out
      const count = elf.half(at + 6)
      const aux = elf.word(at + 12)
      next = elf.word(at + 16)
      out.push(elf.half(at + 2), elf.half(at + 4) & 0x7fff, 0)
      const countAt = out.length - 1
      const sound = this.#names(table, offset + aux, count, out)
      out[countAt] = out.length - countAt - 1
      if (!sound) return out
    }
    return out
  }

  /** The name of a definition and those of its parents. */
  #names(table: Table, start: number, count: number, out: number[]): boolean {
    const elf = this.#elf
    for (let offset = start, next = 1, k = 0; next !== 0 && k < count; offset += next, k += 1) {
      const at = this.#record(table, offset, VERDAUX_SIZE, false)
      if (at < 0) return false
      const name = elf.word(at)
      next = elf.word(at + 4)
      this.#see(name)
      out.push(name)
    }
    return true
  }

  #see(position: number): void {
    if (position < this.first) this.first = position
    if (position > this.last) this.last = position
  }

  /** Loads one record; -1 with a fault where there is none. `versioned`: its first field is a revision, 1 so far. */
  #record(table: Table, offset: number, size: number, versioned: boolean): number {
    const elf = this.#elf
    this.#left -= 1
    if (this.#left < 0) {
      if (this.#left === -1)
        elf.fault('malformed', offset, `more than ${MAX_RECORDS} version records, or a circle of them`)
      return -1
    }
    const at = offset + size <= table.end ? elf.seek(offset, size, AHEAD) : -1
    if (at < 0) {
      const place = offset + size <= table.end ? 'the end of the file' : 'its segment'
      elf.fault(offset + size <= table.end ? 'truncated' : 'malformed', offset, `${table.tag} leads beyond ${place}`)
      return -1
    }
    if (!versioned || elf.half(at) === 1) return at
    elf.fault('unsupported', offset, `${table.tag} has a record of revision ${elf.half(at)}; 1 expected`)
    return -1
  }
}

/** The demanded versions with their names. `indexed`, when given, is filled by index. */
export function nameNeeds(
  elf: ElfFile,
  raw: readonly number[],
  strings: StringTable,
  indexed: Map<number, IndexedVersion> | null = null,
): readonly VersionNeed[] {
  const out: VersionNeed[] = []
  let position = -1
  let file: string | null = null
  for (let i = 0; i + 3 < raw.length; i += 4) {
    const [fileAt = 0, versionAt = 0, flags = 0, index = 0] = raw.slice(i, i + 4)
    if (fileAt !== position) {
      position = fileAt
      file = nameAt(elf, strings, fileAt, 'the file of a version need')
    }
    const version = nameAt(elf, strings, versionAt, 'a demanded version')
    if (version === null || file === null) continue
    out.push({ file, version, weak: (flags & VER_FLG_WEAK) !== 0 })
    indexed?.set(index & 0x7fff, { name: version, file })
  }
  return out
}

/** The defined versions with their names. `indexed`, when given, is filled by index. */
export function nameDefinitions(
  elf: ElfFile,
  raw: readonly number[],
  strings: StringTable,
  indexed: Map<number, IndexedVersion> | null = null,
): readonly VersionDefinition[] {
  const out: VersionDefinition[] = []
  for (let i = 0; i + 2 < raw.length;) {
    const [flags = 0, index = 0, count = 0] = raw.slice(i, i + 3)
    const end = i + 3 + count
    const names: string[] = []
    for (const position of raw.slice(i + 3, end)) {
      const name = nameAt(elf, strings, position, 'a defined version')
      if (name !== null) names.push(name)
    }
    i = end
    const [name, ...parents] = names
    if (name === undefined) continue
    const base = (flags & VER_FLG_BASE) !== 0
    out.push({ name, base, weak: (flags & VER_FLG_WEAK) !== 0, parents })
    indexed?.set(index, { name, file: null })
  }
  return out
}
