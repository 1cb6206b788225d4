/** Values of expressions. */
import { attributeOf } from './attributes.ts'
import { builtinNamed, isPythonName } from './builtins.ts'
import { markedValue, plainText } from './caller-text.ts'
import { setEntry } from './collection-methods.ts'
import { lookup, step } from './machine.ts'
import type { Machine } from './machine.ts'
import { binary, compare, unary } from './operators.ts'
import {
  bindingFrame,
  bool,
  builtin,
  dict,
  elements,
  indexArgument,
  invoke,
  iterator,
  known,
  list,
  newFrame,
  outermost,
  raised,
  set,
  textArgument,
  thaw,
  truth,
  tuple,
  typeName,
  unknown,
} from './runtime.ts'
import type { DictObject, Frame, FunctionObject, HostObject, Rt } from './runtime.ts'
import { convert, formatValue } from './str-format.ts'
import { slice, subscript } from './subscript.ts'
import type { Argument, ComprehensionClause, Expression, Parameter, Replacement } from './syntax.ts'

/** The value of an expression; ends the statement (NotEvaluated) where it is not known. */
export function evaluate(machine: Machine, frame: Frame, node: Expression): Rt {
  step(machine)
  switch (node.kind) {
    case 'constant':
      if (node.value.kind === 'str') plainText(node.value.value)
      return thaw(node.value)
    case 'name':
      return named(frame, node.name)
    case 'fstring':
      return markedValue(formatted(machine, frame, node.parts))
    case 'list':
      return list(items(machine, frame, node.items))
    case 'tuple':
      return tuple(items(machine, frame, node.items))
    case 'set':
      return set(items(machine, frame, node.items))
    case 'dict':
      return dictionary(machine, frame, node.entries)
    case 'attribute':
      return attributeOf(evaluate(machine, frame, node.object), node.name)
    case 'subscript':
      return element(machine, frame, node.object, node.index)
    case 'call':
      return call(machine, frame, node.callee, node.arguments)
    case 'comprehension':
      return comprehension(machine, frame, node)
    case 'walrus': {
      const value = evaluate(machine, frame, node.value)
      assign(machine, frame, node.target, value)
      return value
    }
    case 'lambda':
      return lambda(machine, frame, node.parameters, node.body)
    case 'slice':
    case 'starred':
      return unknown('SyntaxError: not allowed here')
    case 'unsupported':
      return unknown(`${node.what} is not evaluated`)
    default:
      return operation(machine, frame, node)
  }
}

type Operation = Extract<Expression, { kind: 'unary' | 'binary' | 'logical' | 'compare' | 'conditional' }>

function operation(machine: Machine, frame: Frame, node: Operation): Rt {
  switch (node.kind) {
    case 'unary':
      return unary(node.operator, evaluate(machine, frame, node.operand))
    case 'binary':
      return binary(node.operator, evaluate(machine, frame, node.left), evaluate(machine, frame, node.right))
    case 'logical': {
      const left = evaluate(machine, frame, node.left)
      return truth(left) === (node.operator === 'or') ? left : evaluate(machine, frame, node.right)
    }
    case 'compare': {
      let left = evaluate(machine, frame, node.first)
      for (const { operator, right } of node.rest) {
        const other = evaluate(machine, frame, right)
        if (!compare(operator, left, other)) return bool(false)
        left = other
      }
      return bool(true)
    }
    case 'conditional':
      return evaluate(machine, frame, truth(evaluate(machine, frame, node.test)) ? node.then : node.otherwise)
  }
}

function named(frame: Frame, name: string): Rt {
  const found = lookup(frame, name)
  if (found === null && name === 'globals') return builtin(name, () => globalsObject(outermost(frame)))
  if (found === null) {
    const made = builtinNamed(name)
    if (made !== null) return made
    return isPythonName(name)
      ? unknown(`${name} is not evaluated`)
      : raised('NameError', `"${name}" is not defined here`)
  }
  return found.kind === 'unknown' ? unknown(found.reason) : found
}

/** What `globals()` gives: the outermost names by key. */
function globalsObject(frame: Frame): HostObject {
  return {
    kind: 'object',
    type: 'globals()',
    item: (index) => named(frame, textArgument(index, 'globals()')),
    contains: (item) => frame.names.has(textArgument(item, 'globals()')),
  }
}

function formatted(machine: Machine, frame: Frame, parts: readonly (string | Replacement)[]): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return plainText(part)
      const value = convert(evaluate(machine, frame, part.expression), part.conversion)
      return formatValue(value, formatted(machine, frame, part.spec))
    })
    .join('')
}

function items(machine: Machine, frame: Frame, nodes: readonly Expression[]): Rt[] {
  return nodes.flatMap((node) =>
    node.kind === 'starred' ? [...elements(evaluate(machine, frame, node.value))] : [evaluate(machine, frame, node)],
  )
}

function dictionary(
  machine: Machine,
  frame: Frame,
  entries: readonly { readonly key: Expression | null; readonly value: Expression }[],
): Rt {
  const made: DictObject = dict([])
  for (const { key, value } of entries) {
    const item = evaluate(machine, frame, value)
    if (key !== null) setEntry(made, evaluate(machine, frame, key), item)
    else if (item.kind === 'dict') for (const [own, other] of known(item).entries.values()) setEntry(made, own, other)
    else unknown(`TypeError: ** on ${typeName(item)}`)
  }
  return made
}

function element(machine: Machine, frame: Frame, object: Expression, index: Expression): Rt {
  const value = evaluate(machine, frame, object)
  if (index.kind !== 'slice') return subscript(value, evaluate(machine, frame, index))
  const bound = (node: Expression | null): Rt | null => (node === null ? null : evaluate(machine, frame, node))
  return slice(value, bound(index.lower), bound(index.upper), bound(index.step))
}

