/** Closures as lines of the shape that `ldd` prints. */
import { printable } from '../domain/bytes.ts'
import type { Closure, Loaded } from '../domain/closure.ts'
import { symbolLines } from './closure-symbols.ts'
import type { Style } from './style.ts'

/** The lines of several closures; with more than one, each under the name of its root. `symbols`: what `ldd -r` would say as well. */
export function closureList(closures: readonly Closure[], style: Style, symbols = false): string {
  const many = closures.length > 1
  return closures.map((closure) => listOf(closure, many, style, symbols)).join('')
}

function listOf(closure: Closure, titled: boolean, style: Style, symbols: boolean): string {
  const lines = titled ? [`${printable(closure.root)}:`] : []
  if (closure.fatal !== null) lines.push(`\t${style.missing(printable(closure.fatal))}`)
  else if (closure.trace.length === 0) lines.push('\tstatically linked')
  for (const index of closure.trace) {
    const entry = closure.objects[index]
    if (entry !== undefined) lines.push(`\t${entryText(entry, style)}`)
  }
  if (symbols) lines.push(...symbolLines(closure, style))
  return `${lines.join('\n')}\n`
}

function entryText(entry: Loaded, style: Style): string {
  const name = printable(entry.name)
  if (entry.path === null) return `${name} => ${style.missing('not found')}`
  return entry.name === entry.path ? name : `${name} => ${printable(entry.path)}`
}
