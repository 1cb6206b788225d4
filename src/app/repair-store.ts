/** The folder of all repairs on disk: read whole, written beside and renamed. */
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Fault } from '../domain/fault.ts'
import { faultAt, whyUnread } from '../domain/fault.ts'
import type { RepairFile } from '../domain/repair.ts'
import { compareBytes } from '../repair/compare.ts'
import type { Lock } from '../repair/lock.ts'
import { parseLock } from '../repair/lock.ts'
import { STATE_FOLDER } from '../repair/paths.ts'
import { isRepairFile, parseRepairFile } from '../repair/read.ts'

export interface StoredFile {
  readonly text: string
  readonly file: RepairFile
}

/** All repair files and locks of a folder, by their paths below it. */
export interface RepairStore {
  readonly files: ReadonlyMap<string, StoredFile>
  readonly locks: ReadonlyMap<string, { readonly text: string; readonly lock: Lock }>
}

const MAX_DEPTH = 8

/** Reads a folder of repairs; a folder that is not there is empty. Faults where one file is no repair file. */
export function readStore(folder: string): RepairStore | readonly Fault[] {
  const files = new Map<string, StoredFile>()
  const locks = new Map<string, { readonly text: string; readonly lock: Lock }>()
  const faults: Fault[] = []
  for (const path of yamlFiles(folder, '', 0)) {
    const text = readText(join(folder, path))
    if (typeof text !== 'string') {
      faults.push(text)
    } else if (path.startsWith(`${STATE_FOLDER}/`)) {
      const lock = parseLock(text)
      if (lock !== null) locks.set(path.slice(STATE_FOLDER.length + 1), { text, lock })
    } else {
      const file = parseRepairFile(text, join(folder, path))
      if (isRepairFile(file)) files.set(path, { text, file })
      else faults.push(...file)
    }
  }
  return faults.length > 0 ? faults : { files, locks }
}

/** Tells a store from faults. */
export function isStore(value: RepairStore | readonly Fault[]): value is RepairStore {
  return 'files' in value
}

/** A folder without the repairs that were asked for: of one context, of any where that is null. */
export function noRepairs(folder: string, context: string | null): Fault {
  const message = `holds no repairs of ${context ?? 'any context'}; airtight repair CONTEXT -o DIR writes them`
  return faultAt('missing', folder, null, message)
}

/** Puts files in place: all are written beside their places first, then renamed; null takes a file away. */
export function writeStore(folder: string, changes: ReadonlyMap<string, string | null>): void {
  const beside: (readonly [part: string, target: string])[] = []
  try {
    for (const [path, text] of changes) {
      if (text === null) continue
      const target = join(folder, path)
      const part = `${target}.${process.pid}.part`
      mkdirSync(dirname(target), { recursive: true })
      beside.push([part, target])
      writeFileSync(part, text, { flag: 'wx' })
    }
    for (const [part, target] of beside) renameSync(part, target)
    for (const [path, text] of changes) if (text === null) rmSync(join(folder, path), { force: true })
  } catch (error) {
    for (const [part] of beside) rmSync(part, { force: true })
    throw error
  }
}

function yamlFiles(top: string, folder: string, depth: number): readonly string[] {
  if (depth > MAX_DEPTH) return []
  const at = join(top, folder)
  let entries
  try {
    entries = readdirSync(at, { withFileTypes: true })
  } catch {
    return []
  }
  const paths = entries.flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return isOurs(path) ? yamlFiles(top, path, depth + 1) : []
    return entry.isFile() && folder !== '' && /\.ya?ml$/.test(entry.name) ? [path] : []
  })
  return paths.sort(compareBytes)
}

/** Other things may lie in the same folder. */
function isOurs(path: string): boolean {
  return /^(?:packages|contexts|\.state)(?:\/|$)/.test(path)
}

function readText(path: string): string | Fault {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    return faultAt('unreadable', path, null, whyUnread(error))
  }
}
