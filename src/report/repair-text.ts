/** What a run of repair came to, as text and as data. */
import { printable } from '../domain/bytes.ts'

type Counts = Readonly<Record<'error' | 'warn' | 'note', number>>

export interface RepairReport {
  readonly schema: 'airtight/repair-report/v1'
  readonly contexts: readonly RepairReportContext[]
  /** Files that were written, would be written, or differ, relative to the folder of repairs. */
  readonly files: readonly string[]
  readonly notes: readonly string[]
}

export interface RepairReportContext {
  readonly context: string
  readonly before: Counts
  readonly after: Counts
  /** Most useful first. */
  readonly entries: readonly RepairReportEntry[]
  /** Errors that are left, every finding about repairs themselves, and warnings whose repair was weighed and not planned. */
  readonly residual: readonly {
    readonly rule: string
    readonly severity: string
    readonly subject: string
    readonly message: string
    /** Why nothing is planned for it, where that is known. */
    readonly reason?: string
  }[]
}

export interface RepairReportEntry {
  readonly section: string
  readonly name: string
  readonly findings: number
  readonly packages: number
}

const WORDS: Readonly<Record<string, readonly [one: string, what: string]>> = {
  os_packages: ['install', 'OS package'],
  grafts: ['graft', 'graft'],
  requires: ['require', 'requirement'],
  env: ['put on', 'path'],
  rpath: ['set run path of', 'run path'],
  symlinks: ['link', 'link'],
  binds: ['bind driver', 'bind'],
  remove_files: ['leave out', 'file to leave out'],
}

/** @param all every entry, not only the ten most useful */
export function repairText(report: RepairReport, all: boolean): string {
  const lines = report.contexts.flatMap((context) => [...contextLines(context, all), ''])
  // A note may bring lines to paste below it.
  for (const note of report.notes) lines.push(...`note: ${note}`.split('\n'))
  return `${lines
    .map((line) => printable(line))
    .join('\n')
    .trimEnd()}\n`
}

function contextLines(context: RepairReportContext, all: boolean): readonly string[] {
  const shown = context.entries.filter((entry) => entry.findings > 0)
  const rows = (all ? context.entries : shown.slice(0, 10)).map(entryLine)
  const left = context.entries.length - rows.length
  return [
    context.context,
    ...(context.entries.length === 0 ? ['  nothing to repair'] : rows),
    ...(left > 0 ? [`  and ${left} more (--all shows them): ${tally(context.entries)}`] : []),
    `  findings before: ${counts(context.before)}; with these repairs: ${counts(context.after)}`,
    ...context.residual
      .slice(0, all ? undefined : 10)
      .flatMap((item) => [
        `  left: ${item.severity} ${item.rule} ${item.message}`,
        ...(item.reason === undefined ? [] : [`        not planned: ${item.reason}`]),
      ]),
    ...(!all && context.residual.length > 10 ? [`  left: ${context.residual.length - 10} more`] : []),
    ...(context.after.error === 0 ? ['  proved: resolved and judged again, no error is left'] : []),
  ]
}

function entryLine({ section, name, findings, packages }: RepairReportEntry): string {
  const [verb] = WORDS[section] ?? [section]
  const clears =
    findings === 0
      ? 'comes along'
      : `clears ${plural(findings, 'finding')}${packages > 1 ? ` in ${plural(packages, 'package')}` : ''}`
  return `  ${`${verb} ${name}`.padEnd(48)} ${clears}`
}

function tally(entries: readonly RepairReportEntry[]): string {
  const numbers = new Map<string, number>()
  for (const { section } of entries) numbers.set(section, (numbers.get(section) ?? 0) + 1)
  return [...numbers].map(([section, count]) => plural(count, WORDS[section]?.[1] ?? section)).join(', ')
}

function counts({ error, warn, note }: Counts): string {
  return `${plural(error, 'error')}, ${plural(warn, 'warning')}, ${plural(note, 'note')}`
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
