/** Statements: from the grammar's nodes to syntax trees. */
import type { SyntaxNode } from '@lezer/common'
import { callArguments, expression, parameters, sequence } from './expressions.ts'
import { children, demanded, MAX_DEPTH, span, split, textOf } from './nodes.ts'
import type { Source } from './nodes.ts'
import type { BinaryOperator, Decorator, Expression, FunctionNode, Handler, ImportedName, Statement } from './syntax.ts'

/** The statements below a node; groups joined by `;` are flattened. */
export function statements(source: Source, nodes: readonly SyntaxNode[], depth: number): Statement[] {
  const out: Statement[] = []
  for (const node of nodes) {
    if (node.name === 'StatementGroup') {
      // One by one: a line may hold more than a call takes arguments.
      for (const inner of statements(source, children(node), depth)) out.push(inner)
    } else if (node.name !== ':' && node.name !== ';') out.push(statement(source, node, depth))
  }
  return out
}

function statement(source: Source, node: SyntaxNode, depth: number): Statement {
  const at = span(source, node.from, node.to)
  if (depth > MAX_DEPTH) return { kind: 'unsupported', at, what: 'deeply nested code' }
  const parts = children(node)
  const next = depth + 1
  switch (node.name) {
    case 'ExpressionStatement':
      return { kind: 'expression', at, value: sequence(source, parts, node, next) }
    case 'AssignStatement':
      return assignment(source, node, parts, next)
    case 'UpdateStatement':
      return update(source, node, parts, next)
    case 'PassStatement':
      // What stands there is `print`, of the same length with its blank, and what it prints is passed over as a comment.
      return textOf(source, node) === 'pass' ? { kind: 'pass', at } : { kind: 'pass', at, note: PRINT }
    case 'PrintStatement':
      return { kind: 'pass', at, note: PRINT }
    case 'BreakStatement':
      return { kind: 'break', at }
    case 'ContinueStatement':
      return { kind: 'continue', at }
    case 'ReturnStatement':
      return { kind: 'return', at, value: rest(source, node, parts, next) }
    case 'RaiseStatement':
    case 'AssertStatement':
      return failure(source, node, parts, next)
    case 'DeleteStatement':
      return {
        kind: 'delete',
        at,
        targets: split(parts.slice(1), ',').map((group) => sequence(source, group, node, next)),
      }
    case 'ScopeStatement':
      return scope(source, node, parts)
    case 'ImportStatement':
      return imports(source, node, parts)
    case 'FunctionDefinition':
    case 'ClassDefinition':
    case 'DecoratedStatement':
      return definition(source, node, parts, next)
    default:
      return compound(source, node, parts, next)
  }
}

/** Functions and classes, with their decorators. */
function definition(source: Source, node: SyntaxNode, parts: readonly SyntaxNode[], depth: number): Statement {
  const last = node.name === 'DecoratedStatement' ? demanded(parts.at(-1)) : node
  if (last.name === 'ClassDefinition') return classStatement(source, last, depth)
  const decorators = last === node ? [] : parts.slice(0, -1).map((part) => decorator(source, part, depth))
  return functionStatement(source, last, decorators, depth)
}

/** `raise` and `assert`. */
function failure(source: Source, node: SyntaxNode, parts: readonly SyntaxNode[], depth: number): Statement {
  const at = span(source, node.from, node.to)
  const [, second] = parts
  if (node.name === 'AssertStatement') return { kind: 'assert', at, test: expression(source, demanded(second), depth) }
  return { kind: 'raise', at, value: second === undefined ? null : expression(source, second, depth) }
}

/** `global` and `nonlocal`. */
function scope(source: Source, node: SyntaxNode, parts: readonly SyntaxNode[]): Statement {
  const at = span(source, node.from, node.to)
  const names = parts.filter((part) => part.name === 'VariableName').map((part) => textOf(source, part))
  return { kind: parts[0]?.name === 'global' ? 'global' : 'nonlocal', at, names }
}

const PRINT = "Python 2's print statement: Rez 3 does not load this file"

const NAMES: Readonly<Record<string, string>> = {
  MatchStatement: 'match',
  YieldStatement: 'yield',
  TypeDefinition: 'a type alias',
}

function compound(source: Source, node: SyntaxNode, parts: readonly SyntaxNode[], depth: number): Statement {
  const at = span(source, node.from, node.to)
  const unsupported: Statement = { kind: 'unsupported', at, what: NAMES[node.name] ?? `"${node.name}"` }
  if (parts[0]?.name === 'async') return { ...unsupported, what: 'async' }
  const clauses = clausesOf(parts)
  const [first] = clauses
  if (first === undefined) return unsupported
  const otherwise = bodyOf(source, clauses.find((clause) => clause.keyword === 'else')?.body ?? null, depth)
  if (node.name === 'IfStatement') {
    const branches = clauses
      .filter((clause) => clause.keyword !== 'else')
      .map((clause) => ({
        test: sequence(source, clause.head, node, depth),
        body: bodyOf(source, clause.body, depth),
      }))
    return { kind: 'if', at, branches, otherwise }
  }
  // Read once: reading a body twice would double the work with each level of blocks.
  const body = bodyOf(source, first.body, depth)
  switch (node.name) {
    case 'ForStatement': {
      const [target = [], iterable = []] = split(first.head, 'in')
      return {
        kind: 'for',
        at,
        target: sequence(source, target, node, depth),
        iterable: sequence(source, iterable, node, depth),
        body,
        otherwise,
      }
    }
    case 'WhileStatement':
      return { kind: 'while', at, test: sequence(source, first.head, node, depth), body, otherwise }
    case 'WithStatement': {
      const [item = [], ...more] = split(first.head, ',')
      if (more.length > 0) return { ...unsupported, what: 'with several items' }
      const [context = [], target] = split(item, 'as')
      return {
        kind: 'with',
        at,
        context: sequence(source, context, node, depth),
        target: target === undefined ? null : sequence(source, target, node, depth),
        body,
      }
    }
    case 'TryStatement': {
      const handlers = clauses.filter((clause) => clause.keyword === 'except')
      const last = clauses.find((clause) => clause.keyword === 'finally')?.body ?? null
      return {
        kind: 'try',
        at,
        body,
        handlers: handlers.map((clause) => handler(source, clause, node, depth)),
        otherwise,
        last: bodyOf(source, last, depth),
      }
    }
  }
  return unsupported
}

