/** Expressions: from the grammar's nodes to syntax trees. */
import type { SyntaxNode } from '@lezer/common'
import { children, demanded, inside, MAX_DEPTH, span, split, textOf } from './nodes.ts'
import type { Source } from './nodes.ts'
import { isLogical, logical } from './logical.ts'
import { numberValue } from './numbers.ts'
import { fixedText, literalShape, literalValue } from './strings.ts'
import type {
  Argument,
  BinaryOperator,
  CompareOperator,
  ComprehensionClause,
  Expression,
  Parameter,
  Replacement,
  Span,
} from './syntax.ts'
import { bool, NONE } from './value.ts'

type Nodes = readonly SyntaxNode[]

const BINARY = new Set(['+', '-', '*', '/', '//', '%', '**', '@', '<<', '>>', '&', '|', '^'])
const COMPARE = new Set(['==', '!=', '<', '<=', '>', '>='])

/** One expression node. */
export function expression(source: Source, node: SyntaxNode, depth: number): Expression {
  const at = span(source, node.from, node.to)
  if (depth > MAX_DEPTH) return { kind: 'unsupported', at, what: 'deeply nested code' }
  const next = depth + 1
  switch (node.name) {
    case 'VariableName':
      return { kind: 'name', at, name: textOf(source, node) }
    case 'None':
      return { kind: 'constant', at, value: NONE }
    case 'Boolean':
      return { kind: 'constant', at, value: bool(textOf(source, node) === 'True') }
    case 'Number': {
      const value = numberValue(textOf(source, node))
      return value === null ? { kind: 'unsupported', at, what: 'this kind of number' } : { kind: 'constant', at, value }
    }
    case 'String':
    case 'FormatString':
    case 'ContinuedString':
      return strings(source, node, next)
    case 'ParenthesizedExpression':
      return sequence(source, inside(node), node, next)
    case 'TupleExpression':
      return { kind: 'tuple', at, items: items(source, inside(node), next) }
    case 'ArrayExpression':
      return { kind: 'list', at, items: items(source, inside(node), next) }
    case 'SetExpression':
      return { kind: 'set', at, items: items(source, inside(node), next) }
    case 'DictionaryExpression':
      return dictionary(source, node, next)
    case 'ArrayComprehensionExpression':
      return comprehension(source, inside(node), node, 'list', next)
    case 'SetComprehensionExpression':
      return comprehension(source, inside(node), node, 'set', next)
    case 'DictionaryComprehensionExpression':
      return comprehension(source, inside(node), node, 'dict', next)
    case 'ComprehensionExpression':
      return comprehension(source, inside(node), node, 'generator', next)
    default:
      return operation(source, node, next)
  }
}

function operation(source: Source, node: SyntaxNode, depth: number): Expression {
  const at = span(source, node.from, node.to)
  const parts = children(node)
  const part = (index: number): Expression => expression(source, demanded(parts.at(index)), depth)
  if (isLogical(node)) return logical(source, node, depth, (operand) => expression(source, operand, depth))
  switch (node.name) {
    case 'UnaryExpression':
      // `not` is a logical operator.
      return { kind: 'unary', at, operator: textOf(source, demanded(parts[0])) as '-' | '+' | '~', operand: part(1) }
    case 'BinaryExpression':
      return binary(source, node, parts, depth)
    case 'ConditionalExpression':
      return { kind: 'conditional', at, test: part(2), then: part(0), otherwise: part(4) }
    case 'CallExpression':
    case 'MemberExpression':
      return access(source, node, parts, depth)
    case 'NamedExpression':
      return { kind: 'walrus', at, target: part(0), value: part(-1) }
    case 'LambdaExpression': {
      const lists = parts.filter(({ name }) => name === 'ParamList')
      const names = lists.flatMap((list) => parameters(source, children(list), depth))
      return { kind: 'lambda', at, parameters: names, body: part(-1) }
    }
  }
  return { kind: 'unsupported', at, what: NAMES[node.name] ?? `"${node.name}"` }
}

/** `callee(...)`, `object.name`, `object[index]`. */
function access(source: Source, node: SyntaxNode, parts: Nodes, depth: number): Expression {
  const at = span(source, node.from, node.to)
  const object = expression(source, demanded(parts[0]), depth)
  const second = demanded(parts[1])
  if (node.name === 'CallExpression') {
    return { kind: 'call', at, callee: object, arguments: callArguments(source, second, depth) }
  }
  if (second.name === '.') return { kind: 'attribute', at, object, name: textOf(source, demanded(parts[2])) }
  return { kind: 'subscript', at, object, index: subscript(source, parts.slice(2, -1), node, depth) }
}

const NAMES: Readonly<Record<string, string>> = {
  YieldExpression: 'yield',
  AwaitExpression: 'await',
  Ellipsis: '"..."',
}

