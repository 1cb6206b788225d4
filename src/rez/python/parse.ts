/** Python text to syntax trees, through the grammar of @lezer/python; nothing is ever executed. */
import type { SyntaxNode } from '@lezer/common'
import { parser } from '@lezer/python'
import { faultAtLine } from '../../domain/fault.ts'
import { children, lineAt, sourceOf } from './nodes.ts'
import { statements } from './statements.ts'
import { cleaned, MAX_TEXT, parsePlain } from './plain.ts'
import type { Module } from './plain.ts'
import { syntaxProblem } from './syntax-problem.ts'

/** Characters beyond the first error that are parsed to describe it. */
const MAX_RECOVERY = 2000

/** Statements `print a, b` that are understood in one text. */
const MAX_PRINTS = 20

/** Floats of the form `1.` that are understood in one text. */
const MAX_FLOATS = 20

/**
 * Parses the text of `file`, whose first line has the number `firstLine`. A text that is not Python gives one fault with
 * the line of the first problem; constructs without a node in `syntax.ts` are kept as `unsupported`.
 */
export function parsePython(text: string, file: string, firstLine = 1): Module {
  return parsePlain(text, firstLine) ?? parseWithGrammar(text, file, firstLine)
}

/** As {@link parsePython}, by the grammar alone. */
export function parseWithGrammar(text: string, file: string, firstLine = 1): Module {
  if (text.length > MAX_TEXT) {
    const message = `${text.length} characters: a package definition of at most ${MAX_TEXT} was expected`
    return { text: '', statements: [], fault: faultAtLine('unsupported', file, null, message) }
  }
  try {
    return moduleOf(completed(cleaned(text)), file, firstLine)
  } catch (error) {
    // The parser recurses into nested brackets without a limit of its own.
    if (!(error instanceof RangeError)) throw error
    const message = 'brackets or blocks are nested deeper than any package definition needs'
    return { text: '', statements: [], fault: faultAtLine('unsupported', file, firstLine, message) }
  }
}

function moduleOf(text: string, file: string, firstLine: number): Module {
  const source = sourceOf(text, firstLine)
  const stop = strictly(withoutPrints(text))
  if (typeof stop === 'object' || text.includes('yield')) {
    const top = typeof stop === 'object' ? stop : parser.parse(text).topNode
    const problem = syntaxProblem(source, top)
    if (problem === null) return { text, statements: statements(source, children(top), 0), fault: null }
    return { text, statements: [], fault: faultAtLine('malformed', file, problem.line, problem.message) }
  }
  // The parser recovers from errors at great cost: one line beyond the first is enough to describe it.
  const end = text.indexOf('\n', text.indexOf('\n', stop) + 1)
  const part = text.slice(0, Math.min(end < 0 ? text.length : end + 1, stop + MAX_RECOVERY))
  const problem = syntaxProblem(source, parser.parse(part).topNode)
  const line = problem?.line ?? lineAt(source, stop)
  return { text, statements: [], fault: faultAtLine('malformed', file, line, problem?.message ?? 'not Python') }
}

/** The tree of a text without errors, else the offset where it stops being Python. */
function strictly(text: string): SyntaxNode | number {
  try {
    return strict.parse(text).topNode
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // `No parse at OFFSET`
    return Number(error.message.replace(/^.*\D/s, ''))
  }
}

const strict: typeof parser = parser.configure({ strict: true })

/**
 * Python 2's `print a, b`, of which the grammar knows one value only, as a `pass` of the same length with a comment: Rez
 * of Python 2 loads such files.
 */
function withoutPrints(text: string): string {
  let out = text
  for (let tries = 0; tries < MAX_PRINTS; tries += 1) {
    const offset = strictly(out)
    if (typeof offset === 'object') return out
    const start = out.lastIndexOf('\n', offset - 1) + 1
    const indent = /^[ \t]*(?=print [^=])/.exec(out.slice(start))?.[0]
    // Anything but further values, or where they are printed, is a mistake of another kind.
    if (indent === undefined || !/[,>]/.test(out.charAt(offset))) return out
    out = `${out.slice(0, start)}${indent}pass #${out.slice(start + indent.length + 'print '.length)}`
  }
  return out
}

/** The grammar knows no float that ends with its point: `1.` becomes `1.0` where the point is an error. */
function completed(text: string): string {
  let out = text
  for (let tries = 0; tries < MAX_FLOATS && /\d\.(?!\d)/.test(out); tries += 1) {
    const offset = strictly(out)
    if (typeof offset === 'object') return out
    const match = /(?:^|[^\w.])\d+\.(?=[^\d.]{0,2}$)/.exec(out.slice(Math.max(0, offset - 50), offset + 1))
    if (match === null) return out
    const at = Math.max(0, offset - 50) + match.index + match[0].length
    out = `${out.slice(0, at)}0${out.slice(at)}`
  }
  return out
}
