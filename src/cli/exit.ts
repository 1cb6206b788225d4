/** Exit codes, and the error that means the command line or a configuration is wrong. */

export const EXIT_CLEAN = 0
export const EXIT_FINDINGS = 1
export const EXIT_USAGE = 2
export const EXIT_UNREAD = 3

/** The code that several reasons make together: 2 before 3 before 1 before 0. */
export function exitCode(reasons: {
  readonly usage?: boolean
  readonly unread?: boolean
  readonly findings?: boolean
}): number {
  if (reasons.usage === true) return EXIT_USAGE
  if (reasons.unread === true) return EXIT_UNREAD
  return reasons.findings === true ? EXIT_FINDINGS : EXIT_CLEAN
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
