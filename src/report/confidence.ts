/** An audit seen through a gate: findings that are less sure than somebody wants are neither shown nor counted. */
import type { Confidence } from '../domain/audit.ts'
import type { AuditDocument, DocumentFinding, Summary } from './document.ts'
import { counts } from './document.ts'

/** From the surest to the vaguest. */
export const CONFIDENCES: readonly Confidence[] = ['exact', 'inferred', 'heuristic']

/**
 * The document without the findings below a confidence, with a note that says how many they are; the same document where
 * there are none.
 */
export function atConfidence(document: AuditDocument, least: Confidence): AuditDocument {
  const allowed = CONFIDENCES.slice(0, CONFIDENCES.indexOf(least) + 1)
  const findings = document.findings.filter((finding) => allowed.includes(finding.confidence))
  const left = document.findings.length - findings.length
  if (left === 0) return document
  const note = `${String(left)} ${left === 1 ? 'finding is' : 'findings are'} less sure than ${least} and left out`
  return { ...document, findings, summary: summaryOf(document.summary, findings, note) }
}

function summaryOf(summary: Summary, all: readonly DocumentFinding[], note: string): Summary {
  const findings = all.filter(counts)
  const amount = (severity: DocumentFinding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length
  const rules = Object.entries(summary.rules).flatMap(([id, { name }]) => {
    const own = findings.filter((finding) => finding.rule === id)
    const subjects = new Set(own.map((finding) => finding.subject)).size
    return own.length === 0 ? [] : [[id, { name, subjects, findings: own.length }] as const]
  })
  const suppressed = all.filter((finding) => finding.suppressed !== undefined).length
  return {
    ...summary,
    findings: { error: amount('error'), warn: amount('warn'), note: amount('note') },
    rules: Object.fromEntries(rules),
    ...(summary.suppressed === undefined ? {} : { suppressed }),
    notes: [...summary.notes, note],
  }
}
