/** Tables of commands, of which it is told what is evaluated and what is named. */
import { expect, it } from 'vitest'
import { commands, values } from './context.ts'

/** Commands; the lines (from 1) that must be named; the variables that remain. */
export type Row = readonly [
  title: string,
  body: string,
  lines: readonly number[],
  expected: Readonly<Record<string, string>>,
]

/** One test for each row. */
export function testRows(rows: readonly Row[]): void {
  it.each(rows)('%s', (_title, body, lines, expected) => {
    const result = commands(body)
    const named = result.unevaluated.map((item) => item.line - 2)
    expect(new Set(named)).toEqual(new Set(lines))
    expect(values(result)).toEqual(expected)
  })
}
