/**
 * Headers of tar entries as every reader takes them: ustar (POSIX 1003.1), and before it an extended header (pax) for
 * what a ustar header has no room for. The same entry gives the same bytes.
 */
import { encodeBytes } from '../domain/bytes.ts'

export const BLOCK = 512

/** One entry of an archive; names are byte strings. */
export interface TarItem {
  readonly type: 'file' | 'hard-link' | 'link' | 'folder'
  /** Without a leading slash; a folder's without one behind it, empty for the root. */
  readonly name: string
  /** Target of a link; for a hard link a name of the same archive. Empty for others. */
  readonly target: string
  /** Length of the data; 0 for all but files. */
  readonly size: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Seconds since 1970. */
  readonly modified: number
}

const FLAGS: Readonly<Record<TarItem['type'], string>> = { file: '0', 'hard-link': '1', link: '2', folder: '5' }
const NAME = 100
const PREFIX = 155
/** What the octal digits of a field can hold. */
const MAX_ID = 0o7777777
const MAX_SIZE = 0o77777777777

/** The header blocks of an entry: one, or three and more where the ustar fields are too narrow. */
export function tarHeader(item: TarItem): Buffer {
  const name = Buffer.from(encodeBytes(nameOf(item)))
  const target = Buffer.from(encodeBytes(item.target))
  const cut = prefixLength(name)
  const records: (readonly [string, Uint8Array | string])[] = []
  if (cut === null || !isAscii(name)) records.push(['path', name])
  if (target.length > NAME || !isAscii(target)) records.push(['linkpath', target])
  if (item.size > MAX_SIZE) records.push(['size', String(item.size)])
  if (item.uid > MAX_ID) records.push(['uid', String(item.uid)])
  if (item.gid > MAX_ID) records.push(['gid', String(item.gid)])
  if (item.modified < 0 || item.modified > MAX_SIZE) records.push(['mtime', String(item.modified)])
  // Names that are no UTF-8 go as their bytes, as GNU tar writes them; it warns of a record (hdrcharset) that says so.
  const header = ustar(item, name, target, cut)
  return records.length === 0 ? header : Buffer.concat([extended(name, records), header])
}

/** The zeros that fill the last block of `size` bytes of data, as a count. */
export function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK
}

/**
 * An extended header of a fixed length that gives the size of the entry behind it, for a size that is known only when
 * its data is written: a comment fills what the digits leave.
 */
export function sizeRecord(size: number): Buffer {
  const digits = record('size', String(size))
  const rest = BLOCK - digits.length
  const comment = `${rest} comment=`
  return Buffer.concat([extendedHeader('PaxHeaders/blob', BLOCK), digits, Buffer.from(`${comment.padEnd(rest - 1)}\n`)])
}

function nameOf({ type, name }: TarItem): string {
  if (name === '') return './'
  return type === 'folder' ? `${name}/` : name
}

function isAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte > 127) return false
  return true
}

/** How much of a name goes into the prefix field: 0 for a short one, null where no slash divides it fittingly. */
function prefixLength(name: Buffer): number | null {
  if (name.length <= NAME) return 0
  const slash = name.lastIndexOf(0x2f, Math.min(PREFIX, name.length - 2))
  return slash > 0 && name.length - slash - 1 <= NAME ? slash : null
}

function ustar(item: TarItem, name: Buffer, target: Buffer, cut: number | null): Buffer {
  const block = Buffer.alloc(BLOCK)
  const prefix = cut ?? 0
  const start = prefix === 0 ? 0 : prefix + 1
  name.copy(block, 0, start, start + NAME)
  name.copy(block, 345, 0, prefix)
  octal(block, 100, 8, item.mode & 0o7777)
  octal(block, 108, 8, item.uid > MAX_ID ? 0 : item.uid)
  octal(block, 116, 8, item.gid > MAX_ID ? 0 : item.gid)
  octal(block, 124, 12, item.size > MAX_SIZE ? 0 : item.size)
  octal(block, 136, 12, item.modified < 0 || item.modified > MAX_SIZE ? 0 : item.modified)
  block.write(FLAGS[item.type], 156, 'latin1')
  target.copy(block, 157, 0, NAME)
  finish(block)
  return block
}

/** The extended header with its records. Its own name is seen only by readers that know no pax. */
function extended(name: Buffer, records: readonly (readonly [string, Uint8Array | string])[]): Buffer {
  const body = Buffer.concat(records.map(([key, value]) => record(key, value)))
  const last = name.subarray(name.lastIndexOf(0x2f, name.length - 2) + 1)
  const plain = last.toString('latin1').replace(/[^\x21-\x7e]/g, '_')
  const padding = Buffer.alloc(paddingOf(body.length))
  return Buffer.concat([extendedHeader(`PaxHeaders/${plain.slice(0, 80)}`, body.length), body, padding])
}

function extendedHeader(name: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  block.write(name, 0, NAME, 'latin1')
  octal(block, 100, 8, 0o644)
  octal(block, 108, 8, 0)
  octal(block, 116, 8, 0)
  octal(block, 124, 12, size)
  octal(block, 136, 12, 0)
  block.write('x', 156, 'latin1')
  finish(block)
  return block
}

/** One record, `LENGTH KEY=VALUE` and a newline; the length counts its own digits. */
function record(key: string, value: Uint8Array | string): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value as Uint8Array), Buffer.from('\n')])
  let length = rest.length
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length
  return Buffer.concat([Buffer.from(String(length)), rest])
}

function octal(block: Buffer, at: number, length: number, value: number): void {
  block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1')
}

function finish(block: Buffer): void {
  block.write('ustar\x0000', 257, 'latin1')
  octal(block, 329, 8, 0)
  octal(block, 337, 8, 0)
  // The sum of all bytes, its own field as blanks.
  block.fill(0x20, 148, 156)
  let sum = 0
  for (const byte of block) sum += byte
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
}
