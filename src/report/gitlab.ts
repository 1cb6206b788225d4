/** The audit as a GitLab code quality report: what counts, each with a fingerprint of its own. */
import { createHash } from 'node:crypto'
import { printable } from '../domain/bytes.ts'
import type { AuditDocument } from './document.ts'
import { counts } from './document.ts'
import type { FormatOptions } from './place.ts'
import { placeOf } from './place.ts'

const SEVERITIES = { error: 'critical', warn: 'major', note: 'info' } as const

/** A JSON list with its line feed. */
export function gitlab(document: AuditDocument, options: FormatOptions): string {
  const seen = new Map<string, number>()
  const issues = document.findings.filter(counts).map((finding) => {
    const place = placeOf(document, finding, options)
    // Two rules may see one cause; the report wants every fingerprint once.
    const times = seen.get(finding.fingerprint) ?? 0
    seen.set(finding.fingerprint, times + 1)
    return {
      description: printable(`${finding.rule} ${finding.name}: ${finding.message}`),
      check_name: finding.rule,
      fingerprint: times === 0 ? finding.fingerprint : again(finding.fingerprint, times),
      severity: SEVERITIES[finding.severity],
      location: { path: printable(place?.file ?? 'airtight.yaml'), lines: { begin: place?.line ?? 1 } },
    }
  })
  return `${JSON.stringify(issues, null, 2)}\n`
}

function again(fingerprint: string, times: number): string {
  return createHash('sha256').update(`${fingerprint} ${times}`).digest('hex')
}
