/** The audit as a document: everything a report needs as plain data, each package, object and name once. */
import type { Audit, ContextAudit, Finding, RepairHint, SystemSummary } from '../domain/audit.ts'
import { variableValue } from '../domain/context.ts'
import { AUDIT_SCHEMA } from '../report/document.ts'
import type {
  AuditDocument,
  DocumentContext,
  DocumentFinding,
  DocumentObject,
  DocumentSystem,
  Summary,
} from '../report/document.ts'
import { gatherBindings } from './document-bindings.ts'
import { ObjectTable } from './document-objects.ts'
import { compareText, packageTable } from './document-packages.ts'
import type { PackageIndex } from './document-packages.ts'

/**
 * Makes the document of an audit. Sorted; the same audit gives the same document.
 *
 * @param depth `whole` for a document that is kept; `shown` leaves out what the text report does not show: hashes,
 *   trails, and what files of the systems load in turn
 */
export function toDocument(audit: Audit, depth: 'whole' | 'shown'): AuditDocument {
  const packages = packageTable(audit)
  const objects = new ObjectTable(audit, packages.index, depth === 'whole')
  const { names, folders, bindings } = gatherBindings(audit, objects, depth === 'whole')
  const repairs = repairTable(audit.findings)
  const listed = objects.list()
  return {
    schema: AUDIT_SCHEMA,
    tool: audit.tool,
    contexts: audit.contexts.map((context) => contextData(context, packages.index)),
    base: systemData(audit.base),
    host: systemData(audit.host),
    summary: summaryOf(audit, packages.list.length, listed),
    packages: packages.list,
    names,
    folders,
    objects: listed,
    bindings,
    findings: audit.findings.flatMap((finding) => findingData(finding, repairs.index)),
    repairs: repairs.list,
    faults: audit.faults.map(({ kind, file, offset, line, message }) => ({ kind, file, offset, line, message })),
  }
}

function contextData(audit: ContextAudit, packages: PackageIndex): DocumentContext {
  const { context, counts } = audit
  const { variables, aliases } = context.environment
  return {
    name: context.name,
    requests: context.requests,
    packages: context.packages.map(packages),
    ...(audit.subjects === undefined ? {} : { subjects: audit.subjects.map(packages) }),
    environment: Object.fromEntries(
      variables.map((variable) => [variable.name, variableValue(context.environment, variable.name) ?? '']),
    ),
    aliases: Object.fromEntries(aliases.map((alias) => [alias.name, alias.command])),
    unevaluated: context.unevaluated.map(({ file, line, code, reason }) => ({ file, line, code, reason })),
    files: counts.files,
    objects: counts.objects,
    ignored: counts.ignored,
    unopened: Object.fromEntries(counts.unopened),
    notes: context.notes,
  }
}

function systemData(system: SystemSummary | null): DocumentSystem | null {
  if (system === null) return null
  const { label, os, libc, declared, notes } = system
  return { label, os, libc, declared, notes }
}

function summaryOf(audit: Audit, packages: number, objects: readonly DocumentObject[]): Summary {
  const findings = { error: 0, warn: 0, note: 0 }
  const rules = new Map<string, { readonly name: string; readonly subjects: Set<string>; findings: number }>()
  const suppressed = audit.findings.filter((finding) => finding.suppressed !== undefined).length
  for (const finding of audit.findings) {
    if (finding.severity === 'off' || finding.suppressed !== undefined || finding.baseline === 'known') continue
    findings[finding.severity] += 1
    const rule = rules.get(finding.rule) ?? { name: finding.name, subjects: new Set<string>(), findings: 0 }
    rule.subjects.add(finding.subject)
    rule.findings += 1
    rules.set(finding.rule, rule)
  }
  return {
    packages,
    objects: objects.filter((object) => object.owner !== null).length,
    elf_files: objects.length,
    findings,
    rules: Object.fromEntries(
      [...rules]
        .sort(([a], [b]) => compareText(a, b))
        .map(([id, rule]) => [id, { name: rule.name, subjects: rule.subjects.size, findings: rule.findings }]),
    ),
    ...(suppressed === 0 ? {} : { suppressed }),
    ...(audit.baseline === undefined ? {} : { baseline: audit.baseline }),
    faults: audit.faults.length,
    incomplete: audit.incomplete,
    not_judged: audit.notJudged,
    notes: audit.notes,
  }
}

function repairTable(findings: readonly Finding[]): {
  readonly list: readonly RepairHint[]
  readonly index: (repair: RepairHint) => number
} {
  const key = (repair: RepairHint): string => [repair.kind, repair.target, repair.text].join('\0')
  const met = new Map<string, RepairHint>()
  for (const repair of findings.flatMap((finding) => finding.repairs)) {
    met.set(key(repair), { kind: repair.kind, target: repair.target, text: repair.text })
  }
  const sorted = [...met].sort(([a], [b]) => compareText(a, b))
  const places = new Map(sorted.map(([id], index) => [id, index]))
  return { list: sorted.map(([, repair]) => repair), index: (repair) => places.get(key(repair)) ?? 0 }
}

function findingData(finding: Finding, repairs: (repair: RepairHint) => number): readonly DocumentFinding[] {
  if (finding.severity === 'off') return []
  return [
    {
      rule: finding.rule,
      name: finding.name,
      severity: finding.severity,
      confidence: finding.confidence,
      contexts: finding.contexts,
      world: finding.world,
      package: finding.package,
      variant: finding.variant,
      subject: finding.subject,
      message: finding.message,
      objects: finding.objects,
      evidence: finding.evidence,
      repairs: finding.repairs.map(repairs),
      fingerprint: finding.fingerprint,
      ...(finding.suppressed === undefined ? {} : { suppressed: finding.suppressed }),
      ...(finding.baseline === undefined ? {} : { baseline: finding.baseline }),
    },
  ]
}
