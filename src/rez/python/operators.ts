/** Python's operators on run-time values. */
import { isCallerText, joinable, markedValue } from './caller-text.ts'
import { percentFormat } from './percent-format.ts'
import {
  bool,
  characters,
  elements,
  hashKey,
  indexArgument,
  int,
  known,
  list,
  MAX_LENGTH,
  members,
  NONE,
  raised,
  set,
  str,
  truth,
  tuple,
  typeName,
  unknown,
} from './runtime.ts'
import type { DictObject, HostObject, Rt, SetObject } from './runtime.ts'
import type { FloatValue, IntValue } from './value.ts'
import type { BinaryOperator, CompareOperator, UnaryOperator } from './syntax.ts'

/** A bool counts as an int in arithmetic. */
function numeric(value: Rt): Rt {
  return value.kind === 'bool' ? int(value.value ? 1 : 0) : value
}

export function unary(operator: UnaryOperator, operand: Rt): Rt {
  if (operator === 'not') return bool(!truth(operand))
  const value = numeric(operand)
  if (value.kind === 'int') {
    if (operator === '+') return value
    return int(operator === '-' ? -value.value : ~value.value)
  }
  if (value.kind === 'float' && operator !== '~') {
    return operator === '+' ? value : { kind: 'float', value: -value.value }
  }
  return unknown(`TypeError: bad operand for ${operator}: ${typeName(operand)}`)
}

export function binary(operator: BinaryOperator, left: Rt, right: Rt): Rt {
  if (operator === '%' && left.kind === 'str') return markedValue(limited(percentFormat(left.value, right)))
  if (left.kind === 'object' && operator === '+' && left.add !== undefined) return left.add(right)
  const a = numeric(left)
  const b = numeric(right)
  if (isNumber(a) && isNumber(b)) {
    if (a.kind === 'int' && b.kind === 'int') return integers(operator, a.value, b.value)
    return floats(operator, Number(a.value), Number(b.value))
  }
  if (operator === '+') return concatenate(left, right)
  if (operator === '*' && b.kind === 'int') return repeat(left, indexArgument(b, '*'))
  if (operator === '*' && a.kind === 'int') return repeat(right, indexArgument(a, '*'))
  if (left.kind === 'set' && right.kind === 'set') return sets(operator, left, right)
  return unknown(`TypeError: ${operator} between ${typeName(left)} and ${typeName(right)}`)
}

function isNumber(value: Rt): value is IntValue | FloatValue {
  return value.kind === 'int' || value.kind === 'float'
}

function sets(operator: BinaryOperator, left: SetObject, right: SetObject): Rt {
  const other = known(right).items
  const own = members(left)
  if (operator === '|') return set([...own, ...members(right)])
  if (operator === '&') return set(own.filter((item) => other.has(hashKey(item))))
  if (operator === '-') return set(own.filter((item) => !other.has(hashKey(item))))
  if (operator === '^') {
    return set([
      ...own.filter((item) => !other.has(hashKey(item))),
      ...members(right).filter((item) => !left.items.has(hashKey(item))),
    ])
  }
  return unknown(`${operator} between sets is not evaluated`)
}

function concatenate(left: Rt, right: Rt): Rt {
  if (isCallerText(left) || isCallerText(right)) {
    return markedValue(limited(joinable(left, '+') + joinable(right, '+')))
  }
  if (left.kind === 'str' && right.kind === 'str') return str(limited(left.value + right.value))
  if (left.kind === 'list' && right.kind === 'list') return list([...known(left).items, ...known(right).items])
  if (left.kind === 'tuple' && right.kind === 'tuple') return tuple([...left.items, ...right.items])
  return unknown(`TypeError: + between ${typeName(left)} and ${typeName(right)}`)
}

function limited(text: string): string {
  return text.length > MAX_LENGTH ? unknown('a text of this length is not evaluated') : text
}

function repeat(value: Rt, count: number): Rt {
  const times = Math.max(0, count)
  const size = value.kind === 'str' ? value.value.length : elements(value).length
  if (size * times > MAX_LENGTH) return unknown('a value of this length is not evaluated')
  if (value.kind === 'str') return str(value.value.repeat(times))
  const items = Array.from({ length: times }, () => elements(value)).flat()
  if (value.kind === 'list') return list(items)
  if (value.kind === 'tuple') return tuple(items)
  return unknown(`TypeError: * on ${typeName(value)}`)
}

function integers(operator: BinaryOperator, a: bigint, b: bigint): Rt {
  switch (operator) {
    case '+':
      return int(a + b)
    case '-':
      return int(a - b)
    case '*':
      return sized(a) * sized(b) > 1 << 16 ? unknown('a number of this size is not evaluated') : int(a * b)
    case '/':
      return floats('/', Number(a), Number(b))
    case '//':
    case '%':
      return divide(operator, a, b)
    case '**':
      if (b < 0n) return unknown('a negative power is not evaluated')
      return BigInt(sized(a)) * b > 1n << 16n ? unknown('a number of this size is not evaluated') : int(a ** b)
    case '<<':
    case '>>':
      if (b < 0n || b > 1000n) return unknown('a shift of this size is not evaluated')
      return int(operator === '<<' ? a << b : a >> b)
    case '&':
      return int(a & b)
    case '|':
      return int(a | b)
    case '^':
      return int(a ^ b)
    case '@':
      return unknown('the operator @ is not evaluated')
  }
}

