/** The dynamic symbols of one file as a loader asks for them: by name, through the hash tables. */
import type { References, SymbolEntry, SymbolFile } from '../domain/symbols.ts'
import type { ByteSource } from '../domain/source.ts'
import type { BlockBudget, Reopen } from './blocks.ts'
import { FileBlocks, HeldFile } from './blocks.ts'
import { locateDynamic } from './dynamic.ts'
import { ElfFile } from './file.ts'
import type { GnuTable, SysvTable } from './hash.ts'
import { MAX_CHAIN, readGnuTable, readSysvTable } from './hash.ts'
import { readHeader } from './header.ts'
import type { Selections, Wanted } from './references.ts'
import { readReferences, selectSymbols } from './references.ts'
import type { RelocationTags } from './relocations.ts'
import { readRelocationTags, referredSymbols } from './relocations.ts'
import { readSegments } from './segments.ts'
import type { SymbolPlaces } from './symbol.ts'
import { findSymbols } from './symbol.ts'
import { NAME_LIMIT } from './strings.ts'
import type { IndexedVersion } from './versions.ts'
import { nameDefinitions, nameNeeds, readVersionTables } from './versions.ts'

const VER_FLG_BASE = 1
/** A filter of this size is kept whole; larger ones are read in parts. */
const MAX_FILTER = 1 << 20

/** Everything that is read once: where the tables are, and the versions by index. */
interface Tables {
  readonly places: SymbolPlaces
  readonly wide: boolean
  readonly little: boolean
  readonly gnu: GnuTable | null
  readonly sysv: SysvTable | null
  /** The words of the filter as 32-bit halves in the order of the file; empty where it is not kept. */
  readonly filter: Uint32Array
  readonly versions: readonly string[]
  readonly versionFiles: ReadonlyMap<number, string>
  readonly hidden: ReadonlySet<number>
}

const NONE: References = {
  count: 0,
  hashes: new Uint32Array(0),
  versions: new Uint16Array(0),
  kinds: new Uint8Array(0),
  name: () => new Uint8Array(0),
  text: () => '',
}

/**
 * The symbols of one file.
 *
 * @param reopen opens the file, which is closed when enough others were read; null where it cannot be opened
 * @param budget the memory that all files share
 */
export function openSymbols(id: number, file: string, reopen: Reopen, budget: BlockBudget): SymbolFile {
  return new LazySymbols(id, file, reopen, budget)
}

const NO_LISTS = { others: null, own: null }
const BOTH: readonly Wanted[] = ['others', 'own']
const OWN: readonly Wanted[] = ['own']
const NO_FLAGS = { symbolic: false, bindsNow: false }

class LazySymbols implements SymbolFile {
  readonly id: number
  readonly #file: string
  readonly #held: HeldFile
  readonly #blocks: FileBlocks
  readonly #tables: Tables | null
  readonly #entry: SymbolEntry = { info: 0, other: 0, section: 0, hasValue: false, versym: -1 }
  readonly versioned: boolean
  #sound: boolean
  #tags: Pick<RelocationTags, 'symbolic' | 'bindsNow'> | null = null
  /** Kept from the first of the two lists to the second. */
  #selections: Selections | null = null
  #references: References | null = null
  #own: References | null = null

