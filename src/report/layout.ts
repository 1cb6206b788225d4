/** Lines of text: wrapping at a terminal's width, columns, numbers. Pure; colours are put on after widths are known. */
import { printable } from '../domain/bytes.ts'

/** Where lines are broken when nobody watches: never. Text that is set flush right ends here. */
const PAGE = 100

/** Breaks a text at spaces; the first line starts after `first`, the others after `indent` spaces. */
export function wrap(text: string, width: number | null, first: string, indent: number): string {
  if (width === null) return first + text
  const room = Math.max(24, width)
  const lines: string[] = []
  let line = first
  let empty = true
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > room) {
      lines.push(line)
      line = ' '.repeat(indent)
      empty = true
    }
    line += empty ? word : ` ${word}`
    empty = false
  }
  lines.push(line)
  return lines.join('\n')
}

/** A line with `right` at the page's edge, or two spaces after `left` where it does not fit. */
export function flushRight(left: string, right: string, width: number | null): string {
  const gap = Math.max(2, (width ?? PAGE) - left.length - right.length)
  return right === '' ? left : `${left}${' '.repeat(gap)}${right}`
}

/** `1 error`, `2 errors`, `3 libraries`. */
export function count(amount: number, word: string): string {
  if (amount === 1) return `1 ${word}`
  return `${number(amount)} ${word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`}`
}

/** Digits in groups of three. */
export function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `a, b and 3 more`. */
export function some(names: readonly string[], most: number): string {
  const shown = names.map(printable)
  if (shown.length <= most) return shown.join(', ')
  return `${shown.slice(0, most).join(', ')} and ${shown.length - most} more`
}

export interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
}

export interface ColumnOptions {
  /** Puts colour on a cell that is already padded; row -1 is the title. */
  readonly mark?: (cell: string, row: number, column: number) => string
  /** Columns of the terminal: the last column is wrapped at it, null for never. */
  readonly width?: number | null
}

/** Rows in columns, two spaces apart, without spaces at line ends; titles first. */
export function columns(
  table: readonly Column[],
  rows: readonly (readonly string[])[],
  options: ColumnOptions = {},
): readonly string[] {
  const mark = options.mark ?? ((cell: string): string => cell)
  const all = [table.map((column) => column.title), ...rows]
  const widths = table.map((_, at) => Math.max(...all.map((row) => (row[at] ?? '').length)))
  const start = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0)
  return all.map((row, index) => {
    const used = row.findLastIndex((cell) => cell !== '')
    const cells = row.slice(0, used + 1).map((cell, at) => {
      const last = at === used && table[at]?.align === 'left'
      const width = last ? 0 : (widths[at] ?? 0)
      const text = last && at === table.length - 1 ? wrapCell(cell, options.width ?? null, start) : cell
      return mark(table[at]?.align === 'right' ? text.padStart(width) : text.padEnd(width), index - 1, at)
    })
    return cells.join('  ')
  })
}

function wrapCell(cell: string, width: number | null, start: number): string {
  if (width === null || start + cell.length <= width || width - start < 24) return cell
  return wrap(cell, width, ' '.repeat(start), start).slice(start)
}

/** Shortens a name in the middle where a terminal is too narrow for it. */
export function shorten(text: string, room: number | null): string {
  if (room === null || text.length <= room || room < 8) return text
  const head = Math.ceil((room - 1) / 2)
  return `${text.slice(0, head)}…${text.slice(text.length - (room - 1 - head))}`
}