/** `left operator right`, where the grammar nests a chain of comparisons to the left. */
function binary(source: Source, node: SyntaxNode, parts: Nodes, depth: number): Expression {
  const at = span(source, node.from, node.to)
  const left = demanded(parts[0])
  const right = demanded(parts.at(-1))
  const operator = parts
    .slice(1, -1)
    .map((part) => textOf(source, part))
    .join(' ')
  const a = expression(source, left, depth)
  const b = expression(source, right, depth)
  if (isBinary(operator)) return { kind: 'binary', at, operator, left: a, right: b }
  if (!isCompare(operator)) return { kind: 'unsupported', at, what: `the operator "${operator}"` }
  const step = { operator, right: b }
  if (a.kind === 'compare' && left.name === 'BinaryExpression') {
    return { kind: 'compare', at, first: a.first, rest: [...a.rest, step] }
  }
  return { kind: 'compare', at, first: a, rest: [step] }
}

function isBinary(text: string): text is BinaryOperator {
  return BINARY.has(text)
}

function isCompare(text: string): text is CompareOperator {
  return COMPARE.has(text) || text === 'in' || text === 'not in' || text === 'is' || text === 'is not'
}

/** Comma-separated expressions, as a tuple where there is a comma. */
export function sequence(source: Source, nodes: Nodes, parent: SyntaxNode, depth: number): Expression {
  const at = spanOf(source, nodes, parent)
  const list = items(source, nodes, depth)
  const [only] = list
  if (list.length === 1 && only !== undefined && !nodes.some((node) => node.name === ',')) return only
  return { kind: 'tuple', at, items: list }
}

/** Where a list of nodes stands; an empty one stands where its parent does. */
function spanOf(source: Source, nodes: Nodes, parent: SyntaxNode): Span {
  const { from } = nodes[0] ?? parent
  const { to } = nodes.at(-1) ?? parent
  return span(source, from, to)
}

function items(source: Source, nodes: Nodes, depth: number): Expression[] {
  return split(nodes, ',').map((group) => item(source, group, depth))
}

function item(source: Source, group: Nodes, depth: number): Expression {
  const [, second] = group
  const first = demanded(group[0])
  if (second === undefined) return expression(source, first, depth)
  return { kind: 'starred', at: span(source, first.from, second.to), value: expression(source, second, depth) }
}

function dictionary(source: Source, node: SyntaxNode, depth: number): Expression {
  const entries: { readonly key: Expression | null; readonly value: Expression }[] = []
  for (const group of split(inside(node), ',')) {
    const first = demanded(group[0])
    const value = expression(source, demanded(group.at(-1)), depth)
    entries.push({ key: first.name === '**' ? null : expression(source, first, depth), value })
  }
  return { kind: 'dict', at: span(source, node.from, node.to), entries }
}

function comprehension(
  source: Source,
  nodes: Nodes,
  parent: SyntaxNode,
  form: 'list' | 'set' | 'dict' | 'generator',
  depth: number,
): Expression {
  const at = span(source, parent.from, parent.to)
  const start = nodes.findIndex((node) => node.name === 'for')
  const head = nodes.slice(0, start)
  const value = head[form === 'dict' ? 2 : 0]
  const first = head[0]
  if (start < 1 || value === undefined || first === undefined || nodes.some((node) => node.name === 'async')) {
    return { kind: 'unsupported', at, what: 'this comprehension' }
  }
  return {
    kind: 'comprehension',
    at,
    form,
    key: form === 'dict' ? expression(source, first, depth) : null,
    element: expression(source, value, depth),
    clauses: split(nodes.slice(start + 1), 'for').map((clause) => comprehensionClause(source, clause, parent, depth)),
  }
}

function comprehensionClause(source: Source, nodes: Nodes, parent: SyntaxNode, depth: number): ComprehensionClause {
  const [head = [], ...conditions] = split(nodes, 'if')
  const [target = [], iterable = []] = split(head, 'in')
  return {
    target: sequence(source, target, parent, depth),
    iterable: sequence(source, iterable, parent, depth),
    conditions: conditions.map((condition) => sequence(source, condition, parent, depth)),
  }
}

/** The arguments of a call or of a decorator, from its ArgList. */
export function callArguments(source: Source, list: SyntaxNode, depth: number): Argument[] {
  const nodes = inside(list)
  if (nodes.some((node) => node.name === 'for')) {
    return [{ name: null, star: null, value: comprehension(source, nodes, list, 'generator', depth) }]
  }
  return split(nodes, ',').map((group) => {
    const first = demanded(group[0])
    const value = expression(source, demanded(group.at(-1)), depth)
    if (first.name === '*' || first.name === '**') return { name: null, star: first.name, value }
    const [, operator] = group
    if (operator === undefined) return { name: null, star: null, value }
    if (textOf(source, operator) === '=') return { name: textOf(source, first), star: null, value }
    // The grammar has no node of its own for `name := value` among arguments.
    const at = spanOf(source, group, list)
    return { name: null, star: null, value: { kind: 'walrus', at, target: expression(source, first, depth), value } }
  })
}

