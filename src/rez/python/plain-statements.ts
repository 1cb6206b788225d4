/**
 * Reads plain Python without the grammar, which takes long to load and to warm up: what package definitions are mostly
 * made of. The trees are exactly those of the grammar; where anything else stands in the text, there are none.
 */
import { sourceOf } from './nodes.ts'
import { NotPlain, PlainCursor } from './plain-cursor.ts'
import { binaryOperator, callArguments, expressionList, operation, test } from './plain-expressions.ts'
import type { Decorator, Expression, ImportedName, Parameter, Statement } from './syntax.ts'

/** Longer texts are rare, and the expressions for long strings take much memory. */
const MAX_PLAIN = 100_000

const UPDATE = /(?:\*\*|\/\/|<<|>>|[+\-*/%@&|^])=/y
const ASSIGN = /=(?!=)/y

/** Line ends and blanks that only the grammar knows how to read. */
const ODD = /[\r\f\0\v\ufeff]/

/** The statements of a text that ends with a line end; null where it takes the grammar to read it. */
export function plainStatements(text: string, firstLine: number): readonly Statement[] | null {
  if (text.length > MAX_PLAIN || ODD.test(text)) return null
  try {
    const cursor = new PlainCursor(sourceOf(text, firstLine))
    const statements = block(cursor, 0)
    // What is left begins further to the left than its block.
    return cursor.at < text.length ? null : statements
  } catch (error) {
    if (error instanceof NotPlain) return null
    throw error
  }
}

/** The statements that begin in a column, up to a line that begins before it. */
function block(cursor: PlainCursor, column: number): Statement[] {
  const statements: Statement[] = []
  for (;;) {
    const found = cursor.lineStart()
    if (found < column) return statements
    if (found > column) cursor.fail()
    cursor.at += column
    statements.push(statement(cursor, column))
  }
}

/** What follows a colon: a block, or a statement in the same line. */
function suite(cursor: PlainCursor, column: number): Statement[] {
  cursor.expect(':')
  if (!cursor.atLineEnd) return [simple(cursor)]
  cursor.lineEnd()
  const inner = cursor.lineStart()
  if (inner <= column) cursor.fail()
  return cursor.nested(() => block(cursor, inner))
}

function statement(cursor: PlainCursor, column: number): Statement {
  cursor.unlink()
  const from = cursor.at
  switch (cursor.peek()) {
    case '':
      return cursor.next === '@' ? decorated(cursor, column) : simple(cursor)
    case 'def':
      return definition(cursor, column, [])
    case 'if':
      return conditional(cursor, column)
    case 'for':
      return loop(cursor, column)
    case 'while': {
      cursor.word('while')
      const condition = test(cursor)
      const body = suite(cursor, column)
      return { kind: 'while', at: cursor.since(from), test: condition, body, otherwise: [] }
    }
    case 'with':
      return resource(cursor, column)
  }
  return simple(cursor)
}

function conditional(cursor: PlainCursor, column: number): Statement {
  const from = cursor.at
  const branches: { readonly test: Expression; readonly body: readonly Statement[] }[] = []
  let otherwise: readonly Statement[] = []
  cursor.word('if')
  do {
    const condition = test(cursor)
    branches.push({ test: condition, body: suite(cursor, column) })
  } while (clause(cursor, column, 'elif'))
  if (clause(cursor, column, 'else')) otherwise = suite(cursor, column)
  return { kind: 'if', at: cursor.since(from), branches, otherwise }
}

/** Takes the word that goes on with a statement, where the next line begins with it. */
function clause(cursor: PlainCursor, column: number, word: string): boolean {
  if (cursor.lineStart() !== column) return false
  const before = cursor.at
  const { end } = cursor
  cursor.at += column
  if (cursor.word(word)) {
    cursor.unlink()
    return true
  }
  cursor.at = before
  cursor.end = end
  return false
}

function loop(cursor: PlainCursor, column: number): Statement {
  const from = cursor.at
  cursor.word('for')
  const target = expressionList(cursor, (one) => operation(one))
  if (!cursor.word('in')) cursor.fail()
  const iterable = expressionList(cursor)
  const body = suite(cursor, column)
  return { kind: 'for', at: cursor.since(from), target, iterable, body, otherwise: [] }
}

