/** Ctrl-C and a polite kill: the work that is under way is told, and puts away what it began. */
import { constants } from 'node:os'
import type { AuditFailure } from '../app/audit.ts'
import { faultText } from '../domain/fault.ts'
import type { Output } from './output.ts'

/** What ends a command that may put away what it began. */
export const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Milliseconds: timeout(1) sends its signal to the command and to its group, so that one comes twice. */
const TWICE = 500

/** Runs work that ends early when its signal is aborted. A second signal, unless it comes at once, ends the program. */
export async function interrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let first = 0
  const abort = (name: NodeJS.Signals): void => {
    if (!controller.signal.aborted) {
      first = performance.now()
      controller.abort(name)
    } else if (performance.now() - first > TWICE) process.exit(interruptedCode(controller.signal))
  }
  for (const name of ENDING) process.on(name, abort)
  try {
    return await work(controller.signal)
  } finally {
    for (const name of ENDING) process.off(name, abort)
  }
}

/** The exit code of work that a signal has ended: 128 and its number, as shells have it. */
export function interruptedCode(signal: AbortSignal): number {
  return 128 + constants.signals[signal.reason as NodeJS.Signals]
}

/** Says what a signal has ended. */
export function stopped({ failures }: AuditFailure, signal: AbortSignal, output: Output): number {
  for (const fault of failures) output.error(faultText(fault))
  return interruptedCode(signal)
}