function handler(source: Source, clause: Clause, node: SyntaxNode, depth: number): Handler {
  const [types = [], name = []] = split(clause.head, 'as')
  return {
    types: types.length === 0 ? null : sequence(source, types, node, depth),
    name: name[0] === undefined ? null : textOf(source, name[0]),
    body: bodyOf(source, clause.body, depth),
  }
}

interface Clause {
  readonly keyword: string
  readonly head: readonly SyntaxNode[]
  readonly body: SyntaxNode | null
}

/** A compound statement as its clauses: keyword, what stands before the colon, body. */
function clausesOf(parts: readonly SyntaxNode[]): Clause[] {
  const clauses: Clause[] = []
  let head: SyntaxNode[] = []
  for (const part of parts) {
    if (part.name !== 'Body') {
      head.push(part)
      continue
    }
    clauses.push({ keyword: demanded(head[0]).name, head: head.slice(1), body: part })
    head = []
  }
  return clauses
}

function bodyOf(source: Source, body: SyntaxNode | null, depth: number): Statement[] {
  return body === null ? [] : statements(source, children(body), depth)
}

/** The expressions after a keyword, null where there are none. */
function rest(source: Source, node: SyntaxNode, parts: readonly SyntaxNode[], depth: number): Expression | null {
  const values = parts.slice(1)
  return values.length === 0 ? null : sequence(source, values, node, depth)
}

function assignment(source: Source, node: SyntaxNode, parts: readonly SyntaxNode[], depth: number): Statement {
  const at = span(source, node.from, node.to)
  const groups = split(
    parts.filter((part) => part.name !== 'TypeDef'),
    'AssignOp',
  ).map((group) => sequence(source, group, node, depth))
  if (groups.length === 1) return { kind: 'assign', at, targets: groups, value: null }
  return { kind: 'assign', at, targets: groups.slice(0, -1), value: demanded(groups.at(-1)) }
}

function update(source: Source, node: SyntaxNode, parts: readonly SyntaxNode[], depth: number): Statement {
  const at = span(source, node.from, node.to)
  const place = parts.findIndex((part) => part.name === 'UpdateOp')
  const target = sequence(source, parts.slice(0, place), node, depth)
  const value = sequence(source, parts.slice(place + 1), node, depth)
  // The grammar has an UpdateOp for each binary operator and for nothing else.
  const operator = textOf(source, demanded(parts[place])).slice(0, -1) as BinaryOperator
  return { kind: 'augmented', at, target, operator, value }
}

function functionStatement(
  source: Source,
  node: SyntaxNode,
  decorators: readonly Decorator[],
  depth: number,
): Statement {
  const at = span(source, node.from, node.to)
  const parts = children(node)
  const name = parts.find((part) => part.name === 'VariableName')
  const list = demanded(parts.find((part) => part.name === 'ParamList'))
  if (parts[0]?.name === 'async' || name === undefined) return { kind: 'unsupported', at, what: 'an async function' }
  const made: FunctionNode = {
    name: textOf(source, name),
    at,
    parameters: parameters(source, children(list), depth),
    decorators,
    body: ownBody(source, parts, depth),
  }
  return { kind: 'function', at, function: made }
}

function classStatement(source: Source, node: SyntaxNode, depth: number): Statement {
  const parts = children(node)
  const name = demanded(parts.find((part) => part.name === 'VariableName'))
  const at = span(source, node.from, node.to)
  return { kind: 'class', at, name: textOf(source, name), body: ownBody(source, parts, depth) }
}

/** What a function or a class holds. */
function ownBody(source: Source, parts: readonly SyntaxNode[], depth: number): Statement[] {
  return bodyOf(source, demanded(parts.find((part) => part.name === 'Body')), depth)
}

function decorator(source: Source, node: SyntaxNode, depth: number): Decorator {
  const parts = children(node).slice(1)
  const list = parts.find((part) => part.name === 'ArgList')
  const name = parts
    .filter((part) => part !== list)
    .map((part) => textOf(source, part))
    .join('')
  return { name, arguments: list === undefined ? [] : callArguments(source, list, depth) }
}

function imports(source: Source, node: SyntaxNode, parts: readonly SyntaxNode[]): Statement {
  const at = span(source, node.from, node.to)
  const place = parts.findIndex((part) => part.name === 'import')
  const words = (nodes: readonly SyntaxNode[]): string => nodes.map((part) => textOf(source, part)).join('')
  const from = parts[0]?.name === 'from' ? words(parts.slice(1, place)) : null
  const listed = parts.slice(place + 1).filter((part) => part.name !== '(' && part.name !== ')')
  const names: ImportedName[] = split(listed, ',').map((group) => {
    const [imported = [], alias] = split(group, 'as')
    const text = words(imported)
    const bound = alias === undefined ? null : words(alias)
    return from === null ? { module: text, name: null, alias: bound } : { module: from, name: text, alias: bound }
  })
  return { kind: 'import', at, names }
}
