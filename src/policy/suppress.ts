/** Suppressions: findings that somebody decided to live with, until a day. */
import type { Finding, SuppressedBy } from '../domain/audit.ts'
import { meets } from './match.ts'
import type { Origin, Suppression } from './policy.ts'

/** How one suppression fared. */
export interface SuppressionUse {
  readonly suppression: Suppression
  /** It is past its last day and holds no more. */
  readonly expired: boolean
  /** Findings that it is about. */
  readonly matched: number
}

export interface Suppressed {
  /** Every finding, those that are suppressed with who and why. */
  readonly findings: readonly Finding[]
  /** In the order of the suppressions. */
  readonly uses: readonly SuppressionUse[]
}

/**
 * Marks the findings that a suppression is about. An expired one marks nothing.
 *
 * @param today as YYYY-MM-DD
 * @param causeOf rules of one cause see one fault from two sides: what is said of one holds for the other
 */
export function suppress(
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
  today: string,
  causeOf: (rule: string) => string,
): Suppressed {
  const matched = new Map<Suppression, number>()
  const marked = findings.map((finding) => {
    const about = suppressions.filter(
      (item) => causeOf(item.rule) === causeOf(finding.rule) && meets(item.where, finding),
    )
    for (const item of about) matched.set(item, (matched.get(item) ?? 0) + 1)
    const holds = about.findLast((item) => !isExpired(item, today))
    return holds === undefined ? finding : { ...finding, suppressed: suppressedBy(holds) }
  })
  const uses = suppressions.map((suppression) => ({
    suppression,
    expired: isExpired(suppression, today),
    matched: matched.get(suppression) ?? 0,
  }))
  return { findings: marked, uses }
}

/** The last day counts. */
function isExpired({ expires }: Suppression, today: string): boolean {
  return expires !== null && expires < today
}

function suppressedBy({ reason, owner, ticket, expires, origin }: Suppression): SuppressedBy {
  return { reason, owner, ticket, expires, file: origin.file, line: origin.line }
}

/** `file:line`, as people click on it. */
export function originText({ file, line }: Origin): string {
  return line === null ? file : `${file}:${line}`
}
