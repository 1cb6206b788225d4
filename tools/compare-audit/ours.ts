/** The same pairs as the audit's own JSON tells them. */

interface Finding {
  readonly rule: string
  readonly package: string | null
  readonly subject: string
  readonly evidence: { readonly base?: unknown }
}

export interface Told {
  readonly leaks: ReadonlySet<string>
  readonly requirements: ReadonlySet<string>
}

/** HST002 with those HST003 whose soname the base lacks; REQ001 with REQ002. */
export function toldFindings(findings: readonly Finding[]): Told {
  const leaks = findings.filter(
    ({ rule, evidence }) => rule === 'HST002' || (rule === 'HST003' && evidence.base === 'lacks'),
  )
  const requirements = findings.filter(({ rule }) => rule === 'REQ001' || rule === 'REQ002')
  return {
    leaks: new Set(leaks.map((finding) => `${finding.package ?? ''} ${finding.subject}`)),
    requirements: new Set(requirements.map((finding) => `${bare(finding.package)} ${finding.subject}`)),
  }
}

function bare(id: string | null): string {
  return (id ?? '').replace(/-.*$/, '')
}
