/** Real ELF bytes from a declaration, without a compiler; for x86-64 the real loader accepts them. */
import { EM_386, EM_X86_64 } from '../../../src/domain/object.ts'
import { encodeBytes } from '../../../src/domain/bytes.ts'
import type { Format } from './bytes.ts'
import { Strings, Writer } from './bytes.ts'
import { dynamicBytes, namedEntries } from './dynamic.ts'
import { headerBytes, overrideHeader, segmentBytes } from './headers.ts'
import type { Segment } from './headers.ts'
import { endOf, place } from './layout.ts'
import type { Piece, Placed } from './layout.ts'
import { plainNotes, propertyNote } from './notes.ts'
import { appendSections, debugFile } from './sections.ts'
import type { ElfSpec } from './spec.ts'
import { symbolTables } from './symbols.ts'
import { versionTables } from './versions.ts'

const PT_LOAD = 1
const PT_DYNAMIC = 2

/** The bytes, and where each table begins, for tests that damage them. */
export interface BuiltElf {
  readonly bytes: Uint8Array
  /**
   * Offsets by name: `phdr`, `code`, `interp`, `notes`, `property`, `data`, `hash`, `gnu.hash`, `dynsym`, `dynstr`, `versym`, `verdef`,
   * `verneed`, `rela` (32 bit: `rel`), `relr`, `dynamic`, `slots`, `shdr`; a table that the file lacks is absent.
   */
  readonly at: ReadonlyMap<string, number>
}

/** The bytes of the declared file. */
export function buildElf(spec: ElfSpec = {}): Uint8Array {
  return buildWithPlaces(spec).bytes
}

/** The bytes of the declared file and the places of its tables. */
export function buildWithPlaces(spec: ElfSpec = {}): BuiltElf {
  const format: Format = { wide: spec.class !== 32, big: spec.order === 'big' }
  const machine = spec.machine ?? (format.wide ? EM_X86_64 : EM_386)
  const page = spec.pageSize ?? 4096
  const base = spec.type === 'exec' ? 0x400000 : 0
  const tables = makeTables(spec, machine, format)
  const start = (format.wide ? 64 : 52) + segmentCount(spec, tables.readOnly(0)) * (format.wide ? 56 : 32)
  // Sizes do not depend on addresses, so a first placing with wrong addresses tells the right ones.
  const draft = place(tables.readOnly(0), start, base)
  const writableStart = align(endOf(draft, start) + (spec.filler ?? 0), 16)
  const shift = base + page
  const draftWritable = place(tables.writable(draft), writableStart, shift)
  const slots = draftWritable.get('slots')?.address ?? writableStart + shift
  const readOnly = place(tables.readOnly(slots), start, base)
  const writable = place(tables.writable(readOnly), writableStart, shift)
  const placed = new Map([...readOnly, ...writable])
  const segments = segmentsOf(spec, format, placed, endOf(readOnly, start), base, page)
  const out = Buffer.alloc(endOf(placed, writableStart))
  for (const piece of placed.values()) out.set(piece.bytes, piece.offset)
  out.set(headerBytes(spec, machine, format, segments.length, placed.get('code')?.address ?? 0))
  out.set(segmentBytes(segments, format), format.wide ? 64 : 52)
  return finish(spec, format, out, placed, segments.length)
}

function finish(
  spec: ElfSpec,
  format: Format,
  body: Uint8Array,
  placed: ReadonlyMap<string, Placed>,
  segments: number,
): BuiltElf {
  const at = new Map([...placed].map(([name, piece]) => [name, piece.offset] as const))
  at.set('phdr', format.wide ? 64 : 52)
  let bytes = spec.debug === undefined ? body : debugFile(spec.debug, body, placed)
  if (spec.sections === true || spec.extendedPhnum === true || spec.debug !== undefined) {
    const named = spec.sections === true && spec.debug === undefined ? placed : new Map<string, Placed>()
    const appended = appendSections(bytes, named, format, spec.extendedPhnum === true ? segments : 0)
    bytes = appended.bytes
    at.set('shdr', appended.offset)
  }
  overrideHeader(bytes, spec.header ?? {}, format)
  if (spec.truncate !== undefined) {
    bytes = bytes.slice(0, spec.truncate < 0 ? Math.max(0, bytes.length + spec.truncate) : spec.truncate)
  }
  // A plain array: `slice` of a Buffer is a view, and tests that damage a copy would damage the original.
  return { bytes: new Uint8Array(bytes), at }
}

