/** Python text to syntax trees, through the grammar of @lezer/python; nothing is ever executed. */
import type { SyntaxNode } from '@lezer/common'
import { parser } from '@lezer/python'
import { faultAtLine } from '../../domain/fault.ts'
import type { Fault } from '../../domain/fault.ts'
import { children, sourceOf } from './nodes.ts'
import { statements } from './statements.ts'
import type { Statement } from './syntax.ts'
import { syntaxProblem } from './syntax-problem.ts'

/** Larger texts are no package definitions. */
export const MAX_TEXT: number = 1 << 20

/** A module's statements, or the fault for which there are none. */
export interface Module {
  /** The text that the spans of `statements` point into. */
  readonly text: string
  readonly statements: readonly Statement[]
  readonly fault: Fault | null
}

/**
 * Parses the text of `file`, whose first line has the number `firstLine`. A text that is not Python gives one fault with
 * the line of the first problem; constructs without a node in `syntax.ts` are kept as `unsupported`.
 */
export function parsePython(text: string, file: string, firstLine = 1): Module {
  if (text.length > MAX_TEXT) {
    const message = `${text.length} characters: a package definition of at most ${MAX_TEXT} was expected`
    return { text: '', statements: [], fault: faultAtLine('unsupported', file, null, message) }
  }
  // A form feed is white space to Python and unknown to the grammar; the mark of byte order belongs to no token.
  const clean = text
    .replace(/\r\n?/g, '\n')
    .replace(/\f/g, ' ')
    .replace(/^\ufeff/, ' ')
    .replace(/\0/g, '\ufffd')
  const source = sourceOf(clean, firstLine)
  const top: SyntaxNode = parser.parse(clean.endsWith('\n') ? clean : `${clean}\n`).topNode
  const problem = syntaxProblem(source, top)
  if (problem !== null) {
    return { text: clean, statements: [], fault: faultAtLine('malformed', file, problem.line, problem.message) }
  }
  return { text: clean, statements: statements(source, children(top), 0), fault: null }
}
