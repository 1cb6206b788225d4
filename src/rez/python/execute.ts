/** Runs statements; what is not known is reported, its effects are not applied, and what it might have changed is marked. */
import { boundNames } from './bound-names.ts'
import { assign, evaluate, functionObject } from './evaluate.ts'
import { LimitReached, lookup, MAX_CALLS, step } from './machine.ts'
import type { Flow, Machine } from './machine.ts'
import { errorName, Stopped, Thrown } from './exceptions.ts'
import { importName } from './imports.ts'
import { tryFlow } from './try-statement.ts'
import { binary } from './operators.ts'
import {
  bindingFrame,
  dict,
  elements,
  hashKey,
  known,
  list,
  newFrame,
  NONE,
  NotEvaluated,
  Raised,
  raised,
  str,
  truth,
  tuple,
  typeName,
  unknown,
} from './runtime.ts'
import type { Frame, FunctionObject, Rt } from './runtime.ts'
import type { Expression, Statement } from './syntax.ts'
import { walk } from './walk.ts'
import { isWithoutEffect, KNOWN_BY_NAME, onlyWayOn, statementsOf } from './without-effect.ts'

type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>

/**
 * Runs the statements of a module or of Rez's commands in `frame`. Never throws: a raised exception and an exhausted
 * budget are reported at the statement that was reached.
 */
export function runModule(machine: Machine, frame: Frame, text: string, code: readonly Statement[]): Flow {
  machine.text = text
  for (const [i, statement] of code.entries()) {
    try {
      const flow = run(machine, frame, statement)
      if (flow !== 'next') return flow
    } catch (error) {
      if (!(error instanceof Error) || !(error instanceof LimitReached || isStop(error))) throw error
      machine.text = text
      machine.calls = 0
      machine.report(text, statement.at, error.message)
      machine.skipped(code.slice(i), error.message)
      if (!isStop(error)) machine.watch?.lost(code.slice(i), error.message)
      return 'lost'
    }
  }
  return 'next'
}

/** What ends the evaluation where Rez itself ends. */
function isStop(error: Error): boolean {
  return error instanceof Stopped || error instanceof Thrown
}

function block(machine: Machine, frame: Frame, code: readonly Statement[]): Flow {
  for (const statement of code) {
    const flow = run(machine, frame, statement)
    if (flow !== 'next') return flow
  }
  return 'next'
}

/** One statement; a NotEvaluated inside it is reported here. */
function run(machine: Machine, frame: Frame, statement: Statement): Flow {
  step(machine)
  const { text } = machine
  try {
    return statementFlow(machine, frame, statement)
  } catch (error) {
    if (!(error instanceof NotEvaluated) || machine.tries > 0) throw error
    machine.text = text
    machine.report(text, statement.at, error.message)
    return passOver(machine, frame, [statement], error.message)
  }
}

function statementFlow(machine: Machine, frame: Frame, statement: Statement): Flow {
  machine.watch?.ran(statement)
  machine.at = statement.at
  switch (statement.kind) {
    case 'expression':
      evaluate(machine, frame, statement.value)
      return 'next'
    case 'assign':
      assignAll(machine, frame, statement)
      return 'next'
    case 'augmented':
      augment(machine, frame, statement)
      return 'next'
    case 'if':
      return ifFlow(machine, frame, statement)
    case 'for':
      return loop(machine, frame, statement, elements(evaluate(machine, frame, statement.iterable)))
    case 'while':
      return whileLoop(machine, frame, statement)
    case 'return':
      return { value: statement.value === null ? NONE : evaluate(machine, frame, statement.value) }
    case 'break':
    case 'continue':
      return statement.kind
    case 'function': {
      const made = statement.function
      if (made.decorators.length > 0) unknown('a decorated function is not evaluated')
      bindingFrame(frame, made.name).names.set(
        made.name,
        functionObject(machine, frame, made.name, made.parameters, made.body),
      )
      return 'next'
    }
    case 'import':
      for (const name of statement.names) importName(machine, frame, name)
      return 'next'
    default:
      return rareFlow(machine, frame, statement)
  }
}

function ifFlow(machine: Machine, frame: Frame, statement: Of<'if'>): Flow {
  for (const [i, { test, body }] of statement.branches.entries()) {
    let holds: boolean
    try {
      holds = truth(evaluate(machine, frame, test))
    } catch (error) {
      const way =
        error instanceof NotEvaluated && !(error instanceof Raised)
          ? wayPast(machine, frame, statement, i, error)
          : null
      if (way === null) throw error
      return block(machine, frame, way)
    }
    if (holds) return block(machine, frame, body)
  }
  return block(machine, frame, statement.otherwise)
}