/** The parameters of a function or lambda; annotations are left out. */
export function parameters(source: Source, nodes: Nodes, depth: number): Parameter[] {
  const out: Parameter[] = []
  for (const group of split(nodes, ',')) {
    const name = group.find((node) => node.name === 'VariableName')
    const assign = group.findIndex((node) => node.name === 'AssignOp')
    const fallback = assign < 0 ? undefined : group[assign + 1]
    // The first group holds the opening bracket of the list, too.
    const star = group.find((node) => node.name === '*' || node.name === '**')?.name
    if (name === undefined) continue
    out.push({
      name: textOf(source, name),
      star: star === '*' || star === '**' ? star : null,
      fallback: fallback === undefined ? null : expression(source, fallback, depth),
    })
  }
  return out
}

function subscript(source: Source, nodes: Nodes, parent: SyntaxNode, depth: number): Expression {
  if (!nodes.some((node) => node.name === ':')) return sequence(source, nodes, parent, depth)
  const at = spanOf(source, nodes, parent)
  if (nodes.some((node) => node.name === ',')) return { kind: 'unsupported', at, what: 'a slice of several dimensions' }
  const bounds: (Expression | null)[] = [null]
  for (const node of nodes) {
    if (node.name === ':') bounds.push(null)
    else bounds[bounds.length - 1] = expression(source, node, depth)
  }
  return { kind: 'slice', at, lower: bounds[0] ?? null, upper: bounds[1] ?? null, step: bounds[2] ?? null }
}

/** One literal, or several side by side that Python joins. */
function strings(source: Source, node: SyntaxNode, depth: number): Expression {
  const at = span(source, node.from, node.to)
  const literals = node.name === 'ContinuedString' ? children(node) : [node]
  const parts: (string | Replacement)[] = []
  let bytes = false
  for (const literal of literals) {
    if (literal.name === 'FormatString') {
      const pieces = formatParts(source, literal, depth)
      if (pieces === null) return { kind: 'unsupported', at, what: 'this f-string' }
      for (const piece of pieces) parts.push(piece)
      continue
    }
    const value = literalValue(textOf(source, literal))
    if (value?.kind !== 'str' && value?.kind !== 'bytes') {
      return { kind: 'unsupported', at, what: 'an escape by Unicode name' }
    }
    bytes ||= value.kind === 'bytes'
    parts.push(value.value)
  }
  if (!parts.every((part) => typeof part === 'string')) return { kind: 'fstring', at, parts }
  return { kind: 'constant', at, value: { kind: bytes ? 'bytes' : 'str', value: parts.join('') } }
}

function formatParts(source: Source, node: SyntaxNode, depth: number): (string | Replacement)[] | null {
  const shape = literalShape(textOf(source, node))
  if (shape === null) return null
  return replacements(source, node, node.from + shape.from, node.from + shape.to, shape.raw, depth)
}

function replacements(
  source: Source,
  node: SyntaxNode,
  from: number,
  to: number,
  raw: boolean,
  depth: number,
): (string | Replacement)[] | null {
  const parts: (string | Replacement)[] = []
  let plain = from
  for (const child of children(node)) {
    if (child.name !== 'FormatReplacement') continue
    const text = fixedText(source.text.slice(plain, child.from), raw)
    const replacement = formatReplacement(source, child, raw, depth)
    if (text === null || replacement === null) return null
    if (text !== '') parts.push(text)
    parts.push(replacement)
    plain = child.to
  }
  const rest = fixedText(source.text.slice(plain, to), raw)
  if (rest === null) return null
  if (rest !== '') parts.push(rest)
  return parts
}

/** `{value!r:spec}`; null for what is not supported inside, such as `{value=}`. */
function formatReplacement(source: Source, node: SyntaxNode, raw: boolean, depth: number): Replacement | null {
  if (depth > MAX_DEPTH) return null
  const parts = inside(node)
  const conversion = parts.find((part) => part.name === 'FormatConversion')
  const spec = parts.find((part) => part.name === 'FormatSpec')
  if (parts.some((part) => part.name === 'FormatSelfDoc')) return null
  const value = parts.filter((part) => part !== conversion && part !== spec)
  const letter = conversion === undefined ? null : textOf(source, conversion).slice(1)
  if (letter !== null && letter !== 'r' && letter !== 's' && letter !== 'a') return null
  const format = spec === undefined ? [] : replacements(source, spec, spec.from + 1, spec.to, raw, depth + 1)
  if (format === null) return null
  return { expression: sequence(source, value, node, depth), conversion: letter, spec: format }
}
