/**
 * `not`, `and`, `or`. The grammar lets `not` take all that follows, `not (a and b)` for `not a and b`; to Python it ends
 * at the next `and` or `or`. The parts are put together again as Python binds them.
 */
import type { SyntaxNode } from '@lezer/common'
import { children, demanded, MAX_DEPTH, span } from './nodes.ts'
import type { Source } from './nodes.ts'
import type { Expression } from './syntax.ts'

interface Operand {
  readonly node: SyntaxNode
  /** Where the words `not` before it begin, in order. */
  readonly negations: readonly number[]
}

/** An expression with the offset at which it begins, brackets around it counted. */
interface Part {
  readonly from: number
  readonly to: number
  readonly value: Expression
}

/** Whether the node is one of these operations. */
export function isLogical(node: SyntaxNode): boolean {
  return operatorOf(node) !== null
}

/** The operation of a node for which {@link isLogical} holds; `read` gives its operands. */
export function logical(
  source: Source,
  node: SyntaxNode,
  depth: number,
  read: (node: SyntaxNode) => Expression,
): Expression {
  const { operands, operators } = flattened(node)
  const links = operands.reduce((sum, { negations }) => sum + 1 + negations.length, 0)
  if (depth + links > MAX_DEPTH) {
    return { kind: 'unsupported', at: span(source, node.from, node.to), what: 'deeply nested code' }
  }
  const parts = operands.map((operand) => negated(source, operand, read))
  const groups: Part[][] = []
  for (const [i, part] of parts.entries()) {
    if (i === 0 || operators[i - 1] === 'or') groups.push([part])
    else groups.at(-1)?.push(part)
  }
  const alternatives = groups.map((group) => joined(source, 'and', group))
  return joined(source, 'or', alternatives).value
}

function flattened(top: SyntaxNode): { readonly operands: readonly Operand[]; readonly operators: readonly string[] } {
  const operands: Operand[] = []
  const operators: string[] = []
  let negations: number[] = []
  const open: (SyntaxNode | 'and' | 'or')[] = [top]
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (typeof item === 'string') {
      operators.push(item)
      continue
    }
    const operator = operatorOf(item)
    const parts = children(item)
    if (operator === null) {
      operands.push({ node: item, negations })
      negations = []
      continue
    }
    open.push(demanded(parts.at(-1)))
    if (operator === 'not') negations.push(item.from)
    else open.push(operator, demanded(parts[0]))
  }
  return { operands, operators }
}

function operatorOf(node: SyntaxNode): 'not' | 'and' | 'or' | null {
  const [first, second] = children(node)
  // `a not in b` holds the word, too, but does not begin with it.
  if (node.name === 'UnaryExpression') return first?.name === 'not' ? 'not' : null
  if (node.name !== 'BinaryExpression') return null
  return second?.name === 'and' || second?.name === 'or' ? second.name : null
}

function negated(source: Source, { node, negations }: Operand, read: (node: SyntaxNode) => Expression): Part {
  const { to } = node
  let value = read(node)
  for (const from of negations.toReversed()) {
    value = { kind: 'unary', at: span(source, from, to), operator: 'not', operand: value }
  }
  return { from: negations[0] ?? node.from, to, value }
}

function joined(source: Source, operator: 'and' | 'or', parts: readonly Part[]): Part {
  return parts.reduce((left, right) => {
    const at = span(source, left.from, right.to)
    const value: Expression = { kind: 'logical', at, operator, left: left.value, right: right.value }
    return { from: left.from, to: right.to, value }
  })
}