  constructor(id: number, file: string, reopen: Reopen, budget: BlockBudget) {
    this.id = id
    this.#file = file
    this.#held = new HeldFile(reopen)
    const opened = this.#with((source) => {
      const elf = new ElfFile(source, file)
      return { tables: readTables(elf), size: elf.size, sound: elf.faults.length === 0 }
    })
    this.#tables = opened?.tables ?? null
    this.#blocks = new FileBlocks(opened?.size ?? 0, this.#held, budget)
    // A file without dynamic symbols is read as well: it defines nothing.
    this.#sound = opened?.sound ?? false
    this.versioned = this.#tables !== null && this.#tables.places.versions !== null && this.#tables.versions.length > 0
  }

  get readable(): boolean {
    return this.#sound
  }

  get references(): References {
    if (this.#references === null) this.#read('others')
    return this.#references ?? NONE
  }

  get ownReferences(): References {
    // Whoever asks for these asks for the others as well, and both lie in the same tables.
    if (this.#own === null) this.#read(...(this.#references === null ? BOTH : OWN))
    return this.#own ?? NONE
  }

  get symbolic(): boolean {
    return this.#flags().symbolic
  }

  get bindsNow(): boolean {
    return this.#flags().bindsNow
  }

  #flags(): Pick<RelocationTags, 'symbolic' | 'bindsNow'> {
    this.#tags ??= this.#with((source) => relocationTags(new ElfFile(source, this.#file))) ?? NO_FLAGS
    return this.#tags
  }

  versionName(index: number): string {
    return this.#tables?.versions[index] ?? ''
  }

  versionFile(index: number): string | null {
    return this.#tables?.versionFiles.get(index) ?? null
  }

  get versionCount(): number {
    return this.#tables?.versions.length ?? 0
  }

  versionHidden(index: number): boolean {
    return this.#tables?.hidden.has(index) ?? false
  }

  mayHold(hash: number): boolean {
    const tables = this.#tables
    if (tables === null) return false
    return tables.gnu === null || passes(tables, tables.gnu, hash, this.#blocks)
  }

  visit(hash: number, name: Uint8Array, offer: (entry: SymbolEntry) => boolean): void {
    const tables = this.#tables
    if (tables === null) return
    if (tables.gnu !== null) {
      if (this.mayHold(hash)) this.#walkGnu(tables, tables.gnu, hash, name, offer)
    } else if (tables.sysv !== null) {
      this.#walkSysv(tables, tables.sysv, name, offer)
    }
  }

  #walkGnu(
    tables: Tables,
    table: GnuTable,
    hash: number,
    name: Uint8Array,
    offer: (entry: SymbolEntry) => boolean,
  ): void {
    const bucket = this.#word(table.bucketStart + (hash % table.buckets) * 4, table.end, tables.little)
    if (bucket < table.firstSymbol) return
    for (let index = bucket; index - bucket < MAX_CHAIN; index += 1) {
      const value = this.#word(table.chainStart + (index - table.firstSymbol) * 4, table.end, tables.little)
      if (value < 0) return
      if (value >>> 1 === hash >>> 1 && this.#offers(tables, index, name, offer)) return
      if ((value & 1) !== 0) return
    }
  }

  #walkSysv(tables: Tables, table: SysvTable, name: Uint8Array, offer: (entry: SymbolEntry) => boolean): void {
    const { entry, end } = table
    const number = (offset: number): number =>
      this.#word(entry === 8 && !tables.little ? offset + 4 : offset, end, tables.little)
    let index = number(table.bucketStart + (sysvHashOf(name) % table.buckets) * entry)
    for (let steps = 0; index > 0 && index < table.symbols && steps <= table.symbols && steps < MAX_CHAIN; steps += 1) {
      if (this.#offers(tables, index, name, offer)) return
      index = number(table.chainStart + index * entry)
    }
  }

  /** Offers the entry if it bears the name; whether the walk ends. */
  #offers(tables: Tables, index: number, name: Uint8Array, offer: (entry: SymbolEntry) => boolean): boolean {
    const { places, wide, little } = tables
    const offset = places.start + index * places.entry
    const blocks = this.#blocks
    const at = offset + places.entry <= places.end ? blocks.seek(offset, places.entry) : -1
    if (at < 0) {
      this.#sound = false
      return false
    }
    const { view } = blocks
    const nameAt = view.getUint32(at, little)
    const entry = this.#entry
    entry.info = view.getUint8(at + (wide ? 4 : 12))
    entry.other = view.getUint8(at + (wide ? 5 : 13))
    entry.section = view.getUint16(at + (wide ? 6 : 14), little)
    entry.hasValue = wide
      ? (view.getUint32(at + 8, little) | view.getUint32(at + 12, little)) !== 0
      : view.getUint32(at + 4, little) !== 0
    if (!this.#isNamed(places, nameAt, name)) return false
    entry.versym = this.versioned ? this.#versym(places, index, little) : -1
    return offer(entry)
  }

  #isNamed(places: SymbolPlaces, position: number, name: Uint8Array): boolean {
    if (name.length > NAME_LIMIT) return false
    const offset = places.strings.start + position
    const blocks = this.#blocks
    const at = offset + name.length + 1 <= places.strings.end ? blocks.seek(offset, name.length + 1) : -1
    if (at < 0) return false
    const { bytes } = blocks
    if (bytes[at + name.length] !== 0) return false
    for (let i = name.length - 1; i >= 0; i -= 1) if (bytes[at + i] !== name[i]) return false
    return true
  }

  #versym({ versions }: SymbolPlaces, index: number, little: boolean): number {
    if (versions === null) return -1
    const offset = versions.start + index * 2
    const at = offset + 2 <= versions.end ? this.#blocks.seek(offset, 2) : -1
    return at < 0 ? 1 : this.#blocks.view.getUint16(at, little)
  }

  #word(offset: number, end: number, little: boolean): number {
    const at = offset + 4 <= end ? this.#blocks.seek(offset, 4) : -1
    if (at >= 0) return this.#blocks.view.getUint32(at, little)
    // A table that leads outside the file might have led anywhere.
    this.#sound = false
    return -1
  }

  /** Reads lists that were not read before. */
  #read(...wanted: readonly Wanted[]): void {
    const tables = this.#tables
    const read = tables === null ? NO_LISTS : this.#with((source) => this.#readFrom(source, tables, wanted))
    if (read === null) this.#sound = false
    if (wanted.includes('others')) this.#references = read?.others ?? NONE
    if (wanted.includes('own')) this.#own = read?.own ?? NONE
    if (this.#references !== null && this.#own !== null) this.#selections = null
  }

  #readFrom(
    source: ByteSource,
    tables: Tables,
    wanted: readonly Wanted[],
  ): Readonly<Record<Wanted, References | null>> {
    const elf = new ElfFile(source, this.#file)
    elf.wide = tables.wide
    elf.little = tables.little
    this.#selections ??= this.#select(elf, tables)
    const read = this.#selections === null ? NO_LISTS : readReferences(elf, tables.places, this.#selections, wanted)
    if (elf.faults.length > 0) this.#sound = false
    return read
  }

  /** Null where the dynamic section cannot be read. */
  #select(elf: ElfFile, { places }: Tables): Selections | null {
    const tags = relocationTags(elf)
    if (tags === null) return null
    this.#tags = { symbolic: tags.symbolic, bindsNow: tags.bindsNow }
    return selectSymbols(elf, places, referredSymbols(elf, tags, places.header, places.loads))
  }

  #with<T>(use: (source: ByteSource) => T): T | null {
    const source = this.#held.source()
    return source === null ? null : use(source)
  }
}

