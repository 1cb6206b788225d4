/** The table of packages: how many libraries each takes from where. */
import { printable } from '../domain/bytes.ts'
import type { AuditDocument } from './document.ts'
import { columns, count, number, shorten } from './layout.ts'
import { emptyRow, SOURCES, subjectRows } from './package-rows.ts'
import type { PackageRow as Row, Source } from './package-rows.ts'
import type { TextOptions } from './text-options.ts'

/** The lines of the table, packages with something to say first by harm; the others in one line. */
export function packageTable(document: AuditDocument, options: TextOptions): readonly string[] {
  const rows = subjectRows(document)
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

function sum(rows: readonly Row[]): Row {
  const total = emptyRow('')
  for (const row of rows) {
    total.objects += row.objects
    for (const source of SOURCES) total.amounts[source] += row.amounts[source]
  }
  return total
}
