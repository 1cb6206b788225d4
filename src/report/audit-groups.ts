/** Findings grouped by what clears them: the unit a reader works off. */
import type { AuditDocument, DocumentFinding } from './document.ts'
import { counts } from './document.ts'

export interface FindingGroup {
  /** Worst first; never empty. */
  readonly findings: readonly DocumentFinding[]
  readonly severity: DocumentFinding['severity']
}

const SEVERITIES = ['error', 'warn', 'note'] as const

/** What stops a start, then what mixes versions, then what is untidy. */
const HARM: readonly (readonly string[])[] = [
  ['RES001', 'RES002', 'RES004', 'RES005', 'RES008', 'HST002', 'SYM001', 'SYM002'],
  ['HST003', 'HST008', 'HST009', 'HST005', 'HST004', 'DUP001', 'DUP002', 'DUP003', 'SYM003'],
  ['HST001', 'REQ001', 'REQ006', 'RES003', 'REQ002'],
]

/**
 * Groups that a reader sees, worst first: by severity, harm, and how much one fix clears: findings, and the files they
 * were seen in.
 *
 * @param all with those that are suppressed or known to the baseline, after the others
 */
export function groupFindings(document: AuditDocument, all = false): readonly FindingGroup[] {
  const groups = new Map<string, DocumentFinding[]>()
  for (const finding of all ? document.findings : document.findings.filter(counts)) {
    const key = groupKey(document, finding)
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [finding])
    else known.push(finding)
  }
  return [...groups.values()]
    .map((findings): FindingGroup => {
      const sorted = findings.toSorted(compareFindings)
      return { findings: sorted, severity: sorted[0]?.severity ?? 'note' }
    })
    .sort(compareGroups)
}

/** One fix is one group; without a fix, one rule and subject. Severities stay apart, for a note is not to hide in an error. */
function groupKey(document: AuditDocument, finding: DocumentFinding): string {
  const repair = document.repairs[finding.repairs[0] ?? -1]
  const state = stateOf(finding)
  return repair === undefined || repair.kind === 'advice'
    ? [state, finding.severity, finding.rule, finding.subject].join('\0')
    : [state, finding.severity, repair.kind, repair.target].join('\0')
}

/** Why a finding does not count, empty where it does. */
export function stateOf(finding: DocumentFinding): string {
  if (finding.suppressed !== undefined) return 'suppressed'
  return finding.baseline === 'known' ? 'known' : ''
}

function compareGroups(a: FindingGroup, b: FindingGroup): number {
  const [first, second] = [a.findings[0], b.findings[0]]
  if (first === undefined || second === undefined) return 0
  return (
    Number(!counts(first)) - Number(!counts(second)) ||
    severityRank(first) - severityRank(second) ||
    harmRank(first) - harmRank(second) ||
    b.findings.length - a.findings.length ||
    objectCount(b) - objectCount(a) ||
    compareFindings(first, second)
  )
}

function objectCount({ findings }: FindingGroup): number {
  return findings.reduce((sum, { objects }) => sum + Math.max(objects.length, 1), 0)
}

function compareFindings(a: DocumentFinding, b: DocumentFinding): number {
  return (
    severityRank(a) - severityRank(b) ||
    harmRank(a) - harmRank(b) ||
    compare(a.rule, b.rule) ||
    compare(a.subject, b.subject) ||
    compare(a.package ?? '', b.package ?? '') ||
    (a.variant ?? -1) - (b.variant ?? -1)
  )
}

function severityRank(finding: DocumentFinding): number {
  return SEVERITIES.indexOf(finding.severity)
}

function harmRank(finding: DocumentFinding): number {
  const rank = HARM.findIndex((rules) => rules.includes(finding.rule))
  return rank < 0 ? HARM.length : rank
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
