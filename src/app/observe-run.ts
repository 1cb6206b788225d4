/** Runs a command of the user's own with the loader's trace on, and reads what the loaders of its processes wrote. */
import { accessSync, constants, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { ElfObject } from '../domain/object.ts'
import type { Observation, ObservedProcess } from '../domain/observed.ts'
import { failed } from '../domain/tree.ts'
import { readElf } from '../elf/read.ts'
import { openFolderTree } from '../tree/folder.ts'
import { executableOf, parentOf } from './observe-pid.ts'
import { readLogs } from './observe-logs.ts'
import type { Ended } from './pass-through.ts'
import { passThrough } from './pass-through.ts'

/** What the loader is told to write (ld.so(8)): requests and what came of them, searches, starts. */
export const TRACE = 'files,libs'
const PREFIX = 'ld'

export interface ObservedRun {
  readonly ended: Ended
  readonly observation: Observation
}

/** Runs `command` to its end. The trace lies in a folder of its own, which is gone afterwards. */
export async function observeRun(command: readonly [string, ...string[]]): Promise<ObservedRun> {
  const folder = mkdtempSync(join(tmpdir(), 'airtight-observe-'))
  const sightings = new Sightings(folder)
  try {
    const [program, ...args] = command
    const env = { ...process.env, LD_DEBUG: TRACE, LD_DEBUG_OUTPUT: join(folder, PREFIX) }
    const ended = await passThrough(program, args, { env, started: (pid) => sightings.look(pid) })
    sightings.close()
    const written = readdirSync(folder).length > 0
    const read = written ? readLogs([folder]) : { processes: [], faults: [], notes: [] }
    const found: Observation = 'failures' in read ? { processes: [], faults: read.failures, notes: [] } : read
    const traced = found.processes.some(({ pid }) => pid === ended.pid)
    const notes = ended.failure !== null || traced ? [] : [whyNoTrace(program)]
    return {
      ended,
      observation: { ...found, processes: sightings.complete(found.processes), notes: [...found.notes, ...notes] },
    }
  } finally {
    sightings.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Executables of the processes, seen while they run: the trace has only the names by which they were called. */
class Sightings {
  readonly #seen = new Map<number, Set<string>>()
  readonly #parents = new Map<number, number>()
  readonly #watcher: { close(): void } | null

  constructor(folder: string) {
    this.#watcher = watched(folder, (name) => {
      const pid = Number(name.slice(PREFIX.length + 1))
      if (Number.isSafeInteger(pid)) this.look(pid)
    })
  }

  look(pid: number): void {
    const parent = parentOf(pid)
    if (parent !== null && !this.#parents.has(pid)) this.#parents.set(pid, parent)
    const path = executableOf(pid)
    if (path === null) return
    const known = this.#seen.get(pid)
    if (known === undefined) this.#seen.set(pid, new Set([path]))
    else known.add(path)
  }

  close(): void {
    this.#watcher?.close()
  }

  complete(processes: readonly ObservedProcess[]): readonly ObservedProcess[] {
    return processes.map((item) => {
      if (item.pid === null) return item
      const parent = item.parent ?? this.#parents.get(item.pid) ?? null
      return { ...item, parent, program: programOf(item.name, [...(this.#seen.get(item.pid) ?? [])]) }
    })
  }
}

/**
 * Of the executables that a pid was seen with, the one that goes by this name; else what the name leads to here. A short
 * life may leave none: the caller's PATH is then as good as any.
 */
function programOf(name: string, seen: readonly string[]): string | null {
  const found = name.includes('/') ? realpath(name) : onPath(name)
  if (found !== null && seen.includes(found)) return found
  return seen.find((item) => basename(item) === basename(name)) ?? found
}

function watched(folder: string, changed: (name: string) => void): { close(): void } | null {
  try {
    const watcher = watch(folder, (_, name) => {
      if (name !== null) changed(name)
    })
    watcher.on('error', () => undefined)
    return watcher
  } catch {
    // No watches left: then names alone have to do.
    return null
  }
}

function onPath(name: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(':')) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      if (statSync(path).isFile()) return realpath(path)
    } catch {
      // The next folder.
    }
  }
  return null
}

function realpath(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

function objectAt(path: string): ElfObject | null {
  const file = openFolderTree('/').open(path)
  if (failed(file)) return null
  try {
    return readElf(file, path).object
  } finally {
    file.close()
  }
}

/** Why the loader of a command wrote nothing. */
function whyNoTrace(program: string): string {
  const path = program.includes('/') ? realpath(program) : onPath(program)
  const start = `${program} itself left no trace: `
  if (path === null) return `${start}its file is not found`
  const object = objectAt(path)
  if (object === null) return `${start}it is no program that the loader starts`
  if (object.interpreter === null) return `${start}it is linked statically, and no loader runs`
  if (basename(object.interpreter).startsWith('ld-musl')) return `${start}the loader of musl has none`
  if ((statSync(path).mode & 0o6000) !== 0) return `${start}it is setuid or setgid, and its loader ignores LD_DEBUG`
  return `${start}its loader wrote nothing, as for a program that may do more than its caller`
}
