/** Exit codes, and the error that means the command line or a configuration is wrong. */
import type { Fault } from '../domain/fault.ts'
import { faultText } from '../domain/fault.ts'

export const EXIT_CLEAN = 0
const EXIT_FINDINGS = 1
export const EXIT_USAGE = 2
export const EXIT_UNREAD = 3
/** A written file is out of date. */
export const EXIT_OUT_OF_DATE = 4
/** A failure of ours where the exit code is that of a program we run (as of env(1), docker and podman). */
export const EXIT_OWN_FAILURE = 125

/** The code that several reasons make together: 2 before 3 before 1 before 4 before 0. */
export function exitCode(reasons: {
  readonly usage?: boolean
  readonly unread?: boolean
  readonly findings?: boolean
  readonly outOfDate?: boolean
}): number {
  if (reasons.usage === true) return EXIT_USAGE
  if (reasons.unread === true) return EXIT_UNREAD
  if (reasons.findings === true) return EXIT_FINDINGS
  return reasons.outOfDate === true ? EXIT_OUT_OF_DATE : EXIT_CLEAN
}

/** A fault of the question as an error; what to do, after the last semicolon, becomes the hint. */
export function usageFault(fault: Fault): UsageError {
  const text = faultText(fault)
  const split = text.lastIndexOf('; ')
  return split < 0 ? new UsageError(text) : new UsageError(text.slice(0, split), text.slice(split + 2))
}

/** Something the person who typed the command can put right: one sentence, and where there is one the next step. */
export class UsageError extends Error {
  readonly hint: string | null

  constructor(message: string, hint: string | null = null) {
    super(message)
    this.name = 'UsageError'
    this.hint = hint
  }
}
