/** Reads logs of running programs from files, folders and stdin, in pieces: a trace may be larger than memory. */
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decodeBytes } from '../domain/bytes.ts'
import type { Fault } from '../domain/fault.ts'
import { errorCode, faultAt, whyUnread } from '../domain/fault.ts'
import type { Observation } from '../domain/observed.ts'
import type { LogReading } from '../runtime/logs.ts'
import { readLog } from '../runtime/logs.ts'

const CHUNK = 1 << 20
/** A line longer than this is no line of a loader. */
const MOST_LINE = 1 << 22

/**
 * Reads logs in their order; a folder stands for the files in it, `-` for stdin.
 *
 * @returns the faults that make the question wrong where a log does not exist, or holds nothing that is read
 */
export function readLogs(logs: readonly string[]): Observation | { readonly failures: readonly Fault[] } {
  const readings: LogReading[] = []
  const failures: Fault[] = []
  for (const log of logs) {
    const files = filesOf(log)
    if ('message' in files) failures.push(files)
    else readings.push(...files.map(readOne))
  }
  const faults = readings.flatMap((reading) => reading.faults)
  const processes = readings.flatMap((reading) => reading.processes)
  if (failures.length > 0 || (processes.length === 0 && faults.length > 0))
    return { failures: [...failures, ...faults] }
  return { processes, faults, notes: readings.flatMap((reading) => reading.notes) }
}

function filesOf(log: string): readonly string[] | Fault {
  if (log === '-') return [log]
  try {
    if (!statSync(log).isDirectory()) return [log]
    const names = readdirSync(log, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
    // Names end in pids: the order of numbers is that of the starts, as far as pids tell.
    const sorted = names.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    if (sorted.length === 0) return faultAt('missing', log, null, 'holds no log')
    return sorted.map((name) => join(log, name))
  } catch (error) {
    return faultAt('missing', log, null, whyUnread(error))
  }
}

function readOne(file: string): LogReading {
  let descriptor: number | null = null
  try {
    descriptor = file === '-' ? 0 : openSync(file, 'r')
    return readLog(file === '-' ? 'stdin' : file, linesOf(descriptor))
  } catch (error) {
    return {
      processes: [],
      faults: [faultAt('unreadable', file, null, whyUnread(error))],
      notes: [],
    }
  } finally {
    if (descriptor !== null && descriptor !== 0) closeSync(descriptor)
  }
}

/** Lines as byte strings, without their line feeds; what is too long for a line is cut into several. */
function* linesOf(descriptor: number): Generator<string> {
  const buffer = Buffer.alloc(CHUNK)
  let rest = Buffer.alloc(0)
  for (;;) {
    const size = read(descriptor, buffer)
    if (size === 0) break
    const bytes = Buffer.concat([rest, buffer.subarray(0, size)])
    let start = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      yield decodeBytes(bytes, start, end)
      start = end + 1
    }
    rest = bytes.subarray(start)
    if (rest.length > MOST_LINE) {
      yield decodeBytes(rest)
      rest = Buffer.alloc(0)
    }
  }
  if (rest.length > 0) yield decodeBytes(rest)
}

/** A terminal or pipe that has nothing yet is asked again. */
function read(descriptor: number, buffer: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, buffer)
    } catch (error) {
      const code = errorCode(error)
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}
