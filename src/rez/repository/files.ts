/** The few questions that reading Rez packages asks of a file system, and their answers from this machine. */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { open, readdir, readlink, realpath, stat } from 'node:fs/promises'
import { decodeBytes, encodeBytes, isRaw } from '../../domain/bytes.ts'
import { faultAt, systemCode, whyUnread } from '../../domain/fault.ts'
import type { Fault } from '../../domain/fault.ts'

export interface FolderEntry {
  readonly name: string
  readonly kind: 'file' | 'folder' | 'link' | 'other'
}

/**
 * Paths are byte strings (`domain/bytes.ts`), absolute. Each call costs a round trip on a network share: ask for what
 * is needed only. A fault has kind `missing` where nothing is there, `unreadable` otherwise.
 */
export interface PackageFiles {
  /** The children of a folder, sorted by name. */
  list(folder: string): Promise<readonly FolderEntry[] | Fault>
  /** The whole text of a file of at most `limit` bytes; `unsupported` for a larger one or what is no file. */
  text(file: string, limit: number): Promise<string | Fault>
  /** Target of a link as written; null for what is none. */
  link(path: string): Promise<string | null>
  /** What the path leads to, links followed; null where nothing is there or it cannot be told. */
  kind(path: string): Promise<'file' | 'folder' | 'other' | null>
  /** The path without links; itself where it leads nowhere. */
  real(path: string): Promise<string>
}

/** Tells a fault from any answer of {@link PackageFiles}. */
export function isFault(value: unknown): value is Fault {
  return typeof value === 'object' && value !== null && 'message' in value && 'offset' in value
}

/** The files of this machine. */
export const diskFiles: PackageFiles = { list, text, link, kind, real }

/**
 * A disk that answers from memory answers sooner than a thread can be asked to ask it; a share on the network has to be
 * asked many questions at a time. Questions are put directly until most answers take longer than `QUICK` milliseconds,
 * and by threads from then on. A single slow one says nothing: the machine may be busy.
 */
const QUICK = 0.25
const SLOW_ANSWERS = 8
const direct = { slow: 0, on: true }

function directly<Answer>(ask: () => Answer): Answer {
  const begin = performance.now()
  try {
    return ask()
  } finally {
    direct.slow = Math.max(0, direct.slow + (performance.now() - begin > QUICK ? 2 : -1))
    direct.on = direct.slow < 2 * SLOW_ANSWERS
  }
}

/** As many threads as questions are put at a time; Node has four where nothing is said before the first is needed. */
const THREADS = 16
let threads: 'not yet' | 'there' = 'not yet'

function byThread<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  if (threads === 'there') return ask()
  threads = 'there'
  if (process.env['UV_THREADPOOL_SIZE'] !== undefined) return ask()
  // Asking makes the threads at once. Programs that are started later are not to inherit the number.
  process.env['UV_THREADPOOL_SIZE'] = String(THREADS)
  try {
    return ask()
  } finally {
    delete process.env['UV_THREADPOOL_SIZE']
  }
}

/** Without O_NONBLOCK a pipe that lies in a package would wait for a writer for ever. */
const READ = constants.O_RDONLY | constants.O_NONBLOCK

const BYTES = { encoding: 'buffer' } as const

async function list(folder: string): Promise<readonly FolderEntry[] | Fault> {
  const options = { withFileTypes: true, encoding: 'buffer' } as const
  try {
    const entries = direct.on
      ? directly(() => readdirSync(raw(folder), options))
      : await byThread(() => readdir(raw(folder), options))
    return entries
      .map((entry) => ({ name: decodeBytes(entry.name), kind: entryKind(entry) }))
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  } catch (error) {
    return fault(folder, error)
  }
}

async function text(file: string, limit: number): Promise<string | Fault> {
  try {
    return direct.on ? directly(() => textNow(file, limit)) : await textLater(file, limit)
  } catch (error) {
    return fault(file, error)
  }
}

async function textLater(file: string, limit: number): Promise<string | Fault> {
  const handle = await byThread(() => open(raw(file), READ))
  try {
    const status = await handle.stat()
    const wrong = unreadable(file, limit, status)
    if (wrong !== null) return wrong
    const bytes = Buffer.alloc(status.size)
    let end = 0
    while (end < bytes.length) {
      const { bytesRead } = await handle.read(bytes, end, bytes.length - end, end)
      if (bytesRead === 0) break
      end += bytesRead
    }
    return decodeBytes(bytes, 0, end)
  } finally {
    await handle.close()
  }
}

function textNow(file: string, limit: number): string | Fault {
  const handle = openSync(raw(file), READ)
  try {
    const status = fstatSync(handle)
    const wrong = unreadable(file, limit, status)
    if (wrong !== null) return wrong
    const bytes = Buffer.alloc(status.size)
    let end = 0
    while (end < bytes.length) {
      const bytesRead = readSync(handle, bytes, end, bytes.length - end, end)
      if (bytesRead === 0) break
      end += bytesRead
    }
    return decodeBytes(bytes, 0, end)
  } finally {
    closeSync(handle)
  }
}

function unreadable(file: string, limit: number, status: { readonly size: number; isFile(): boolean }): Fault | null {
  if (!status.isFile()) return faultAt('unsupported', file, null, 'is no file')
  if (status.size <= limit) return null
  return faultAt('unsupported', file, null, `has ${status.size} bytes; at most ${limit} are read`)
}

async function link(path: string): Promise<string | null> {
  try {
    return decodeBytes(
      direct.on ? directly(() => readlinkSync(raw(path), BYTES)) : await byThread(() => readlink(raw(path), BYTES)),
    )
  } catch {
    return null
  }
}

async function kind(path: string): Promise<'file' | 'folder' | 'other' | null> {
  try {
    const status = direct.on ? directly(() => statSync(raw(path))) : await byThread(() => stat(raw(path)))
    return status.isFile() ? 'file' : status.isDirectory() ? 'folder' : 'other'
  } catch {
    return null
  }
}

async function real(path: string): Promise<string> {
  try {
    return decodeBytes(
      direct.on
        ? directly(() => realpathSync.native(raw(path), BYTES))
        : await byThread(() => realpath(raw(path), BYTES)),
    )
  } catch {
    return path
  }
}

interface Kinds {
  isFile(): boolean
  isDirectory(): boolean
  isSymbolicLink(): boolean
}

function entryKind(entry: Kinds): FolderEntry['kind'] {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  return entry.isSymbolicLink() ? 'link' : 'other'
}

function raw(path: string): string | Buffer {
  return isRaw(path) ? Buffer.from(encodeBytes(path)) : path
}

function fault(file: string, error: unknown): Fault {
  const code = systemCode(error)
  return faultAt(code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable', file, null, whyUnread(error))
}