function readTables(elf: ElfFile): Tables | null {
  const places = findSymbols(elf)
  if (places === null) return null
  const { section, header, loads } = places
  const gnu = section.gnuHash < 0 ? null : readGnuTable(elf, loads, section.gnuHash)
  const sysv = section.gnuHash >= 0 || section.hash < 0 ? null : readSysvTable(elf, header, loads, section.hash)
  return {
    places,
    wide: elf.wide,
    little: elf.little,
    gnu,
    sysv,
    filter: gnu === null ? new Uint32Array(0) : readFilter(elf, gnu),
    ...readVersions(elf, places),
  }
}

/** Names by index as `_dl_check_map_versions` fills `l_versions`: demanded ones, then defined ones but the base version. */
function readVersions(
  elf: ElfFile,
  { versions: versym, section, loads, strings }: SymbolPlaces,
): Pick<Tables, 'versions' | 'versionFiles' | 'hidden'> {
  const versions: string[] = []
  const hidden = new Set<number>()
  const versionFiles = new Map<number, string>()
  if (versym === null) return { versions, versionFiles, hidden }
  const raw = readVersionTables(elf, section.verneed, section.verdef, loads)
  const set = (index: number, name: string): void => {
    while (versions.length <= index) versions.push('')
    versions[index] = name
  }
  const indexed = new Map<number, IndexedVersion>()
  nameNeeds(elf, raw.needs, strings, indexed)
  for (const [index, { name, file }] of indexed) {
    set(index, name)
    if (file !== null) versionFiles.set(index, file)
  }
  const defined = new Map<number, IndexedVersion>()
  nameDefinitions(elf, raw.definitions, strings, defined)
  const base = baseIndices(raw.definitions)
  for (const [index, { name }] of defined) set(index, base.has(index) ? (versions[index] ?? '') : name)
  raw.needs.forEach((other, i) => {
    if (i % 4 === 3 && (other & 0x8000) !== 0) hidden.add(other & 0x7fff)
  })
  return { versions, versionFiles, hidden }
}