function resource(cursor: PlainCursor, column: number): Statement {
  const from = cursor.at
  cursor.word('with')
  const context = test(cursor)
  let target: Expression | null = null
  if (cursor.word('as')) {
    const start = cursor.start
    const name = cursor.name()
    target = { kind: 'name', at: cursor.since(start), name }
  }
  const body = suite(cursor, column)
  return { kind: 'with', at: cursor.since(from), context, target, body }
}

function decorated(cursor: PlainCursor, column: number): Statement {
  const decorators: Decorator[] = []
  while (cursor.sign('@')) {
    let name = cursor.name()
    while (cursor.sign('.')) name += `.${cursor.name()}`
    decorators.push({ name, arguments: cursor.next === '(' ? callArguments(cursor) : [] })
    cursor.lineEnd()
    if (cursor.lineStart() !== column) cursor.fail()
    cursor.at += column
  }
  return cursor.peek() === 'def' ? definition(cursor, column, decorators) : cursor.fail()
}

function definition(cursor: PlainCursor, column: number, decorators: readonly Decorator[]): Statement {
  const from = cursor.at
  cursor.word('def')
  const name = cursor.name()
  if (cursor.next !== '(') cursor.fail()
  const parameters = cursor.brackets(')', () => {
    const found: Parameter[] = []
    while (cursor.next !== ')') {
      found.push(parameter(cursor))
      if (!cursor.sign(',')) break
    }
    return found
  })
  const body = suite(cursor, column)
  const at = cursor.since(from)
  return { kind: 'function', at, function: { name, at, parameters, decorators, body } }
}

function parameter(cursor: PlainCursor): Parameter {
  const star = cursor.sign('**') ? '**' : cursor.sign('*') ? '*' : null
  const name = cursor.name()
  const fallback = star === null && cursor.match(ASSIGN) !== null ? test(cursor) : null
  return { name, star, fallback }
}

/** A statement of one line. */
function simple(cursor: PlainCursor): Statement {
  cursor.unlink()
  const made = simpleStatement(cursor)
  cursor.lineEnd()
  return made
}

function simpleStatement(cursor: PlainCursor): Statement {
  const from = cursor.start
  const word = cursor.peek()
  switch (word) {
    case 'pass':
    case 'break':
    case 'continue':
      cursor.word(word)
      return { kind: word, at: cursor.since(from) }
    case 'return': {
      cursor.word(word)
      const value = cursor.atLineEnd ? null : expressionList(cursor)
      return { kind: 'return', at: cursor.since(from), value }
    }
    case 'import':
    case 'from':
      return imports(cursor, word)
    // Words with a meaning at the beginning of a statement only.
    case 'match':
    case 'type':
      return cursor.fail()
  }
  return assignment(cursor)
}

function assignment(cursor: PlainCursor): Statement {
  const from = cursor.start
  const targets: Expression[] = []
  let value = expressionList(cursor)
  const update = cursor.match(UPDATE)
  if (update !== null) {
    const operator = binaryOperator(update.slice(0, -1))
    const target = value
    value = expressionList(cursor)
    return { kind: 'augmented', at: cursor.since(from), target, operator, value }
  }
  while (cursor.match(ASSIGN) !== null) {
    targets.push(value)
    value = expressionList(cursor)
  }
  const at = cursor.since(from)
  return targets.length === 0 ? { kind: 'expression', at, value } : { kind: 'assign', at, targets, value }
}

function imports(cursor: PlainCursor, word: 'import' | 'from'): Statement {
  const from = cursor.start
  cursor.word(word)
  if (word === 'import') {
    const names = importedNames(cursor, null)
    return { kind: 'import', at: cursor.since(from), names }
  }
  const module = dottedName(cursor)
  if (!cursor.word('import')) cursor.fail()
  const names =
    cursor.next === '(' ? cursor.brackets(')', () => importedNames(cursor, module)) : importedNames(cursor, module)
  return { kind: 'import', at: cursor.since(from), names }
}

function importedNames(cursor: PlainCursor, module: string | null): ImportedName[] {
  const names: ImportedName[] = []
  do {
    if (names.length > 0 && cursor.next === ')') break
    const text = dottedName(cursor)
    const alias = cursor.word('as') ? cursor.name() : null
    names.push(module === null ? { module: text, name: null, alias } : { module, name: text, alias })
  } while (cursor.sign(','))
  return names
}

function dottedName(cursor: PlainCursor): string {
  let name = cursor.name()
  while (cursor.sign('.')) name += `.${cursor.name()}`
  return name
}
