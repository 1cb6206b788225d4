/** Tells the kinds of logs apart and reads each, line by line: the loader's trace, a map of memory, a saved observation. */
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { ObservedProcess } from '../domain/observed.ts'
import { MapReader } from './maps.ts'
import { readObservation } from './observation-file.ts'
import { TraceReader } from './trace.ts'

/** What one log gave. */
export interface LogReading {
  readonly processes: readonly ObservedProcess[]
  readonly faults: readonly Fault[]
  readonly notes: readonly string[]
}

/** A saved observation is read whole; larger ones are refused. */
const MOST_JSON = 256 * 1024 * 1024

/**
 * Reads a log.
 *
 * @param file what the log is called in faults
 * @param lines its lines without line feeds, in order
 */
export function readLog(file: string, lines: Iterable<string>): LogReading {
  const trace = new TraceReader()
  const maps = new MapReader()
  let first = true
  const json: string[] = []
  let size = 0
  for (const line of lines) {
    if (json.length > 0 || (first && line.startsWith('{'))) {
      size += line.length
      if (size > MOST_JSON) return failed(file, 'truncated', `is longer than ${MOST_JSON} characters`)
      json.push(line)
    } else {
      trace.line(line)
      maps.line(line)
    }
    if (line !== '') first = false
  }
  if (json.length > 0) return savedOf(file, json.join('\n'))
  const map = maps.finish(null, null)
  const processes = [...trace.finish(), ...(map === null ? [] : [map])]
  if (trace.own === 0 && maps.own === 0) {
    return failed(file, 'malformed', 'holds no line of LD_DEBUG=files,libs and none of /proc/PID/maps')
  }
  const faults =
    trace.dropped === 0 ? [] : [faultAt('truncated', file, null, `holds ${trace.dropped} requests more than are read`)]
  return { processes, faults, notes: [] }
}

function savedOf(file: string, text: string): LogReading {
  const read = readObservation(text)
  return 'error' in read ? failed(file, 'malformed', read.error) : { ...read, faults: [] }
}

function failed(file: string, kind: Fault['kind'], message: string): LogReading {
  return { processes: [], faults: [faultAt(kind, file, null, message)], notes: [] }
}
