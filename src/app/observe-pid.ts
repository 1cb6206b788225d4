/** What running processes have in their memory, from /proc (proc(5)): a process and all that it started. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { decodeBytes } from '../domain/bytes.ts'
import type { Fault } from '../domain/fault.ts'
import { errorCode, faultAt } from '../domain/fault.ts'
import type { Observation, ObservedProcess } from '../domain/observed.ts'
import { MapReader } from '../runtime/maps.ts'

/** The process and its descendants; a fault where it is not there, or may not be looked at. */
export function observePid(pid: number): Observation | Fault {
  const parents = parentsOf()
  if (!parents.has(pid)) return faultAt('missing', `process ${pid}`, null, 'there is no such process')
  const wanted = descendants(pid, parents)
  const processes: ObservedProcess[] = []
  const faults: Fault[] = []
  for (const id of wanted) {
    const seen = mapOf(id, parents.get(id) ?? null)
    if (seen === null) continue
    if (!('message' in seen)) processes.push(seen)
    else if (id === pid) return seen
    else faults.push(seen)
  }
  return { processes, faults, notes: [] }
}

/** The executable of a process, links followed; null when it is gone, or is none of ours. */
export function executableOf(pid: number): string | null {
  try {
    const target = decodeBytes(readlinkSync(`/proc/${pid}/exe`, 'buffer'))
    return target.endsWith(' (deleted)') ? target.slice(0, -' (deleted)'.length) : target
  } catch {
    return null
  }
}

/** The parent of a process, null when it is gone. */
export function parentOf(pid: number): number | null {
  try {
    // The name in brackets may hold anything: the last bracket ends it (proc_pid_stat(5)).
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const parent = Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1])
    return Number.isSafeInteger(parent) ? parent : null
  } catch {
    return null
  }
}

/** Null where the process ended meanwhile, or is one of the kernel's. */
function mapOf(pid: number, parent: number | null): ObservedProcess | Fault | null {
  try {
    const reader = new MapReader()
    const text = decodeBytes(readFileSync(`/proc/${pid}/maps`))
    for (const line of text.split('\n')) reader.line(line)
    const seen = reader.finish(pid, executableOf(pid))
    return seen === null ? null : { ...seen, parent }
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ESRCH') return null
    const advice = code === 'EACCES' || code === 'EPERM' ? '; only its owner and root may look into it' : ''
    return faultAt('unreadable', `/proc/${pid}/maps`, null, `cannot be read (${code})${advice}`)
  }
}

function parentsOf(): ReadonlyMap<number, number> {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = parentOf(Number(name))
    if (parent !== null) parents.set(Number(name), parent)
  }
  return parents
}

/** In the order of the pids, the process itself first. */
function descendants(pid: number, parents: ReadonlyMap<number, number>): readonly number[] {
  const found = [pid]
  for (const id of found) {
    const children = [...parents].filter(([, parent]) => parent === id).map(([child]) => child)
    found.push(...children.filter((child) => !found.includes(child)).sort((a, b) => a - b))
  }
  return found
}
