/** The end of a text report: how many causes, what would clear them, what was not read and not judged. */
import { printable } from '../domain/bytes.ts'
import { faultText } from '../domain/fault.ts'
import type { RepairHint } from '../domain/audit.ts'
import type { AuditDocument, DocumentFinding } from './document.ts'
import { counts } from './document.ts'
import { columns, count, number, wrap } from './layout.ts'
import type { TextOptions } from './text-options.ts'

/** From this many findings on, a table says how many causes each rule found. */
const MANY = 10

const FIXES: Record<RepairHint['kind'], readonly [verb: string, noun: string]> = {
  'os-package': ['install', 'OS package'],
  graft: ['graft', 'file'],
  requires: ['add', 'requirement'],
  environment: ['add', 'search path'],
  rpath: ['change', 'run path'],
  symlink: ['add', 'link'],
  bind: ['bind', 'device'],
  exclude: ['leave out', 'file'],
  advice: ['decide', 'question'],
}

/** The closing lines. */
export function summaryLines(document: AuditDocument, options: TextOptions): readonly string[] {
  const wrapped = (text: string): string => wrap(text, options.width, '', 2)
  return [
    headline(document, options),
    ...goneLines(document),
    ...ruleLines(document),
    ...fixLines(document).map(wrapped),
    wrapped(readLine(document, options)),
    ...(options.faults ? faultLines(document) : []),
    ...document.summary.incomplete.map((text) => `${options.style.missing('incomplete')}: ${printable(text)}`),
    ...document.summary.not_judged.map((text) => wrapped(`not judged: ${printable(text)}`)),
    ...noteLines(document).flatMap((note) => noteText(note, wrapped)),
  ]
}

function headline(document: AuditDocument, options: TextOptions): string {
  const { error, warn, note } = document.summary.findings
  const parts = [
    error > 0 ? options.style.missing(count(error, 'error')) : '',
    warn > 0 ? options.style.leak(count(warn, 'warning')) : '',
    note > 0 ? count(note, 'note') : '',
  ].filter((part) => part !== '')
  const accepted = acceptedText(document)
  if (parts.length > 0) return options.style.strong(parts.join(', ')) + accepted
  if (accepted !== '') return `${options.style.strong('No finding that counts')}${accepted}`
  if (document.summary.incomplete.length > 0) return 'No finding, but not everything could be read.'
  if (document.base === null || document.host === null) return 'No finding in what was judged.'
  return options.style.strong('Airtight: nothing is missing, nothing comes from the host.')
}

/** What was found and does not count, as a continuation of the headline. */
function acceptedText(document: AuditDocument): string {
  const { suppressed = 0, baseline } = document.summary
  const parts = [
    suppressed > 0 ? `${number(suppressed)} suppressed` : '',
    baseline !== undefined && baseline.known > 0 ? `${number(baseline.known)} known` : '',
    baseline !== undefined && baseline.expired > 0 ? count(baseline.expired, 'expired suppression') : '',
    baseline !== undefined && baseline.fixed > 0 ? `${number(baseline.fixed)} fixed` : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

/** Entries of the baseline that are to be taken out. */
function goneLines(document: AuditDocument): readonly string[] {
  const { baseline } = document.summary
  if (baseline === undefined || baseline.fixed === 0) return []
  const rows = baseline.gone.map((text) => `  fixed  ${printable(text)}`)
  return [...rows, `${printable(baseline.file)} still holds them: --update-baseline takes them out`]
}

/** One line for each rule: how many causes, and how often they are met. */
function ruleLines(document: AuditDocument): readonly string[] {
  const rules = Object.entries(document.summary.rules)
  if (document.findings.filter(counts).length <= MANY) return []
  const rows = rules.map(([id, rule]) => [
    `  ${id} ${rule.name}`,
    count(rule.subjects, subjectNoun(id)),
    count(rule.findings, 'use'),
  ])
  return columns(
    [
      { title: '', align: 'left' },
      { title: '', align: 'left' },
      { title: '', align: 'left' },
    ],
    rows,
  ).slice(1)
}

function subjectNoun(rule: string): string {
  if (rule === 'HST009' || rule === 'RES005') return 'command'
  if (rule === 'REQ005') return 'library'
  if (rule.startsWith('REQ')) return 'package'
  return /^(RES|HST|DUP)/.test(rule) && rule !== 'RES009' ? 'library' : 'subject'
}

/** What the preferred fixes of all errors and warnings come to. */
function fixLines(document: AuditDocument): readonly string[] {
  const kinds = new Map<RepairHint['kind'], { readonly targets: Set<string>; findings: number }>()
  let open = 0
  for (const finding of document.findings.filter(isLoud)) {
    const repair = document.repairs[finding.repairs[0] ?? -1]
    if (repair === undefined || repair.kind === 'advice') {
      open += 1
      continue
    }
    const known = kinds.get(repair.kind) ?? { targets: new Set<string>(), findings: 0 }
    known.targets.add(repair.target)
    known.findings += 1
    kinds.set(repair.kind, known)
  }
  if (kinds.size === 0) return []
  const parts = [...kinds]
    .sort(([, a], [, b]) => b.findings - a.findings)
    .map(([kind, { targets, findings }]) => {
      const [verb, noun] = FIXES[kind]
      return `${verb} ${count(targets.size, noun)} (${count(findings, 'finding')})`
    })
  const rest = open === 0 ? '' : `; ${count(open, 'finding')} without a ready fix`
  return [`fixes: ${parts.join(', ')}${rest}`]
}

function isLoud(finding: DocumentFinding): boolean {
  return finding.severity !== 'note' && counts(finding)
}

function readLine(document: AuditDocument, options: TextOptions): string {
  const { elf_files: files, faults } = document.summary
  const unevaluated = document.contexts.flatMap((context) => context.unevaluated).length
  const parts = [`Read ${number(files)} ELF ${files === 1 ? 'file' : 'files'}.`]
  if (faults > 0) parts.push(`Not read: ${number(faults)}.`)
  if (unevaluated > 0) parts.push(`Not evaluated: ${count(unevaluated, 'statement')} of package files.`)
  if (parts.length > 1 && !options.faults) parts.push('(--faults names them)')
  return parts.join(' ')
}

function faultLines(document: AuditDocument): readonly string[] {
  const unread = document.faults.map((fault) => `  ${printable(faultText(fault))}`)
  const unevaluated = document.contexts.flatMap((context) =>
    context.unevaluated.map((item) => printable(`  ${item.file}: line ${item.line}: ${item.code}: ${item.reason}`)),
  )
  return [...unread, ...new Set(unevaluated)]
}

/** A note, and lines to paste below it where it brings some. */
function noteText(note: string, wrapped: (text: string) => string): readonly string[] {
  const [first = '', ...lines] = note.split('\n')
  return [wrapped(`note: ${printable(first)}`), ...lines.map(printable)]
}

function noteLines(document: AuditDocument): readonly string[] {
  const systems = [document.host, document.base].flatMap((system) => system?.notes ?? [])
  const contexts = document.contexts.flatMap((context) => context.notes)
  return [...new Set([...document.summary.notes, ...systems, ...contexts])]
}
