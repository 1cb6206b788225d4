/** ELF files of a folder, and reading one from the disk as the application does. */
import { closeSync, fstatSync, openSync, readSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { ElfReading } from '../../../src/domain/object.ts'
import type { ByteSource } from '../../../src/domain/source.ts'
import { readElf } from '../../../src/elf/read.ts'

/** Paths of all regular files below the folder that begin as ELF, sorted; unreadable ones are left out. */
export function elfFilesBelow(folder: string): readonly string[] {
  const found: string[] = []
  const visit = (at: string): void => {
    for (const child of readdirSync(at, { withFileTypes: true })) {
      const full = path.join(at, child.name)
      if (child.isDirectory()) visit(full)
      else if (child.isFile() && isElf(full)) found.push(full)
    }
  }
  visit(folder)
  return found.sort()
}

function isElf(file: string): boolean {
  try {
    return withSource(file, (source) => Buffer.from(source.read(0, 4)).toString('latin1') === '\x7fELF')
  } catch {
    return false
  }
}

/** Opens a file of this machine for the time of `use`. */
export function withSource<T>(file: string, use: (source: ByteSource) => T): T {
  const descriptor = openSync(file, 'r')
  try {
    const buffer = Buffer.alloc(65_536)
    return use({
      size: fstatSync(descriptor).size,
      read: (offset, length) => buffer.subarray(0, readSync(descriptor, buffer, 0, length, offset)),
    })
  } finally {
    closeSync(descriptor)
  }
}

/** Reads one file of this machine. */
export function readFile(file: string): ElfReading {
  return withSource(file, (source) => readElf(source, file))
}
