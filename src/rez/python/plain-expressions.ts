/** Expressions of plain Python, by recursive descent: the trees are those that the grammar gives, or there are none. */
import type { PlainCursor } from './plain-cursor.ts'
import { numberValue } from './numbers.ts'
import { literalValue } from './strings.ts'
import type { Argument, BinaryOperator, CompareOperator, Expression } from './syntax.ts'
import { FALSE, NONE, str, TRUE } from './value.ts'
import type { Value } from './value.ts'

const NUMBER = /(?:0[xX][0-9a-fA-F]+|(?:0|[1-9]\d*)(?:\.\d+)?)(?![\w.])/y
const STRING =
  /[rRuU]?(?:'''[^\\']*(?:(?:\\[^]|'(?!''))[^\\']*)*'''|"""[^\\"]*(?:(?:\\[^]|"(?!""))[^\\"]*)*"""|'(?!'')[^\\'\n]*(?:\\[^\n][^\\'\n]*)*'|"(?!"")[^\\"\n]*(?:\\[^\n][^\\"\n]*)*")/y
/** `name=`, not `name==`. */
const KEYWORD_ARGUMENT = /[A-Za-z_]\w*[ \t]*=(?!=)/y
/** A letter that belongs to the string after it. */
const PREFIXED = /[A-Za-z]{1,3}(?=['"])/y
const OPERATOR = /(?:\*\*|\/\/|<<|>>|[|^&+\-*/%@])(?!=)/y
const SIGN = /[+\-~](?!=)/y
const COMPARISON = /[=!<>]=|[<>](?![<>])/y

/** How strongly an operator binds; the power is read apart, for it binds to the right. */
const BINDING: Readonly<Record<string, number>> = {
  '|': 1,
  '^': 2,
  '&': 3,
  '<<': 4,
  '>>': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '@': 6,
  '/': 6,
  '//': 6,
  '%': 6,
}

/** Expressions up to the end of a statement or a colon: a tuple where there is a comma. */
export function expressionList(cursor: PlainCursor, one: (cursor: PlainCursor) => Expression = test): Expression {
  const from = cursor.start
  const first = one(cursor)
  if (!cursor.sign(',')) return first
  const items = [first]
  while (!endsList(cursor)) {
    items.push(one(cursor))
    if (!cursor.sign(',')) break
  }
  return { kind: 'tuple', at: cursor.since(from), items }
}

/** Nothing follows a comma that ends a list. */
function endsList(cursor: PlainCursor): boolean {
  return cursor.atLineEnd || '=:])}'.includes(cursor.next) || cursor.peek() === 'in'
}

/** An expression with `if`, `or` and all that binds more strongly. */
export function test(cursor: PlainCursor): Expression {
  const from = cursor.start
  const then = either(cursor)
  if (!cursor.word('if')) return then
  return cursor.nested(() => {
    const condition = either(cursor)
    if (!cursor.word('else')) cursor.fail()
    const otherwise = test(cursor)
    return { kind: 'conditional', at: cursor.since(from), test: condition, then, otherwise }
  })
}

function either(cursor: PlainCursor): Expression {
  const from = cursor.start
  let left = both(cursor)
  while (cursor.word('or')) {
    cursor.link()
    const right = both(cursor)
    left = { kind: 'logical', at: cursor.since(from), operator: 'or', left, right }
  }
  return left
}

function both(cursor: PlainCursor): Expression {
  const from = cursor.start
  let left = negation(cursor)
  while (cursor.word('and')) {
    cursor.link()
    const right = negation(cursor)
    left = { kind: 'logical', at: cursor.since(from), operator: 'and', left, right }
  }
  return left
}

function negation(cursor: PlainCursor): Expression {
  const from = cursor.start
  if (!cursor.word('not')) return comparison(cursor)
  const operand = cursor.nested(() => negation(cursor))
  return { kind: 'unary', at: cursor.since(from), operator: 'not', operand }
}

function comparison(cursor: PlainCursor): Expression {
  const from = cursor.start
  const first = operation(cursor)
  const rest: { readonly operator: CompareOperator; readonly right: Expression }[] = []
  for (let operator = comparator(cursor); operator !== null; operator = comparator(cursor)) {
    cursor.link()
    rest.push({ operator, right: operation(cursor) })
  }
  return rest.length === 0 ? first : { kind: 'compare', at: cursor.since(from), first, rest }
}

function comparator(cursor: PlainCursor): CompareOperator | null {
  switch (cursor.peek()) {
    case 'in':
      return cursor.word('in') ? 'in' : null
    case 'is':
      cursor.word('is')
      return cursor.word('not') ? 'is not' : 'is'
    case 'not':
      cursor.word('not')
      return cursor.word('in') ? 'not in' : cursor.fail()
    case '':
      return symbol(cursor.match(COMPARISON))
  }
  return null
}

function symbol(text: string | null): CompareOperator | null {
  switch (text ?? '') {
    case '==':
      return '=='
    case '!=':
      return '!='
    case '<':
      return '<'
    case '<=':
      return '<='
    case '>':
      return '>'
    case '>=':
      return '>='
  }
  return null
}

/** What binds more strongly than a comparison; operators that bind at least as strongly as `least` are taken. */
export function operation(cursor: PlainCursor, least = 1): Expression {
  const from = cursor.start
  let left = factor(cursor)
  for (;;) {
    const before = cursor.at
    const { end } = cursor
    const text = cursor.match(OPERATOR)
    const binding = text === null ? undefined : BINDING[text]
    if (text === null || binding === undefined || binding < least) {
      cursor.at = before
      cursor.end = end
      return left
    }
    cursor.link()
    const right = cursor.nested(() => operation(cursor, binding + 1))
    left = { kind: 'binary', at: cursor.since(from), operator: binaryOperator(text), left, right }
  }
}

/** The sign of an operator, which is known to be one. */
export function binaryOperator(text: string): BinaryOperator {
  switch (text) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '//':
    case '%':
    case '**':
    case '@':
    case '<<':
    case '>>':
    case '&':
    case '|':
      return text
  }
  return '^'
}

function factor(cursor: PlainCursor): Expression {
  const from = cursor.start
  const sign = cursor.match(SIGN)
  if (sign !== null) {
    const operand = cursor.nested(() => factor(cursor))
    return { kind: 'unary', at: cursor.since(from), operator: sign === '-' || sign === '+' ? sign : '~', operand }
  }
  const left = access(cursor)
  if (cursor.next !== '*' || cursor.text[cursor.at + 1] !== '*') return left
  if (cursor.text[cursor.at + 2] === '=') return left
  cursor.sign('**')
  const right = cursor.nested(() => factor(cursor))
  return { kind: 'binary', at: cursor.since(from), operator: '**', left, right }
}

/** A value with its calls, attributes and subscripts. */
function access(cursor: PlainCursor): Expression {
  const from = cursor.start
  let value = atom(cursor)
  for (;;) {
    cursor.link()
    switch (cursor.next) {
      case '.': {
        cursor.sign('.')
        const name = cursor.name()
        value = { kind: 'attribute', at: cursor.since(from), object: value, name }
        break
      }
      case '(': {
        const list = callArguments(cursor)
        value = { kind: 'call', at: cursor.since(from), callee: value, arguments: list }
        break
      }
      case '[': {
        const index = cursor.brackets(']', () => subscript(cursor))
        value = { kind: 'subscript', at: cursor.since(from), object: value, index }
        break
      }
      default:
        return value
    }
  }
}

/** The arguments of a call, whose bracket comes next. */
export function callArguments(cursor: PlainCursor): Argument[] {
  return cursor.brackets(')', () => list(cursor, ')', argument))
}

function argument(cursor: PlainCursor): Argument {
  const star = cursor.sign('**') ? '**' : cursor.sign('*') ? '*' : null
  KEYWORD_ARGUMENT.lastIndex = cursor.start
  if (star !== null || !KEYWORD_ARGUMENT.test(cursor.text)) return { name: null, star, value: test(cursor) }
  const name = cursor.name()
  cursor.expect('=')
  return { name, star, value: test(cursor) }
}

/** Items up to a closing bracket; a comma may end them. */
function list<Item>(cursor: PlainCursor, close: string, one: (cursor: PlainCursor) => Item): Item[] {
  const items: Item[] = []
  while (cursor.next !== close) {
    items.push(one(cursor))
    if (!cursor.sign(',')) break
  }
  return items
}

/** `[index]`, `[from:to:step]`. */
function subscript(cursor: PlainCursor): Expression {
  const from = cursor.start
  const lower = cursor.next === ':' ? null : test(cursor)
  if (lower !== null && cursor.sign(',')) {
    const items = [lower, ...list(cursor, ']', test)]
    return { kind: 'tuple', at: cursor.since(from), items }
  }
  if (!cursor.sign(':')) return lower ?? cursor.fail()
  const bound = (): Expression | null => (cursor.next === ':' || cursor.next === ']' ? null : test(cursor))
  const upper = bound()
  const step = cursor.sign(':') ? bound() : null
  return { kind: 'slice', at: cursor.since(from), lower, upper, step }
}

function atom(cursor: PlainCursor): Expression {
  const from = cursor.start
  const { next } = cursor
  switch (next) {
    case '(':
      return parenthesized(cursor)
    case '[': {
      const items = cursor.brackets(']', () => list(cursor, ']', test))
      return { kind: 'list', at: cursor.since(from), items }
    }
    case '{':
      return braces(cursor)
    case "'":
    case '"':
      return string(cursor)
  }
  if (next >= '0' && next <= '9') return number(cursor)
  const constant = CONSTANTS.get(cursor.peek())
  if (constant !== undefined) {
    cursor.word(cursor.peek())
    return { kind: 'constant', at: cursor.since(from), value: constant }
  }
  PREFIXED.lastIndex = cursor.at
  if (PREFIXED.test(cursor.text)) return string(cursor)
  const name = cursor.name()
  return { kind: 'name', at: cursor.since(from), name }
}

const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['None', NONE],
  ['True', TRUE],
  ['False', FALSE],
])

/** A tuple where there is a comma or nothing, else what stands in the brackets. */
function parenthesized(cursor: PlainCursor): Expression {
  const from = cursor.start
  const found = cursor.brackets(')', () => {
    if (cursor.next === ')') return []
    const first = test(cursor)
    return cursor.sign(',') ? [first, ...list(cursor, ')', test)] : first
  })
  return Array.isArray(found) ? { kind: 'tuple', at: cursor.since(from), items: found } : found
}

function braces(cursor: PlainCursor): Expression {
  const from = cursor.start
  const entries: { readonly key: Expression; readonly value: Expression }[] = []
  const items: Expression[] = []
  const read = (): void => {
    const key = test(cursor)
    if (cursor.sign(':')) entries.push({ key, value: test(cursor) })
    else items.push(key)
  }
  cursor.brackets('}', () => {
    list(cursor, '}', read)
  })
  if (items.length === 0) return { kind: 'dict', at: cursor.since(from), entries }
  if (entries.length > 0) cursor.fail()
  return { kind: 'set', at: cursor.since(from), items }
}

function number(cursor: PlainCursor): Expression {
  const from = cursor.start
  const text = cursor.match(NUMBER) ?? cursor.fail()
  const value = numberValue(text) ?? cursor.fail()
  return { kind: 'constant', at: cursor.since(from), value }
}

/** One literal, or several side by side. */
function string(cursor: PlainCursor): Expression {
  const from = cursor.start
  let value = stringPart(cursor.match(STRING) ?? cursor.fail(), cursor)
  for (;;) {
    PREFIXED.lastIndex = cursor.start
    const more = cursor.next === "'" || cursor.next === '"' || PREFIXED.test(cursor.text)
    if (!more) return { kind: 'constant', at: cursor.since(from), value: str(value) }
    value += stringPart(cursor.match(STRING) ?? cursor.fail(), cursor)
  }
}

function stringPart(text: string, cursor: PlainCursor): string {
  const quote = text.charAt(0)
  if ((quote === "'" || quote === '"') && !text.includes('\\')) {
    const quotes = text.length >= 6 && text.startsWith(quote.repeat(3)) ? 3 : 1
    return text.slice(quotes, -quotes)
  }
  const value = literalValue(text)
  return value?.kind === 'str' ? value.value : cursor.fail()
}