function call(machine: Machine, frame: Frame, callee: Expression, nodes: readonly Argument[]): Rt {
  const target = evaluate(machine, frame, callee)
  const args: Rt[] = []
  const keywords = new Map<string, Rt>()
  for (const { name, star, value } of nodes) {
    const item = evaluate(machine, frame, value)
    if (name !== null) keywords.set(name, item)
    else if (star === '*') args.push(...elements(item))
    else if (star === null) args.push(item)
    else if (item.kind === 'dict') {
      for (const [key, other] of known(item).entries.values()) keywords.set(textArgument(key, '**'), other)
    } else unknown(`TypeError: ** on ${typeName(item)}`)
  }
  return invoke(target, args, keywords)
}

type Comprehension = Extract<Expression, { kind: 'comprehension' }>

function comprehension(machine: Machine, frame: Frame, node: Comprehension): Rt {
  const inner = newFrame(frame)
  const values: Rt[] = []
  const pairs: [Rt, Rt][] = []
  const visit = (clauses: readonly ComprehensionClause[]): void => {
    const [clause, ...rest] = clauses
    if (clause === undefined) {
      const value = evaluate(machine, inner, node.element)
      if (node.key === null) values.push(value)
      else pairs.push([evaluate(machine, inner, node.key), value])
      return
    }
    for (const item of elements(evaluate(machine, inner, clause.iterable))) {
      step(machine)
      assign(machine, inner, clause.target, item)
      if (clause.conditions.every((condition) => truth(evaluate(machine, inner, condition)))) visit(rest)
    }
  }
  visit(node.clauses)
  if (node.form === 'dict') return dict(pairs)
  if (node.form === 'generator') return iterator(values)
  return node.form === 'set' ? set(values) : list(values)
}

function lambda(machine: Machine, frame: Frame, parameters: readonly Parameter[], body: Expression): FunctionObject {
  return functionObject(machine, frame, 'lambda', parameters, [{ kind: 'return', at: body.at, value: body }])
}

/** A function as it is made where its definition stands. */
export function functionObject(
  machine: Machine,
  frame: Frame,
  name: string,
  parameters: readonly Parameter[],
  body: FunctionObject['body'],
): FunctionObject {
  const fallbacks = new Map<string, Rt>()
  for (const parameter of parameters) {
    if (parameter.fallback !== null) fallbacks.set(parameter.name, evaluate(machine, frame, parameter.fallback))
  }
  const made: FunctionObject = {
    kind: 'function',
    name,
    parameters,
    fallbacks,
    body,
    frame,
    text: machine.text,
    invoke: (args, keywords) => machine.call(machine, made, args, keywords),
  }
  return made
}

/** Binds a value to a target: a name, an attribute, an element, or several in a tuple. */
export function assign(machine: Machine, frame: Frame, target: Expression, value: Rt): void {
  step(machine)
  switch (target.kind) {
    case 'name':
      bindingFrame(frame, target.name).names.set(target.name, value)
      return
    case 'tuple':
    case 'list': {
      unpack(machine, frame, target.items, elements(value))
      return
    }
    case 'attribute': {
      const object = evaluate(machine, frame, target.object)
      if (object.kind !== 'object' || object.setAttribute === undefined) {
        unknown(`an attribute of ${typeName(object)} is not set here`)
      } else object.setAttribute(target.name, value)
      return
    }
    case 'subscript':
      assignElement(machine, frame, target, value)
      return
    default:
      unknown('an assignment of this form is not evaluated')
  }
}

/** `a, *b, c = values`. */
function unpack(machine: Machine, frame: Frame, targets: readonly Expression[], values: readonly Rt[]): void {
  const star = targets.findIndex((item) => item.kind === 'starred')
  const spare = values.length - targets.length
  if (star < 0 ? spare !== 0 : spare < -1) raised('ValueError', 'another number of values to unpack')
  for (const [i, item] of targets.entries()) {
    if (item.kind === 'starred') assign(machine, frame, item.value, list(values.slice(star, star + spare + 1)))
    else assign(machine, frame, item, values[star < 0 || i < star ? i : i + spare] ?? unknown('no value'))
  }
}

function assignElement(
  machine: Machine,
  frame: Frame,
  target: Extract<Expression, { kind: 'subscript' }>,
  value: Rt,
): void {
  const object = evaluate(machine, frame, target.object)
  if (target.index.kind === 'slice') {
    assignSlice(machine, frame, object, target.index, value)
    return
  }
  const index = evaluate(machine, frame, target.index)
  if (object.kind === 'dict') setEntry(known(object), index, value)
  else if (object.kind === 'list') {
    // Raises what Python would raise for an index that is not there.
    subscript(object, index)
    object.items = known(object).items.with(indexArgument(index, 'an index'), value)
  } else if (object.kind === 'object' && object.setItem !== undefined) object.setItem(index, value)
  else unknown(`an element of ${typeName(object)} is not set here`)
}

/** `list[lower:upper] = values`, without a step. */
function assignSlice(
  machine: Machine,
  frame: Frame,
  object: Rt,
  index: Extract<Expression, { kind: 'slice' }>,
  value: Rt,
): void {
  if (object.kind !== 'list' || index.step !== null) return unknown('an assignment to this slice is not evaluated')
  const bound = (node: Expression | null, fallback: number): number =>
    node === null ? fallback : indexArgument(evaluate(machine, frame, node), 'a slice')
  const { length } = known(object).items
  const clamp = (place: number): number => Math.min(Math.max(place < 0 ? place + length : place, 0), length)
  const from = clamp(bound(index.lower, 0))
  const to = Math.max(from, clamp(bound(index.upper, length)))
  object.items = object.items.toSpliced(from, to - from, ...elements(value))
}