interface Tables {
  /** Tables of the read-only segment; `slots` is the address of the first writable slot. */
  readOnly(slots: number): readonly Piece[]
  writable(placed: ReadonlyMap<string, Placed>): readonly Piece[]
}

function makeTables(spec: ElfSpec, machine: number, format: Format): Tables {
  const word = format.wide ? 8 : 4
  const notes: readonly Piece[] = [
    { name: 'code', bytes: format.wide ? EXIT_64 : EXIT_32, align: 1 },
    { name: 'interp', bytes: new Writer(format).raw(cString(spec.interpreter)).bytes(), align: 1 },
    { name: 'notes', bytes: plainNotes(spec, format), align: 4 },
    { name: 'property', bytes: propertyNote(spec, format), align: word },
    { name: 'data', bytes: spec.data ?? NONE, align: word },
  ]
  if (spec.dynamic === false) {
    return { readOnly: () => notes, writable: () => [{ name: 'slots', bytes: new Uint8Array(word), align: word }] }
  }
  const strings = new Strings()
  const named = namedEntries(spec, strings)
  const versions = versionTables(spec, strings, format)
  const symbols = symbolTables(spec, machine, strings, versions, format)
  const readOnly = (slots: number): readonly Piece[] => {
    const made = symbols(slots)
    const wanted = relocated(spec, machine, made.order)
    const relocations = relocationBytes(made.order, wanted, slots + word, format)
    return [
      ...notes,
      { name: 'hash', bytes: made.sysv, align: word },
      { name: 'gnu.hash', bytes: made.gnu, align: word },
      { name: 'dynsym', bytes: made.symbols, align: word },
      { name: 'dynstr', bytes: strings.bytes(), align: 1 },
      { name: 'versym', bytes: made.versions, align: 2 },
      { name: 'verdef', bytes: versions.definitions, align: word },
      { name: 'verneed', bytes: versions.needs, align: word },
      { name: format.wide ? 'rela' : 'rel', bytes: relocations, align: word },
      { name: 'relr', bytes: spec.relr === true ? new Writer(format).native(slots).bytes() : NONE, align: word },
    ]
  }
  return {
    readOnly,
    writable: (placed) => {
      const names = [...placed.keys()]
      const count = 1 + relocated(spec, machine, symbols(0).order).length
      return [
        { name: 'dynamic', bytes: dynamicBytes(spec, named, names, placed, versions, format), align: 2 * word },
        { name: 'slots', bytes: new Uint8Array(count * word), align: word },
      ]
    },
  }
}

const NONE = new Uint8Array(0)

// exit(0) by system call, for x86-64 and i386: whoever starts a built program gets a clean end.
const EXIT_64 = Uint8Array.of(0x31, 0xff, 0xb8, 0x3c, 0, 0, 0, 0x0f, 0x05)
const EXIT_32 = Uint8Array.of(0xb8, 1, 0, 0, 0, 0x31, 0xdb, 0xcd, 0x80)

function cString(text: string | undefined): Uint8Array {
  return text === undefined ? NONE : Buffer.concat([encodeBytes(text), Uint8Array.of(0)])
}

interface MaybeUndefined {
  readonly defined?: boolean
  readonly referred?: boolean
  readonly relocation?: number
}

function relocated(spec: ElfSpec, machine: number, order: readonly MaybeUndefined[]): readonly MaybeUndefined[] {
  if (spec.relocations === false || (machine !== EM_X86_64 && machine !== EM_386)) return []
  return order.filter((symbol) => symbol.defined === false || symbol.referred === true)
}

