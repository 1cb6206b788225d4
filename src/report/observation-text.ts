/** An observation for a person: each program with the files it loaded, what it asked for in vain, and what differs from the audit. */
import { printable } from '../domain/bytes.ts'
import type { ObservedHow } from '../domain/observed.ts'
import { count, some, wrap } from './layout.ts'
import type {
  DocumentLoad,
  DocumentProcess,
  ObservationComparison,
  ObservationDocument,
  ObservationFinding,
} from './observation.ts'
import type { Style } from './style.ts'

export interface ObservationOptions {
  readonly style: Style
  readonly width: number | null
  /** Who asked for each file, every name that was asked for in vain, every file that the audit does not name. */
  readonly all: boolean
}

const SHOWN = 6
const INDENT = 7

const HOWS: Record<ObservedHow, string> = {
  path: 'by its path',
  rpath: 'rpath',
  runpath: 'runpath',
  'library-path': 'LD_LIBRARY_PATH',
  cache: 'cache',
  default: 'system folder',
  other: 'search',
}

/** The whole report with its line feed. */
export function observationText(document: ObservationDocument, options: ObservationOptions): string {
  const blocks = [
    ...document.processes.map((item) => processLines(item, options).join('\n')),
    ...(document.findings ?? []).map((finding) => findingLines(finding, options).join('\n')),
    summaryLines(document, options).join('\n'),
  ]
  return `${blocks.join('\n\n')}\n`
}

function processLines(item: DocumentProcess, options: ObservationOptions): readonly string[] {
  const { style, width } = options
  const name = printable(item.program ?? (item.name === '' ? 'a program' : item.name))
  const called =
    item.program === null || item.program === item.name || item.name === '' ? '' : `, called ${printable(item.name)}`
  const from = item.parent === null ? '' : `, started by ${item.parent}`
  const pid = item.pid === null ? '' : `  pid ${item.pid}${from}`
  const missing = [...new Set(item.loads.filter((load) => load.outcome === 'missing').map((load) => load.name))]
  const most = options.all ? Infinity : SHOWN
  const vain = missing.length === 0 ? [] : [wrap(`asked in vain for ${some(missing, most)}`, width, '  ', 4)]
  return [style.strong(name) + style.faint(called + pid), ...fileLines(item.loads, options), ...vain]
}

/** Each file once, by its first request. */
function fileLines(loads: readonly DocumentLoad[], { style, all }: ObservationOptions): readonly string[] {
  const seen = new Set<string>()
  const lines: string[] = []
  for (const load of loads) {
    if (load.outcome !== 'loaded') continue
    const file = load.file ?? load.name
    if (seen.has(file)) continue
    seen.add(file)
    const owner = load.owner == null ? '' : ` (${load.owner})`
    const how = [
      load.opened === true ? 'opened' : '',
      load.how === null ? '' : HOWS[load.how],
      all && load.by !== null ? `for ${load.by}` : '',
    ].filter((part) => part !== '')
    const tail = how.length === 0 ? '' : style.faint(` [${printable(how.join(', '))}]`)
    lines.push(`  ${printable(file + owner)}${tail}`)
  }
  return lines
}

function findingLines(finding: ObservationFinding, { style, width }: ObservationOptions): readonly string[] {
  const accent = finding.severity === 'error' ? style.missing : finding.severity === 'warn' ? style.leak : style.strong
  const state = finding.suppressed ? ' (accepted)' : ''
  const head = `  ${finding.rule} ${finding.name}${state}  ${printable(finding.subject)}  ${printable(finding.package ?? '')}`
  const indent = ' '.repeat(INDENT)
  return [
    accent(finding.severity.padEnd(5)) + style.strong(head.trimEnd()),
    wrap(printable(finding.message), width, indent, INDENT),
    ...finding.repairs.map((text, at) => wrap(printable(text), width, at === 0 ? '  fix  ' : '   or  ', INDENT)),
  ]
}

function summaryLines(document: ObservationDocument, options: ObservationOptions): readonly string[] {
  const loads = document.processes.flatMap((item) => item.loads)
  const files = new Set(loads.flatMap((load) => (load.file === null ? [] : [load.file])))
  const opened = new Set(loads.filter((load) => load.opened === true && load.file !== null).map((load) => load.file))
  const how = opened.size === 0 ? '' : `, ${opened.size} of them opened while it ran`
  return [
    `${count(document.processes.length, 'program')} loaded ${count(files.size, 'file')}${how}.`,
    ...(document.comparisons ?? []).flatMap((one) => comparisonLines(one, options)),
    ...document.faults.map((fault) => `${options.style.missing('not read')}: ${printable(fault)}`),
    ...document.notes.map((note) => wrap(`note: ${printable(note)}`, options.width, '', 2)),
  ]
}

function comparisonLines(one: ObservationComparison, { width, all }: ObservationOptions): readonly string[] {
  const named = one.files - one.unnamed.length
  const head =
    `${printable(one.context)} in ${one.world} ${printable(one.system)}: ${one.agreed} of ${count(one.asked, 'request')} by objects ` +
    `of packages went where the audit says; it names ${named} of ${count(one.files, 'file')}.`
  if (one.unnamed.length === 0) return [wrap(head, width, '', 2)]
  const names = some(one.unnamed, all ? Infinity : SHOWN)
  return [
    wrap(head, width, '', 2),
    wrap(`not named: ${names}${all || one.unnamed.length <= SHOWN ? '' : ' (--all shows them)'}`, width, '  ', 4),
  ]
}
