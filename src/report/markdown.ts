/** The audit as Markdown, for a job summary or a comment: verdict, what to do first, the packages. */
import { printable } from '../domain/bytes.ts'
import type { FindingGroup } from './audit-groups.ts'
import { groupFindings } from './audit-groups.ts'
import type { AuditDocument, DocumentSystem } from './document.ts'
import { count, number, some } from './layout.ts'
import { SOURCES, subjectRows } from './package-rows.ts'

/** GitHub cuts a summary at one megabyte. */
const MOST_GROUPS = 200

/** The whole page with its line feed. */
export function markdown(document: AuditDocument): string {
  const groups = groupFindings(document)
  const parts = [
    `## ${verdict(document)}`,
    `${document.contexts.map(({ name }) => code(name)).join(', ')}: ${count(document.summary.packages, 'package')}, ${count(document.summary.objects, 'object')}.`,
    ...systems(document),
    ...groups.slice(0, MOST_GROUPS).map((group) => section(document, group)),
    groups.length > MOST_GROUPS ? `${number(groups.length - MOST_GROUPS)} more groups are left out.` : '',
    gone(document),
    packages(document),
    ...document.summary.incomplete.map((text) => `**Not read:** ${escape(text)}`),
    ...document.summary.not_judged.map((text) => `Not judged: ${escape(text)}.`),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function verdict(document: AuditDocument): string {
  const { error, warn, note } = document.summary.findings
  const { suppressed = 0, baseline } = document.summary
  const found = [
    error > 0 ? count(error, 'error') : '',
    warn > 0 ? count(warn, 'warning') : '',
    note > 0 ? count(note, 'note') : '',
  ].filter((part) => part !== '')
  const accepted = [
    suppressed > 0 ? `${number(suppressed)} suppressed` : '',
    baseline !== undefined && baseline.known > 0 ? `${number(baseline.known)} known` : '',
    baseline !== undefined && baseline.fixed > 0 ? `${number(baseline.fixed)} fixed` : '',
  ].filter((part) => part !== '')
  const head = found.length > 0 ? found.join(', ') : 'No finding'
  return `Airtight: ${head}${accepted.length === 0 ? '' : ` (${accepted.join(', ')})`}`
}

function systems({ host, base }: AuditDocument): readonly string[] {
  const line = (name: string, system: DocumentSystem | null): string => {
    if (system === null) return ''
    const facts = [system.os, system.libc].filter((fact) => fact !== null)
    return `- ${name} ${code(system.label)}${facts.length === 0 ? '' : ` (${escape(facts.join(', '))})`}`
  }
  const lines = [line('host', host), line('base', base)].filter((text) => text !== '')
  return lines.length === 0 ? [] : [lines.join('\n')]
}

function section(document: AuditDocument, { findings, severity }: FindingGroup): string {
  const [first] = findings
  if (first === undefined) return ''
  const subjects = new Set(findings.map((finding) => finding.subject))
  const more = subjects.size === 1 ? '' : ` and ${subjects.size - 1} more`
  const owners = [...new Set(findings.map((finding) => finding.package ?? some(finding.contexts, 2)))]
  const fixes = [...new Set(first.repairs)].flatMap((at) => document.repairs[at]?.text ?? [])
  return [
    `**${severity}** ${first.rule} ${first.name} ${code(first.subject)}${more}: ${escape(some(owners, 6))}  `,
    escape(first.message),
    ...fixes.map((fix, at) => `- ${at === 0 ? 'fix' : 'or'}: ${escape(fix)}`),
  ].join('\n')
}

function gone({ summary: { baseline } }: AuditDocument): string {
  if (baseline === undefined || baseline.gone.length === 0) return ''
  return ['Fixed, to be taken out of the baseline:', ...baseline.gone.map((text) => `- ${escape(text)}`)].join('\n')
}

function packages(document: AuditDocument): string {
  const rows = subjectRows(document).filter((row) => row.errors + row.warnings + row.amounts.missing > 0)
  if (rows.length === 0) return ''
  const cells = rows.map((row) => [
    escape(row.id),
    String(row.objects),
    ...SOURCES.map((source) => String(row.amounts[source])),
    String(row.errors),
    String(row.warnings),
  ])
  const head = ['package', 'objects', ...SOURCES, 'errors', 'warnings']
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '--:'))), ...cells.map(line)].join('\n')
}

/** Text that means nothing to Markdown or HTML. */
function escape(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>#|~]/g, (char) =>
    char === '<' ? '&lt;' : char === '>' ? '&gt;' : `\\${char}`,
  )
}

/** As code, fenced by more ticks than it holds. */
function code(text: string): string {
  const shown = printable(text).replaceAll('|', '\\|')
  const ticks = '`'.repeat(Math.max(0, ...[...shown.matchAll(/`+/g)].map((match) => match[0].length)) + 1)
  return ticks === '`' ? `\`${shown}\`` : `${ticks} ${shown} ${ticks}`
}
