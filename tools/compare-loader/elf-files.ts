/** Which files of a folder a 64-bit x86 loader could be asked about. */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { decodeBytes } from '../../src/domain/bytes.ts'

const MAGIC = [0x7f, 0x45, 0x4c, 0x46, 2, 1]
const EM_X86_64 = 62

/**
 * Programs and libraries below a folder, links not followed, in the order of their names.
 *
 * @param folder on this machine
 * @param at the folder's path inside the root
 * @returns paths inside the root, as byte strings
 */
export function elfFilesBelow(folder: string, at: string): readonly string[] {
  const found: string[] = []
  walk(Buffer.from(folder), at, found)
  return found
}

function walk(folder: Buffer, at: string, found: string[]): void {
  const entries = readdirSync(folder, { withFileTypes: true, encoding: 'buffer' })
  entries.sort((a, b) => Buffer.compare(a.name, b.name))
  for (const entry of entries) {
    const path = Buffer.concat([folder, Buffer.from('/'), entry.name])
    const inside = `${at}/${decodeBytes(entry.name)}`
    if (entry.isDirectory()) walk(path, inside, found)
    else if (entry.isFile() && isObject(path)) found.push(inside)
  }
}

function isObject(path: Buffer): boolean {
  const head = Buffer.alloc(20)
  const file = openSync(path, 'r')
  try {
    if (readSync(file, head, 0, head.length, 0) < head.length) return false
  } finally {
    closeSync(file)
  }
  const type = head.readUInt16LE(16)
  return (
    MAGIC.every((byte, index) => head[index] === byte) &&
    (type === 2 || type === 3) &&
    head.readUInt16LE(18) === EM_X86_64
  )
}