/** One relocation for each symbol, into its own slot; GLOB_DAT (type 6 on x86-64 and i386) unless it names another. */
function relocationBytes(
  order: readonly MaybeUndefined[],
  wanted: readonly MaybeUndefined[],
  slot: number,
  format: Format,
): Uint8Array {
  const writer = new Writer(format)
  wanted.forEach((symbol, i) => {
    const index = order.indexOf(symbol) + 1
    if (format.wide)
      writer
        .native(slot + 8 * i)
        .number(index * 2 ** 32 + (symbol.relocation ?? 6), 8)
        .native(0)
    else writer.native(slot + 4 * i).word(index * 256 + (symbol.relocation ?? 6))
  })
  return writer.bytes()
}

/** The number of program headers follows from the tables' names alone. */
function segmentCount(spec: ElfSpec, pieces: readonly Piece[]): number {
  const placed = place([...pieces, { name: 'dynamic', bytes: new Uint8Array(1), align: 1 }], 0, 0)
  return segmentsOf(spec, { wide: true, big: false }, placed, 0, 0, 4096).length
}

function segmentsOf(
  spec: ElfSpec,
  format: Format,
  placed: ReadonlyMap<string, Placed>,
  readOnlyEnd: number,
  base: number,
  page: number,
): readonly Segment[] {
  const cover = (type: number, name: string, flags: number): readonly Segment[] => {
    const piece = placed.get(name)
    if (piece === undefined) return []
    const { offset, address, align: alignment } = piece
    return [
      { type, flags, offset, address, fileSize: piece.bytes.length, memorySize: piece.bytes.length, align: alignment },
    ]
  }
  const head = format.wide ? 64 : 52
  const dynamic = placed.get('dynamic') ?? placed.get('slots')
  const writableStart = dynamic?.offset ?? readOnlyEnd
  const writableSize = endOf(placed, writableStart) - writableStart
  const load = { type: PT_LOAD, align: page }
  const fixed: readonly Segment[] = [
    ...cover(3, 'interp', 4),
    { ...load, flags: 5, offset: 0, address: base, fileSize: readOnlyEnd, memorySize: readOnlyEnd },
    {
      ...load,
      flags: 6,
      offset: writableStart,
      address: dynamic?.address ?? base + page + writableStart,
      fileSize: writableSize,
      memorySize: writableSize,
    },
    ...(spec.dynamic === false ? [] : cover(PT_DYNAMIC, 'dynamic', 6)),
    ...cover(4, 'notes', 4),
    ...cover(4, 'property', 4),
    ...cover(0x6474e553, 'property', 4),
    ...stack(spec),
    ...(spec.segments ?? []).map((one) => ({
      flags: 4,
      offset: 0,
      address: 0,
      fileSize: 0,
      memorySize: 0,
      align: 1,
      ...one,
    })),
  ]
  // The kernel finds the program's address through PT_PHDR.
  const size = (fixed.length + 1) * (format.wide ? 56 : 32)
  const self = { type: 6, flags: 4, offset: head, address: base + head, fileSize: size, memorySize: size, align: 8 }
  const all = spec.interpreter === undefined ? fixed : [self, ...fixed]
  const shown = spec.loadable === false ? all.filter((one) => one.type !== PT_LOAD) : all
  return shown.map((one) => (isUnstored(spec, one.type) ? { ...one, fileSize: 0 } : one))
}

function isUnstored(spec: ElfSpec, type: number): boolean {
  if (spec.debug !== 'empty' && spec.debug !== 'unstored') return false
  return type === PT_LOAD || (type === PT_DYNAMIC && spec.debug === 'empty')
}

function stack(spec: ElfSpec): readonly Segment[] {
  if (spec.executableStack === null) return []
  const flags = spec.executableStack === true ? 7 : 6
  return [{ type: 0x6474e551, flags, offset: 0, address: 0, fileSize: 0, memorySize: 0, align: 16 }]
}

function align(value: number, to: number): number {
  return Math.ceil(value / to) * to
}
