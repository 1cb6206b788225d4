/** The table of packages: how many libraries each takes from where. */
import { printable } from '../domain/bytes.ts'
import type { WorldName } from '../domain/audit.ts'
import type { AuditDocument, DocumentBinding } from './document.ts'
import { documentPackageId } from './document.ts'
import { columns, count, number, shorten } from './layout.ts'
import type { TextOptions } from './text-options.ts'

/** From harmless to harmful: a library that several objects of a package get from several places counts as the last. */
const SOURCES = ['own', 'packages', 'base', 'driver', 'host', 'missing'] as const
type Source = (typeof SOURCES)[number]

interface Row {
  readonly id: string
  objects: number
  readonly amounts: Record<Source, number>
  errors: number
  warnings: number
}

/** The lines of the table, packages with something to say first by harm; the others in one line. */
export function packageTable(document: AuditDocument, options: TextOptions): readonly string[] {
  const rows = rowsOf(document)
  const judged = document.base !== null
  const loud = rows.filter((row) => options.all || isLoud(row, judged)).sort(compareRows)
  const quiet = rows.filter((row) => !loud.includes(row))
  const sources = SOURCES.filter((source) => isColumn(source, document, rows))
  const room = options.width === null ? null : Math.max(12, options.width - 12 - sources.length * 10)
  const cells = loud.map((row) => rowCells(shorten(printable(row.id), room), row, sources, verdict(row)))
  if (quiet.length > 0) {
    const only = quiet.length === 1 ? quiet[0] : undefined
    const amount = count(quiet.length, loud.length === 0 ? 'package' : 'more package')
    const name = only === undefined ? amount : shorten(printable(only.id), room)
    cells.push(rowCells(name, sum(quiet), sources, judged ? 'airtight' : 'no finding'))
  }
  const table = [
    { title: 'package', align: 'left' },
    ...['objects', ...sources].map((title) => ({ title, align: 'right' }) as const),
    { title: '', align: 'left' },
  ] as const
  const mark = (cell: string, row: number, column: number): string => {
    const source = sources[column - 2]
    if (row < 0) return options.style.faint(cell)
    if (cell.trim() === '.') return cell
    return source === 'missing' ? options.style.missing(cell) : source === 'host' ? options.style.leak(cell) : cell
  }
  return columns(table, cells, { mark })
}

function rowCells(name: string, row: Row, sources: readonly Source[], says: string): readonly string[] {
  const amount = (value: number): string => (value === 0 ? '.' : number(value))
  return [name, amount(row.objects), ...sources.map((source) => amount(row.amounts[source])), says]
}

function verdict(row: Row): string {
  const parts = [
    row.errors > 0 ? count(row.errors, 'error') : '',
    row.warnings > 0 ? count(row.warnings, 'warning') : '',
  ]
  return parts.filter((part) => part !== '').join('  ')
}

function isLoud(row: Row, judged: boolean): boolean {
  const leaks = row.amounts.missing > 0 || (judged && row.amounts.host > 0)
  return leaks || row.errors > 0 || row.warnings > 0
}

function isColumn(source: Source, document: AuditDocument, rows: readonly Row[]): boolean {
  if (source === 'base') return document.base !== null
  if (source === 'host') return document.host !== null
  return source !== 'driver' || rows.some((row) => row.amounts.driver > 0)
}

function compareRows(a: Row, b: Row): number {
  return (
    b.errors - a.errors ||
    b.amounts.missing - a.amounts.missing ||
    b.amounts.host - a.amounts.host ||
    b.warnings - a.warnings ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  )
}

function emptyRow(id: string): Row {
  const amounts = { own: 0, packages: 0, base: 0, driver: 0, host: 0, missing: 0 }
  return { id, objects: 0, amounts, errors: 0, warnings: 0 }
}

function sum(rows: readonly Row[]): Row {
  const total = emptyRow('')
  for (const row of rows) {
    total.objects += row.objects
    for (const source of SOURCES) total.amounts[source] += row.amounts[source]
  }
  return total
}

function rowsOf(document: AuditDocument): readonly Row[] {
  const rows = document.packages.map((item) => emptyRow(documentPackageId(item)))
  for (const object of document.objects) {
    const row = rows[object.owner ?? -1]
    if (row !== undefined && !object.foreign) row.objects += 1
  }
  for (const [owner, names] of librarySources(document).entries()) {
    for (const source of names.values()) {
      const row = rows[owner]
      if (row !== undefined) row.amounts[source] += 1
    }
  }
  for (const finding of document.findings) {
    // Variants of one package share a name: the first row of the name carries the findings of all.
    const row = rows.find((candidate, index) => matches(candidate.id, document, index, finding))
    if (row === undefined) continue
    if (finding.severity === 'error') row.errors += 1
    else if (finding.severity === 'warn') row.warnings += 1
  }
  return rows
}

function matches(
  id: string,
  document: AuditDocument,
  index: number,
  finding: { readonly package: string | null; readonly variant: number | null },
): boolean {
  return id === finding.package && (document.packages[index]?.variant ?? null) === finding.variant
}

/** For each package: where each name it asks for comes from, the most harmful answer of any object. */
function librarySources(document: AuditDocument): readonly Map<number, Source>[] {
  const result = document.packages.map(() => new Map<number, Source>())
  const pairs = new Map<string, { host: DocumentBinding | null; base: DocumentBinding | null }>()
  for (const binding of document.bindings) {
    if (document.objects[binding.object]?.owner == null || binding.optional === true) continue
    const key = `${binding.context} ${binding.object} ${binding.name}`
    const pair = pairs.get(key) ?? { host: null, base: null }
    pair[binding.world] = binding
    pairs.set(key, pair)
  }
  for (const { host, base } of pairs.values()) {
    const binding = host ?? base
    if (binding === null) continue
    const owner = document.objects[binding.object]?.owner ?? -1
    const source = sourceOf(host, base, document.base === null ? 'host' : 'base')
    const known = result[owner]?.get(binding.name)
    if (known === undefined || SOURCES.indexOf(source) > SOURCES.indexOf(known))
      result[owner]?.set(binding.name, source)
  }
  return result
}

/** What the host lends counts as host unless the base has it as well; all else as the decisive world answers. */
function sourceOf(host: DocumentBinding | null, base: DocumentBinding | null, decisive: WorldName): Source {
  const answer = decisive === 'host' ? host : base
  if (host?.provider === 'host' && (decisive === 'host' || base?.provider !== 'base')) return 'host'
  switch (answer?.provider ?? null) {
    case 'own':
      return 'own'
    case 'required':
    case 'unrequired':
      return 'packages'
    case 'base':
      return 'base'
    case 'driver':
      return 'driver'
    case 'host':
      return 'host'
    case null:
      return 'missing'
  }
}
