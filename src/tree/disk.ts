/** A volume that is a folder of this machine. */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  readdirSync,
  readlinkSync,
  statSync,
} from 'node:fs'
import type { Stats } from 'node:fs'
import { decodeBytes, encodeBytes, isRaw } from '../domain/bytes.ts'
import { errorCode } from '../domain/fault.ts'
import type { Child, Errno, FileStatus, LookupFailure, OpenFile } from '../domain/tree.ts'
import type { Volume } from './volume.ts'

/** Shared by every file that is read: a source's bytes are valid until the next read only. */
let scratch = Buffer.allocUnsafeSlow(64 * 1024)

/** Opens a folder of this machine as a volume. `top` is an absolute path without links. */
export function diskVolume(top: string): Volume {
  const prefix = top === '/' ? '' : top
  const at = (path: string): string | Buffer => {
    const full = path === '' ? (prefix === '' ? '/' : prefix) : `${prefix}/${path}`
    return isRaw(full) ? Buffer.from(encodeBytes(full)) : full
  }
  return {
    children: (folder) => attempt(() => list(at(folder))),
    kind: (path) => attempt(() => kindOf(lstatSync(at(path)))),
    link: (path) => {
      const target = attempt(() => decodeBytes(readlinkSync(at(path), { encoding: 'buffer' })))
      return typeof target === 'string' ? target : null
    },
    status: (path) => attempt(() => statusOf(statSync(at(path)))),
    open: (path) => attempt(() => openDisk(at(path))),
  }
}

function list(folder: string | Buffer): ReadonlyMap<string, Child['kind']> {
  const children = new Map<string, Child['kind']>()
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.includes('\ufffd')) return listRaw(folder)
    children.set(entry.name, kindOf(entry))
  }
  return children
}

/** A listing of names that are not all text. */
function listRaw(folder: string | Buffer): ReadonlyMap<string, Child['kind']> {
  const entries = readdirSync(Buffer.from(folder), { withFileTypes: true, encoding: 'buffer' })
  return new Map(entries.map((entry) => [decodeBytes(entry.name), kindOf(entry)]))
}

interface Kinds {
  isFile(): boolean
  isDirectory(): boolean
  isSymbolicLink(): boolean
}

function kindOf(entry: Kinds): Child['kind'] {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  return entry.isSymbolicLink() ? 'link' : 'other'
}

function statusOf(stats: Stats): FileStatus {
  return {
    identity: `${stats.dev}:${stats.ino}`,
    size: stats.size,
    modified: Math.floor(stats.mtimeMs / 1000),
    mode: stats.mode & 0o7777,
  }
}

function openDisk(path: string | Buffer): OpenFile {
  // Without O_NONBLOCK a pipe that lies in a package would wait for a writer for ever.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const stats = fstatSync(descriptor)
  return {
    identity: `${stats.dev}:${stats.ino}`,
    size: stats.isFile() ? stats.size : 0,
    read: (offset, length) => {
      if (length > scratch.length) scratch = Buffer.allocUnsafeSlow(length)
      let count = 0
      try {
        while (count < length) {
          const got = readSync(descriptor, scratch, count, length - count, offset + count)
          if (got <= 0) break
          count += got
          if (count < length && offset + count >= stats.size) break
        }
      } catch {
        // A read error ends the data here; the reader reports the truncation with its offset.
      }
      return scratch.subarray(0, count)
    },
    close: () => {
      closeSync(descriptor)
    },
  }
}

const KNOWN: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'])

/** Runs one system call; its error becomes a value. */
function attempt<T>(call: () => T): T | LookupFailure {
  try {
    return call()
  } catch (error) {
    const code = errorCode(error)
    const errno: Errno = code === 'EPERM' ? 'EACCES' : KNOWN.has(code) ? (code as Errno) : 'EIO'
    return { kind: 'failure', errno }
  }
}

/** The whole content of an open file up to `limit` bytes, copied; null where it is larger. */
export function contentOf(file: OpenFile, limit: number): Uint8Array | null {
  if (file.size > limit) return null
  return Uint8Array.from(file.read(0, Math.max(file.size, 1)))
}