function baseIndices(definitions: readonly number[]): ReadonlySet<number> {
  const base = new Set<number>()
  for (let i = 0; i + 2 < definitions.length;) {
    const [flags = 0, index = 0, count = 0] = definitions.slice(i, i + 3)
    if ((flags & VER_FLG_BASE) !== 0) base.add(index)
    i += 3 + count
  }
  return base
}

function readFilter(elf: ElfFile, table: GnuTable): Uint32Array {
  const size = table.bloomWords * (elf.wide ? 8 : 4)
  const bytes = size > MAX_FILTER ? null : elf.copy(table.bloomStart, size)
  if (bytes === null) return new Uint32Array(0)
  const view = new DataView(bytes.buffer, bytes.byteOffset, size)
  return Uint32Array.from({ length: size / 4 }, (_, i) => view.getUint32(i * 4, elf.little))
}

/** Whether the filter admits the hash: both of its bits are set in its word. */
function passes(tables: Tables, table: GnuTable, hash: number, blocks: FileBlocks): boolean {
  // A table without filter words filters nothing out; the loader would divide by zero.
  if (table.bloomWords === 0) return true
  const { wide, little, filter } = tables
  const bits = wide ? 64 : 32
  const word = ((hash >>> (wide ? 6 : 5)) & (table.bloomWords - 1)) >>> 0
  const first = hash & (bits - 1)
  // A shift by 32 or more gives 0 in the loader's arithmetic on 64 bit; linkers write 5 to 26.
  const second = table.bloomShift > 31 ? 0 : (hash >>> table.bloomShift) & (bits - 1)
  if (filter.length > 0) {
    return isSet(filter, word, first, wide, little) && isSet(filter, word, second, wide, little)
  }
  const at = blocks.seek(table.bloomStart + word * (bits / 8), bits / 8)
  if (at < 0) return false
  const halves = wide
    ? [blocks.view.getUint32(at, little), blocks.view.getUint32(at + 4, little)]
    : [blocks.view.getUint32(at, little)]
  const part = Uint32Array.from(halves)
  return isSet(part, 0, first, wide, little) && isSet(part, 0, second, wide, little)
}

function isSet(filter: Uint32Array, word: number, bit: number, wide: boolean, little: boolean): boolean {
  if (!wide) return (((filter[word] ?? 0) >>> bit) & 1) !== 0
  const half = bit < 32 === little ? 0 : 1
  return (((filter[word * 2 + half] ?? 0) >>> (bit & 31)) & 1) !== 0
}

function relocationTags(elf: ElfFile): RelocationTags | null {
  const head = readHeader(elf)
  const segments = head === null ? null : readSegments(elf, head.header, head.programHeaders)
  const part = head === null || segments === null ? null : locateDynamic(elf, segments, head.complete)
  return part === null || part === 'truncated' ? null : readRelocationTags(elf, part)
}

/** The hash of DT_HASH over bytes. */
function sysvHashOf(name: Uint8Array): number {
  let hash = 0
  for (const byte of name) {
    hash = (Math.imul(hash, 16) + byte) >>> 0
    hash = (hash ^ ((hash & 0xf0000000) >>> 24)) & 0x0fffffff
  }
  return hash
}