/** What runs in whatever environment there is, behind a condition that is not known; null where that is not known. */
function wayPast(
  machine: Machine,
  frame: Frame,
  statement: Of<'if'>,
  from: number,
  why: Error,
): readonly Statement[] | null {
  // Inside `try` what a condition raises, and what ends a branch, may be caught.
  if (machine.tries > 0) return null
  if ([...KNOWN_BY_NAME].some((name) => lookup(frame, name)?.kind === 'function')) return null
  const silent = isWithoutEffect(statement)
  const way = silent ? [] : onlyWayOn(statement, from)
  if (way === null) return null
  if (!silent) machine.note?.(statement.at, `this may end the resolve, which then has no environment: ${why.message}`)
  const bodies = [...statement.branches.slice(from).map(({ body }) => body), statement.otherwise]
  for (const inner of statementsOf(bodies.filter((body) => body !== way))) {
    machine.watch?.ran(inner)
    if (silent && inner.kind === 'pass' && inner.note !== undefined) machine.note?.(inner.at, inner.note)
  }
  return way
}

function assignAll(machine: Machine, frame: Frame, statement: Of<'assign'>): void {
  if (statement.value === null) return
  const value = evaluate(machine, frame, statement.value)
  for (const target of statement.targets) assign(machine, frame, target, value)
}

function rareFlow(
  machine: Machine,
  frame: Frame,
  statement: Of<
    'pass' | 'with' | 'global' | 'nonlocal' | 'class' | 'try' | 'delete' | 'raise' | 'assert' | 'unsupported'
  >,
): Flow {
  switch (statement.kind) {
    case 'pass':
      if (statement.note !== undefined) machine.note?.(statement.at, statement.note)
      return 'next'
    case 'try':
      return tryFlow(machine, frame, statement, {
        statement: (inner) => statementFlow(machine, frame, inner),
        block: (code) => block(machine, frame, code),
        passOver: (code, reason) => passOver(machine, frame, code, reason),
      })
    case 'delete':
      for (const target of statement.targets) remove(machine, frame, target)
      return 'next'
    case 'global':
      for (const name of statement.names) frame.globals.add(name)
      return 'next'
    case 'raise':
      throw raisedBy(statement.value)
    case 'assert':
      if (!truth(evaluate(machine, frame, statement.test))) throw new Thrown('AssertionError')
      return 'next'
    case 'nonlocal':
      for (const name of statement.names) frame.outer.add(name)
      return 'next'
    case 'class':
      bindingFrame(frame, statement.name).names.set(statement.name, {
        kind: 'unknown',
        reason: `the class ${statement.name} is not evaluated`,
      })
      machine.skipped(statement.body, `the class ${statement.name} is not evaluated`)
      return 'next'
    case 'with':
      return unknown('with is not evaluated')
    case 'unsupported':
      return unknown(`${statement.what} is not evaluated`)
  }
}

function raisedBy(value: Expression | null): Error {
  const name = value === null ? null : errorName(value)
  return name === null ? new Stopped('the code raises an exception here, at which Rez stops') : new Thrown(name)
}

function augment(machine: Machine, frame: Frame, statement: Of<'augmented'>): void {
  const { target, operator } = statement
  const old = evaluate(machine, frame, target)
  const value = evaluate(machine, frame, statement.value)
  if (operator === '+' && old.kind === 'list') {
    old.items = list([...known(old).items, ...elements(value)]).items
    return
  }
  assign(machine, frame, target, binary(operator, old, value))
}

function loop(machine: Machine, frame: Frame, statement: Of<'for'>, values: readonly Rt[]): Flow {
  for (const value of values) {
    step(machine)
    assign(machine, frame, statement.target, value)
    const flow = block(machine, frame, statement.body)
    if (flow === 'break') return 'next'
    if (flow === 'lost') return passOver(machine, frame, [statement], 'how far this loop runs is not known')
    if (typeof flow === 'object') return flow
  }
  return block(machine, frame, statement.otherwise)
}

function whileLoop(machine: Machine, frame: Frame, statement: Of<'while'>): Flow {
  while (truth(evaluate(machine, frame, statement.test))) {
    step(machine)
    const flow = block(machine, frame, statement.body)
    if (flow === 'break') return 'next'
    if (flow === 'lost') return passOver(machine, frame, [statement], 'how far this loop runs is not known')
    if (typeof flow === 'object') return flow
  }
  return block(machine, frame, statement.otherwise)
}