/** Division rounds down, and the rest has the sign of the divisor. */
function divide(operator: '//' | '%', a: bigint, b: bigint): Rt {
  if (b === 0n) return raised('ZeroDivisionError', 'division by zero')
  const rest = a % b
  const down = rest !== 0n && rest < 0n !== b < 0n
  if (operator === '%') return int(down ? rest + b : rest)
  return int(down ? a / b - 1n : a / b)
}

/** Number of hexadecimal digits. */
function sized(value: bigint): number {
  return value.toString(16).length
}

function floats(operator: BinaryOperator, a: number, b: number): Rt {
  switch (operator) {
    case '+':
      return { kind: 'float', value: a + b }
    case '-':
      return { kind: 'float', value: a - b }
    case '*':
      return { kind: 'float', value: a * b }
    case '/':
      return b === 0 ? raised('ZeroDivisionError', 'division by zero') : { kind: 'float', value: a / b }
    case '//':
      return b === 0 ? raised('ZeroDivisionError', 'division by zero') : { kind: 'float', value: Math.floor(a / b) }
    default:
      return unknown(`${operator} between floats is not evaluated`)
  }
}

/** `left operator right` as a truth value. */
export function compare(operator: CompareOperator, left: Rt, right: Rt): boolean {
  switch (operator) {
    case '==':
      return equal(left, right)
    case '!=':
      return !equal(left, right)
    case 'in':
      return contains(right, left)
    case 'not in':
      return !contains(right, left)
    case 'is':
      return identical(left, right)
    case 'is not':
      return !identical(left, right)
    case '<':
      return order(left, right) < 0
    case '<=':
      return order(left, right) <= 0
    case '>':
      return order(left, right) > 0
    case '>=':
      return order(left, right) >= 0
  }
}

/** Identity is known for None, True and False alone. */
function identical(left: Rt, right: Rt): boolean {
  for (const side of [left, right]) if (side.kind === 'object' && side.identical !== undefined) return side.identical()
  if (left.kind === 'none' || right.kind === 'none') return left.kind === right.kind
  if (left.kind === 'bool' || right.kind === 'bool') return left.kind === right.kind && equal(left, right)
  if (left.kind === 'object' && right.kind === 'object' && left.unique === true && right.unique === true) {
    return left === right
  }
  return left === right ? true : unknown('"is" between these values is not evaluated')
}

export function equal(left: Rt, right: Rt): boolean {
  if (left.kind === 'object') return equalObject(left, right)
  if (right.kind === 'object') return equalObject(right, left)
  if (left.kind === 'function' || right.kind === 'function') return left === right
  if (left.kind === 'dict' && right.kind === 'dict') return equalDicts(left, right)
  if (left.kind === 'set' && right.kind === 'set') {
    const other = known(right).items
    return known(left).items.size === other.size && [...left.items.keys()].every((key) => other.has(key))
  }
  if ((left.kind === 'list' && right.kind === 'list') || (left.kind === 'tuple' && right.kind === 'tuple')) {
    const a = elements(left)
    const b = elements(right)
    return a.length === b.length && a.every((item, i) => equal(item, b[i] ?? NONE))
  }
  const collections = ['list', 'tuple', 'dict', 'set']
  if (collections.includes(left.kind) || collections.includes(right.kind)) return false
  return hashKey(left) === hashKey(right)
}

function equalObject(left: HostObject, right: Rt): boolean {
  if (left.equals !== undefined) return left.equals(right)
  if (left === right) return true
  return right.kind === 'none' ? false : unknown(`== on ${left.type} is not evaluated`)
}

function equalDicts(left: DictObject, right: DictObject): boolean {
  const other = known(right).entries
  const own = known(left).entries
  if (own.size !== other.size) return false
  return [...own].every(([key, [, item]]) => {
    const pair = other.get(key)
    return pair !== undefined && equal(item, pair[1])
  })
}

function contains(container: Rt, item: Rt): boolean {
  if (container.kind === 'object' && container.contains !== undefined) return container.contains(item)
  if (container.kind === 'str') {
    return item.kind === 'str' ? container.value.includes(item.value) : unknown('TypeError: in takes text here')
  }
  if (container.kind === 'dict') return known(container).entries.has(hashKey(item))
  if (container.kind === 'set') return known(container).items.has(hashKey(item))
  return elements(container).some((element) => equal(element, item))
}

/** Negative, zero or positive, as the values are ordered. */
export function order(left: Rt, right: Rt): number {
  const a = numeric(left)
  const b = numeric(right)
  if (isNumber(a) && isNumber(b)) return a.value < b.value ? -1 : a.value > b.value ? 1 : 0
  if (left.kind === 'str' && right.kind === 'str') return textOrder(left.value, right.value)
  if ((left.kind === 'tuple' && right.kind === 'tuple') || (left.kind === 'list' && right.kind === 'list')) {
    const others = elements(right)
    const own = elements(left)
    for (const [i, item] of own.entries()) {
      const other = others[i]
      if (other === undefined) return 1
      if (!equal(item, other)) return order(item, other)
    }
    return own.length - others.length
  }
  return unknown(`TypeError: ${typeName(left)} and ${typeName(right)} have no order`)
}

/** By code points, as Python orders text. */
function textOrder(left: string, right: string): number {
  const a = characters(left)
  const b = characters(right)
  for (let i = 0; i < a.length && i < b.length; i += 1) {
    const gap = (a[i]?.codePointAt(0) ?? 0) - (b[i]?.codePointAt(0) ?? 0)
    if (gap !== 0) return gap
  }
  return a.length - b.length
}
