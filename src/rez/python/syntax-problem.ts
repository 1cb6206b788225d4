/** The first place where a text is not Python, in words. */
import type { SyntaxNode } from '@lezer/common'
import { printable } from '../../domain/bytes.ts'
import { columnAt, lineAt, textOf } from './nodes.ts'
import type { Source } from './nodes.ts'
import { literalShape } from './strings.ts'

export interface SyntaxProblem {
  readonly line: number
  readonly message: string
}

const CLOSING: Readonly<Record<string, string>> = {
  ArgList: ')',
  ParamList: ')',
  ParenthesizedExpression: ')',
  TupleExpression: ')',
  ArrayExpression: ']',
  ArrayComprehensionExpression: ']',
  DictionaryExpression: '}',
  DictionaryComprehensionExpression: '}',
  SetExpression: '}',
  SetComprehensionExpression: '}',
}

/**
 * Looks for error nodes, and for what the grammar lets pass: a string that ends with its line, and statements of one
 * block that do not begin in one column. Null when the text is Python.
 */
export function syntaxProblem(source: Source, top: SyntaxNode): SyntaxProblem | null {
  const blocks: SyntaxNode[] = []
  const cursor = top.cursor()
  do {
    const name = cursor.name
    if (cursor.type.isError && !emptyYield(cursor.node)) return errorNode(source, cursor.node)
    if (name === 'String' || name === 'FormatString') {
      const shape = literalShape(textOf(source, cursor.node))
      if (shape !== null && !shape.closed) {
        return { line: lineAt(source, cursor.from), message: `this string does not end: ${shape.quote} was expected` }
      }
    }
    if (name === 'Body' || name === 'Script') blocks.push(cursor.node)
  } while (cursor.next())
  for (const block of blocks) {
    const problem = indentation(source, block)
    if (problem !== null) return problem
  }
  return null
}

/** The grammar wants a value after `yield`; Python does not. */
function emptyYield(node: SyntaxNode): boolean {
  return node.from === node.to && (node.parent?.name === 'YieldExpression' || node.parent?.name === 'YieldStatement')
}

function errorNode(source: Source, node: SyntaxNode): SyntaxProblem {
  const line = lineAt(source, Math.min(node.from, Math.max(0, source.text.trimEnd().length - 1)))
  const parent = node.parent
  const name = parent?.name ?? ''
  const closing = CLOSING[name]
  if (parent !== null && closing !== undefined) {
    const opened = lineAt(source, parent.from)
    const where = opened === line ? '' : ` (the bracket is opened in line ${opened})`
    return { line, message: `not Python: "${closing}" or "," was expected${where}` }
  }
  if (name === 'String' || name === 'FormatString') {
    const quote = parent === null ? '' : (literalShape(textOf(source, parent))?.quote ?? '')
    const begun = parent === null ? line : lineAt(source, parent.from)
    return { line: begun, message: `this string does not end: ${quote} was expected` }
  }
  if (name === 'Body') return { line, message: 'not Python: an indented block was expected' }
  const found = source.text.slice(node.from).split('\n', 1)[0]?.trim() ?? ''
  const near =
    found === '' ? 'the end of the line' : `"${printable(found.length > 30 ? `${found.slice(0, 30)}...` : found)}"`
  const expected = EXPECTED[name] ?? 'an expression or the end of the statement'
  return { line, message: `not Python: ${expected} was expected before ${near}` }
}

const EXPECTED: Readonly<Record<string, string>> = {
  Script: 'the end of the statement',
  AssignStatement: 'a value',
  BinaryExpression: 'a value',
  IfStatement: 'a condition and ":"',
  WhileStatement: 'a condition and ":"',
  ForStatement: '"for NAME in VALUES:"',
  FunctionDefinition: '"def NAME(...):"',
  WithStatement: '"with VALUE as NAME:"',
}

/** Python wants the statements of one block in one column, and those of a module in the first. */
function indentation(source: Source, block: SyntaxNode): SyntaxProblem | null {
  let column = block.name === 'Script' ? 0 : -1
  let line = lineAt(source, block.from)
  for (let child = block.firstChild; child !== null; child = child.nextSibling) {
    if (child.name === ':' || child.name === 'Comment' || child.type.isError) continue
    const start = lineAt(source, child.from)
    if (block.name === 'Body' && start === line) continue
    line = start
    const found = columnAt(source, child.from)
    if (column < 0) column = found
    if (found === column || source.text[child.from - 1] === ';') continue
    const message = `this line is indented by ${found} columns: ${column} were expected`
    return { line: start, message }
  }
  return null
}
