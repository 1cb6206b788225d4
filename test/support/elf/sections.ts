/** Section headers for readers that need them, and the shapes of split debug files. */
import type { Format } from './bytes.ts'
import { Strings, Writer } from './bytes.ts'
import { overrideHeader } from './headers.ts'
import type { Placed } from './layout.ts'
import type { ElfSpec } from './spec.ts'

/** Section name, type, entry size (64 bit, 32 bit) and the section that sh_link names, by piece. */
const KINDS: Readonly<Record<string, readonly [string, number, number, number, string]>> = {
  interp: ['.interp', 1, 0, 0, ''],
  notes: ['.note', 7, 0, 0, ''],
  property: ['.note.gnu.property', 7, 0, 0, ''],
  hash: ['.hash', 5, 4, 4, 'dynsym'],
  'gnu.hash': ['.gnu.hash', 0x6ffffff6, 0, 0, 'dynsym'],
  dynsym: ['.dynsym', 11, 24, 16, 'dynstr'],
  dynstr: ['.dynstr', 3, 0, 0, ''],
  versym: ['.gnu.version', 0x6fffffff, 2, 2, 'dynsym'],
  verdef: ['.gnu.version_d', 0x6ffffffd, 0, 0, 'dynstr'],
  verneed: ['.gnu.version_r', 0x6ffffffe, 0, 0, 'dynstr'],
  rela: ['.rela.dyn', 4, 24, 24, 'dynsym'],
  rel: ['.rel.dyn', 9, 8, 8, 'dynsym'],
  relr: ['.relr.dyn', 19, 8, 4, ''],
  dynamic: ['.dynamic', 6, 16, 8, 'dynstr'],
  code: ['.text', 1, 0, 0, ''],
  data: ['.rodata', 1, 0, 0, ''],
  slots: ['.data', 1, 0, 0, ''],
}

/**
 * The file with section headers at its end: the null section, one for each piece, and their names. `phnum` other than 0
 * goes into sh_info of the null section (PN_XNUM).
 */
export function appendSections(
  body: Uint8Array,
  placed: ReadonlyMap<string, Placed>,
  format: Format,
  phnum: number,
): { readonly bytes: Uint8Array; readonly offset: number } {
  const strings = new Strings()
  const pieces = [...placed.values()].filter((piece) => KINDS[piece.name] !== undefined)
  const table = new Writer(format)
  const header = (fields: readonly number[]): void => {
    fields.forEach((value, i) => (i < 2 || i === 6 || i === 7 ? table.word(value) : table.native(value)))
  }
  header([0, 0, 0, 0, 0, 0, 0, phnum, 0, 0])
  for (const piece of pieces) {
    const [name = '', type = 0, wideEntry = 0, entry = 0, linked = ''] = KINDS[piece.name] ?? []
    const link = pieces.findIndex((one) => one.name === linked) + 1
    const count = piece.name === 'verdef' || piece.name === 'verneed' ? records(piece.bytes, piece.name, format) : 0
    const info = piece.name === 'dynsym' ? 1 : count
    const flags = piece.name === 'dynamic' || piece.name === 'slots' ? 3 : 2
    const size = format.wide ? wideEntry : entry
    header([
      strings.add(name),
      type,
      flags,
      piece.address,
      piece.offset,
      piece.bytes.length,
      link,
      info,
      piece.align,
      size,
    ])
  }
  const namesAt = strings.add('.shstrtab')
  const names = strings.bytes()
  header([namesAt, 3, 0, 0, body.length, names.length, 0, 0, 1, 0])
  const offset = Math.ceil((body.length + names.length) / 8) * 8
  const bytes = Buffer.alloc(offset + table.length)
  bytes.set(body)
  bytes.set(names, body.length)
  bytes.set(table.bytes(), offset)
  overrideHeader(bytes, { shoff: offset, shnum: pieces.length + 2, shstrndx: pieces.length + 1 }, format)
  return { bytes, offset }
}

function records(bytes: Uint8Array, name: string, format: Format): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let count = 0
  for (let at = 0, next = 1; next !== 0; at += next) {
    next = view.getUint32(at + (name === 'verdef' ? 16 : 12), !format.big)
    count += 1
  }
  return count
}

/** The bytes of a split debug file: everything but headers and notes gone. */
export function debugFile(
  shape: NonNullable<ElfSpec['debug']>,
  body: Uint8Array,
  placed: ReadonlyMap<string, Placed>,
): Uint8Array {
  const first = Math.min(...[...placed.values()].map((piece) => piece.offset))
  const kept = ['notes', 'property'].flatMap((name) => placed.get(name) ?? [])
  const keptEnd = Math.max(first, ...kept.map((piece) => piece.offset + piece.bytes.length))
  const unrelated = Buffer.from('unrelated debug information, packed. '.repeat(1 + Math.ceil(body.length / 37)))
  if (shape === 'unrelated' || shape === 'unstored') {
    return Buffer.concat([body.subarray(0, keptEnd), unrelated.subarray(0, body.length - keptEnd)])
  }
  return Buffer.concat([body.subarray(0, keptEnd), unrelated.subarray(0, shape === 'beyond' ? 16 : 64)])
}
