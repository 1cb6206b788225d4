/** The findings of a text report: one block for each group, the fix beside the fault. */
import { printable } from '../domain/bytes.ts'
import { groupFindings, stateOf } from './audit-groups.ts'
import type { FindingGroup } from './audit-groups.ts'
import type { AuditDocument, DocumentFinding } from './document.ts'
import { columns, count, flushRight, some, wrap } from './layout.ts'
import { packageOf } from './place.ts'
import type { Style } from './style.ts'
import type { TextOptions } from './text-options.ts'

const WORST = 10
const ROWS = 6
/** Where text starts, after `error  `. */
const INDENT = 7

/** Blocks, separated by empty lines; with `all`, notes as well and nothing left out. */
export function findingBlocks(document: AuditDocument, options: TextOptions): readonly string[] {
  const groups = groupFindings(document, options.all)
  const wanted = options.all ? groups : groups.filter((group) => group.severity !== 'note').slice(0, WORST)
  const blocks = wanted.map((group) => block(document, group, options))
  const left = groups.slice(wanted.length)
  return left.length === 0 ? blocks : [...blocks, leftOut(left, wanted.length > 0, options)]
}

function block(document: AuditDocument, group: FindingGroup, options: TextOptions): string {
  const [first, ...others] = group.findings
  if (first === undefined) return ''
  const lines = [
    heading(document, group, first, options),
    wrap(printable(first.message), options.width, ' '.repeat(INDENT), INDENT),
  ]
  if (first.suppressed !== undefined) {
    const { reason, owner, ticket, expires } = first.suppressed
    const facts = [reason, owner, ticket, expires === null ? null : `until ${expires}`].filter((fact) => fact !== null)
    lines.push(wrap(printable(`accepted: ${facts.join(', ')}`), options.width, ' '.repeat(INDENT), INDENT))
  }
  lines.push(...alsoRows(first, others, options))
  const repairs = [...new Set(first.repairs)].flatMap((index) => document.repairs[index]?.text ?? [])
  for (const [index, text] of repairs.entries()) {
    const label = index === 0 ? '  fix  ' : '   or  '
    lines.push(options.style.strong(label) + wrap(printable(text), options.width, label, INDENT).slice(INDENT))
  }
  return lines.join('\n')
}

function heading(document: AuditDocument, group: FindingGroup, first: DocumentFinding, options: TextOptions): string {
  const { style } = options
  const subjects = [...new Set(group.findings.map((finding) => finding.subject))]
  const more = subjects.length === 1 ? '' : ` and ${subjects.length - 1} more`
  const doubt = first.confidence === 'exact' ? '' : ` (${first.confidence})`
  const packages = new Set(group.findings.map((finding) => finding.package))
  const who = printable(first.package ?? some(first.contexts, 2))
  const right =
    packages.size <= 1 ? who : `${count(group.findings.length, 'finding')} in ${count(packages.size, 'package')}`
  const state = stateOf(first)
  const left =
    `${group.severity.padEnd(5)}  ${first.rule} ${first.name}${doubt}${state === '' ? '' : ` (${state})`}  ` +
    `${printable(first.subject)}${more}`
  const fits = options.width === null || left.length + right.length + 2 <= options.width
  const whole = fits ? flushRight(left, right, options.width) : `${left}\n${' '.repeat(INDENT)}${right}`
  const accent = group.severity === 'error' ? style.missing : group.severity === 'warn' ? style.leak : style.strong
  const word = group.severity.padEnd(5)
  const title = left.slice(word.length)
  return accent(word) + style.strong(title) + linked(whole.slice(left.length), right, document, first, style)
}

/** The package at the end of a heading leads to its definition. */
function linked(tail: string, who: string, document: AuditDocument, first: DocumentFinding, style: Style): string {
  const file = first.package === null ? undefined : packageOf(document, first)?.definition
  if (file === undefined || who !== printable(first.package ?? '')) return tail
  return tail.slice(0, tail.length - who.length) + style.file(who, file)
}

/** What the same fix clears besides: subjects with the packages that meet them. */
function alsoRows(first: DocumentFinding, others: readonly DocumentFinding[], options: TextOptions): readonly string[] {
  const rows = new Map<string, { readonly rule: string; readonly subject: string; readonly packages: string[] }>()
  for (const { rule, subject, ...finding } of others) {
    const key = `${rule}\0${subject}`
    const row = rows.get(key) ?? { rule, subject, packages: [] }
    row.packages.push(finding.package ?? some(finding.contexts, 2))
    rows.set(key, row)
  }
  const most = options.all ? Infinity : ROWS
  const [only] = rows.values()
  if (rows.size === 1 && only?.rule === first.rule && only.subject === first.subject) {
    const names = some(only.packages, options.all ? Infinity : ROWS)
    return [wrap(`also in ${names}`, options.width, ' '.repeat(INDENT), INDENT)]
  }
  const list = [...rows.values()]
  const shown = list
    .slice(0, most)
    .map((row) => [
      `${' '.repeat(INDENT)}also`,
      (row.rule === first.rule ? '' : `${row.rule} `) + printable(row.subject),
      some(row.packages, options.all ? Infinity : 4),
    ])
  const table = [
    { title: '', align: 'left' },
    { title: '', align: 'left' },
    { title: '', align: 'left' },
  ] as const
  const lines = columns(table, shown, { width: options.width }).slice(1)
  const rest = list.slice(most)
  return rest.length === 0 ? lines : [...lines, `${' '.repeat(INDENT)}also ${count(rest.length, 'more subject')}`]
}

/** What is not shown, by severity and rule. */
function leftOut(groups: readonly FindingGroup[], more: boolean, options: TextOptions): string {
  const findings = groups.flatMap((group) => group.findings)
  const by = new Map<string, number>()
  for (const finding of findings) {
    const key = `${finding.severity} ${finding.rule} ${finding.name}`
    by.set(key, (by.get(key) ?? 0) + 1)
  }
  const rules = [...by].map(([key, amount]) => `${amount} ${key}`).join(', ')
  const start = `${more ? 'and ' : ''}${count(findings.length, 'finding')}${more ? ' more' : ''}: `
  return wrap(`${start}${rules} (--all shows them)`, options.width, '', 2)
}
