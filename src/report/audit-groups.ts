/** Findings grouped by what clears them: the unit a reader works off. */
import type { AuditDocument, DocumentFinding } from './document.ts'

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

/** Groups that a reader sees, worst first: by severity, harm, and how much one fix clears. */
export function groupFindings(document: AuditDocument): readonly FindingGroup[] {
  const groups = new Map<string, DocumentFinding[]>()
  for (const finding of document.findings) {
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
  return repair === undefined || repair.kind === 'advice'
    ? [finding.severity, finding.rule, finding.subject].join('\0')
    : [finding.severity, repair.kind, repair.target].join('\0')
}

function compareGroups(a: FindingGroup, b: FindingGroup): number {
  const [first, second] = [a.findings[0], b.findings[0]]
  if (first === undefined || second === undefined) return 0
  return (
    severityRank(first) - severityRank(second) ||
    harmRank(first) - harmRank(second) ||
    b.findings.length - a.findings.length ||
    compareFindings(first, second)
  )
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