function remove(machine: Machine, frame: Frame, target: Expression): void {
  if (target.kind === 'name' && frame.names.delete(target.name)) return
  if (target.kind === 'subscript' && target.index.kind !== 'slice') {
    const object = evaluate(machine, frame, target.object)
    if (object.kind === 'dict') {
      const key = hashKey(evaluate(machine, frame, target.index))
      if (!known(object).entries.delete(key)) raised('KeyError', 'the key is not there')
      return
    }
  }
  unknown('this deletion is not evaluated')
}

/**
 * Marks everything that passed-over code might have changed: names it binds, and collections it mentions. The flow is
 * lost when the code might leave the block around it.
 */
function passOver(machine: Machine, frame: Frame, code: readonly Statement[], reason: string): Flow {
  const why = `it depends on code that was not evaluated (${reason.replace(/^it depends on code.*?\((.*)\)$/, '$1')})`
  const seen = new Set<readonly Statement[]>()
  const visit = (part: readonly Statement[]): void => {
    if (seen.has(part) || seen.size > MAX_CALLS) return
    seen.add(part)
    const bound = boundNames(part)
    machine.skipped(part, reason, (name) => (bound.has(name) ? null : textBound(frame, name)))
    for (const name of bound)
      if (part === code) bindingFrame(frame, name).names.set(name, { kind: 'unknown', reason: why })
    walk(part, (node) => {
      step(machine)
      if (!('kind' in node) || node.kind !== 'name') return true
      const value = lookup(frame, node.name)
      if (value === null || value.kind === 'unknown') return true
      if (value.kind === 'list' || value.kind === 'dict' || value.kind === 'set') value.spoiled = why
      else if (value.kind === 'function') visit(value.body)
      return true
    })
  }
  visit(code)
  machine.watch?.lost(code, reason)
  return leaves(code) ? 'lost' : 'next'
}

/** The text that a name stands for, null where that is not known. */
function textBound(frame: Frame, name: string): string | null {
  const value = lookup(frame, name)
  return value?.kind === 'str' ? value.value : null
}

/** Whether code holds a return, break or continue that ends a block outside it. */
function leaves(code: readonly Statement[]): boolean {
  let found = false
  const visit = (part: readonly Statement[], inLoop: boolean): void => {
    walk(part, (node) => {
      if (!('kind' in node)) return false
      if (node.kind === 'return') found = true
      if ((node.kind === 'break' || node.kind === 'continue') && !inLoop) found = true
      if (node.kind !== 'for' && node.kind !== 'while') return true
      visit(node.body, true)
      visit(node.otherwise, inLoop)
      return false
    })
  }
  visit(code, false)
  return found
}

/** Calls a function that the code defines; ends the calling statement where the way through it is not known. */
export function callFunction(
  machine: Machine,
  target: FunctionObject,
  args: readonly Rt[],
  keywords: ReadonlyMap<string, Rt>,
): Rt {
  if (machine.calls >= MAX_CALLS) return unknown('calls nested this deep are not evaluated')
  const frame = newFrame(target.frame)
  bind(target, frame, args, keywords)
  const { text, at } = machine
  machine.calls += 1
  machine.text = target.text
  try {
    const flow = block(machine, frame, target.body)
    if (flow === 'lost') return unknown(`the way through ${target.name}() is not known`)
    return typeof flow === 'object' ? flow.value : NONE
  } finally {
    machine.calls -= 1
    machine.text = text
    if (at !== undefined) machine.at = at
  }
}

function bind(target: FunctionObject, frame: Frame, args: readonly Rt[], keywords: ReadonlyMap<string, Rt>): void {
  const left = new Map(keywords)
  let used = 0
  for (const { name, star } of target.parameters) {
    if (star === '*') {
      frame.names.set(name, tuple(args.slice(used)))
      used = args.length
      continue
    }
    if (star === '**') {
      frame.names.set(name, dict([...left].map(([key, value]) => [str(key), value])))
      left.clear()
      continue
    }
    const positional = used < args.length ? args[used] : undefined
    if (positional !== undefined) used += 1
    const value = positional ?? left.get(name) ?? target.fallbacks.get(name)
    if (positional === undefined) left.delete(name)
    if (value === undefined) return unknown(`TypeError: ${target.name}() misses the argument ${name}`)
    frame.names.set(name, value)
  }
  if (used < args.length || left.size > 0)
    unknown(`TypeError: ${typeName(target)} ${target.name}() takes fewer arguments`)
}
