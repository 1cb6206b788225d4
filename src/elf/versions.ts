/** Symbol versions: what an object defines and what it demands of others (LSB, "Symbol Versioning"). */
import type { VersionDefinition, VersionNeed } from '../domain/object.ts'
import type { ElfBytes } from './bytes-view.ts'
import { DT_VERDEF, DT_VERDEFNUM, DT_VERNEED, DT_VERNEEDNUM, offsetOf } from './dynamic.ts'
import type { DynamicSection, StringTable } from './dynamic.ts'
import type { ProgramHeader } from './header.ts'

const VER_FLG_BASE = 1
const VER_FLG_WEAK = 2
/** Bytes and entries of one table that are read; Qt and libstdc++ stay far below. */
const MAX_TABLE = 1 << 18
const MAX_ENTRIES = 16_384

/** One version record with its index in the version symbol table. */
export interface IndexedVersion {
  readonly index: number
  readonly name: string
  /** The file it is demanded of; null for a definition. */
  readonly file: string | null
}

export interface Versions {
  readonly needs: readonly VersionNeed[]
  readonly definitions: readonly VersionDefinition[]
  readonly indexed: readonly IndexedVersion[]
  readonly hasDefinitions: boolean
}

/** Reads DT_VERNEED and DT_VERDEF, as far as they are sound. */
export function readVersions(
  elf: ElfBytes,
  section: DynamicSection,
  segments: readonly ProgramHeader[],
  strings: StringTable | null,
): Versions {
  const needs: VersionNeed[] = []
  const definitions: VersionDefinition[] = []
  const indexed: IndexedVersion[] = []
  const reader = new VersionReader(elf, strings, indexed)
  const verneed = table(elf, section, segments, DT_VERNEED, 'DT_VERNEED')
  if (verneed !== null) reader.needs(verneed, section.values.get(DT_VERNEEDNUM) ?? 0, needs)
  const verdef = table(elf, section, segments, DT_VERDEF, 'DT_VERDEF')
  if (verdef !== null) reader.definitions(verdef, section.values.get(DT_VERDEFNUM) ?? 0, definitions)
  return { needs, definitions, indexed, hasDefinitions: section.values.has(DT_VERDEF) }
}

interface Table {
  readonly bytes: Uint8Array
  readonly offset: number
  readonly what: string
}

function table(
  elf: ElfBytes,
  section: DynamicSection,
  segments: readonly ProgramHeader[],
  tag: number,
  what: string,
): Table | null {
  const address = section.values.get(tag)
  if (address === undefined) return null
  const offset = offsetOf(segments, address)
  if (offset === null) {
    elf.fault('malformed', null, `${what} is at address 0x${address.toString(16)}, which no segment of the file holds`)
    return null
  }
  const segment = segments.find((one) => offset >= one.offset && offset < one.offset + one.fileSize && one.type === 1)
  const left = segment === undefined ? MAX_TABLE : segment.offset + segment.fileSize - offset
  // Most tables are small: one modest read serves nearly all of them.
  const count = section.values.get(tag + 1) ?? 0
  const guess = Math.min(left, MAX_TABLE, Math.max(1024, count * 256))
  return { bytes: elf.copy(offset, guess), offset, what }
}

class VersionReader {
  readonly #elf: ElfBytes
  readonly #strings: StringTable | null
  readonly #indexed: IndexedVersion[]
  #budget = MAX_ENTRIES

  constructor(elf: ElfBytes, strings: StringTable | null, indexed: IndexedVersion[]) {
    this.#elf = elf
    this.#strings = strings
    this.#indexed = indexed
  }

  needs({ bytes, offset, what }: Table, count: number, found: VersionNeed[]): void {
    const elf = this.#elf
    let at = 0
    for (let i = 0; i < count; i += 1) {
      if (!this.#fits(bytes, at, 16, offset, what)) return
      const file = this.#text(elf.word(bytes, at + 4), 'a version need') ?? ''
      let aux = at + elf.word(bytes, at + 8)
      for (let k = elf.half(bytes, at + 2); k > 0; k -= 1) {
        if (!this.#fits(bytes, aux, 16, offset, what)) return
        const version = this.#text(elf.word(bytes, aux + 8), 'a version name')
        if (version !== null) {
          found.push({ file, version, weak: (elf.half(bytes, aux + 4) & VER_FLG_WEAK) !== 0 })
          this.#indexed.push({ index: elf.half(bytes, aux + 6) & 0x7fff, name: version, file })
        }
        const next = elf.word(bytes, aux + 12)
        if (next === 0) break
        aux += next
      }
      const next = elf.word(bytes, at + 12)
      if (next === 0) return
      at += next
    }
  }

  definitions({ bytes, offset, what }: Table, count: number, found: VersionDefinition[]): void {
    const elf = this.#elf
    let at = 0
    for (let i = 0; i < count; i += 1) {
      if (!this.#fits(bytes, at, 20, offset, what)) return
      const flags = elf.half(bytes, at + 2)
      const names = this.#names(bytes, at, offset, what)
      const [name, ...parents] = names
      if (name !== undefined) {
        found.push({ name, base: (flags & VER_FLG_BASE) !== 0, weak: (flags & VER_FLG_WEAK) !== 0, parents })
        this.#indexed.push({ index: elf.half(bytes, at + 4) & 0x7fff, name, file: null })
      }
      const next = elf.word(bytes, at + 16)
      if (next === 0) return
      at += next
    }
  }

  #names(bytes: Uint8Array, at: number, offset: number, what: string): readonly string[] {
    const elf = this.#elf
    const names: string[] = []
    let aux = at + elf.word(bytes, at + 12)
    for (let k = elf.half(bytes, at + 6); k > 0; k -= 1) {
      if (!this.#fits(bytes, aux, 8, offset, what)) break
      const name = this.#text(elf.word(bytes, aux), 'a version name')
      if (name !== null) names.push(name)
      const next = elf.word(bytes, aux + 4)
      if (next === 0) break
      aux += next
    }
    return names
  }

  #fits(bytes: Uint8Array, at: number, size: number, offset: number, what: string): boolean {
    this.#budget -= 1
    if (this.#budget < 0) {
      this.#elf.fault('malformed', offset, `${what} has more than ${MAX_ENTRIES} entries, or runs in a circle`)
      return false
    }
    if (at + size <= bytes.length) return true
    this.#elf.fault(
      'truncated',
      offset + at,
      `${what} leads beyond its segment or beyond the ${MAX_TABLE} bytes that are read`,
    )
    return false
  }

  #text(position: number, what: string): string | null {
    return this.#strings?.get(position, what) ?? null
  }
}
