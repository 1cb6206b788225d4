/** Logs of running programs as the arguments name them. */
import { readLogs } from '../app/observe-logs.ts'
import type { WorldName } from '../domain/audit.ts'
import { faultText } from '../domain/fault.ts'
import type { Observation } from '../domain/observed.ts'
import { UsageError } from './exit.ts'

/**
 * Reads the logs.
 *
 * @throws UsageError where one does not exist, or none holds anything that is read
 */
export function observationOfLogs(logs: readonly string[]): Observation {
  const read = readLogs(logs)
  if (!('failures' in read)) return read
  const [first] = read.failures
  const hint = 'a log is what LD_DEBUG=files,libs writes, with LD_DEBUG_OUTPUT or without, or /proc/PID/maps'
  throw new UsageError(first === undefined ? 'the logs are empty' : faultText(first), hint)
}

/** The world that an option names; null where it was not given. */
export function worldNamed(value: string | null): WorldName | null {
  return value === 'host' || value === 'base' ? value : null
}
