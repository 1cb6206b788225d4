/** Names code that was not evaluated: file, line, the code in one line, the reason. */
import { printable } from '../../domain/bytes.ts'
import type { Unevaluated } from '../../domain/context.ts'
import type { Span } from '../python/syntax.ts'

const MAX_CODE = 100

/** The code of a span shortened to one printable line. */
export function codeLine(text: string, at: Span): string {
  const whole = text.slice(at.from, at.to)
  const [first = '', ...more] = whole.split('\n', 2)
  const line = printable(first.trim())
  if (line.length > MAX_CODE) return `${line.slice(0, MAX_CODE - 3)}...`
  return more.length > 0 ? `${line} ...` : line
}

/** An {@link Unevaluated} for a span of a text. */
export function unevaluated(file: string, text: string, at: Span, reason: string): Unevaluated {
  return { file, line: at.line, code: codeLine(text, at), reason }
}
