/** Reads package.py without executing it: literals and what follows from them by evaluation; all else is named. */
import type { Unevaluated } from '../../domain/context.ts'
import type { Fault } from '../../domain/fault.ts'
import { unknownMachine } from '../python/facts.ts'
import { callFunction, runModule } from '../python/execute.ts'
import type { Machine } from '../python/machine.ts'
import type { Parse } from '../python/plain.ts'
import { builtin, freeze, newFrame, NotEvaluated, unknown } from '../python/runtime.ts'
import type { Frame, Rt } from '../python/runtime.ts'
import type { Expression, FunctionNode, Statement } from '../python/syntax.ts'
import { boundNames } from '../python/bound-names.ts'
import { unevaluated } from './code-line.ts'
import { earlyValue } from './early.ts'
import type { Attribute, DefinedFunction, DefinitionReading, FunctionKind } from './definition.ts'
import { REX_NAMES, rexSource } from './rex-source.ts'
import { scopeObject } from './scope-object.ts'

/** Names that Rez binds before it loads a package.py (`_load_py` in `src/rez/serialise.py`). */
const PROVIDED = ['scope', 'early', 'late', 'include', 'ModifyList', 'InvalidPackageError'] as const

/** Everything gathered while the statements of one file are run. */
interface Reader {
  readonly file: string
  readonly text: string
  readonly parse: Parse
  readonly machine: Machine
  readonly frame: Frame
  readonly lines: Map<string, Statement>
  readonly functions: Map<string, DefinedFunction>
  readonly scopes: Map<string, Attribute>
  readonly unknown: Map<string, Unevaluated>
  readonly unevaluated: Unevaluated[]
  readonly faults: Fault[]
}

/**
 * The definition that a package.py's text holds. A text that is not Python gives no definition and one fault; whatever
 * is not known without executing the file is listed in `unevaluated`, and the attributes it sets in `unknown`.
 */
export function readPackagePy(text: string, file: string, parse: Parse): DefinitionReading {
  const module = parse(text, file)
  if (module.fault !== null) return { definition: null, faults: [module.fault] }
  const reader = newReader(file, module.text, parse)
  for (const statement of module.statements) readStatement(reader, statement)
  const attributes = collect(reader)
  readEarly(reader, attributes)
  return {
    definition: {
      file,
      attributes,
      functions: reader.functions,
      scopes: reader.scopes,
      unknown: reader.unknown,
      unevaluated: reader.unevaluated.toSorted((a, b) => a.line - b.line),
    },
    faults: reader.faults,
  }
}

function newReader(file: string, text: string, parse: Parse): Reader {
  const found: Unevaluated[] = []
  const machine: Machine = {
    facts: unknownMachine(),
    steps: 0,
    calls: 0,
    tries: 0,
    text,
    call: callFunction,
    report: (code, at, reason) => found.push(unevaluated(file, code, at, reason)),
    note: (at, reason) => found.push(unevaluated(file, text, at, reason)),
    skipped: () => undefined,
  }
  const names = new Map<string, Rt>()
  for (const name of PROVIDED)
    names.set(
      name,
      builtin(name, () => unknown(`${name}() is not evaluated`)),
    )
  return {
    file,
    text,
    parse,
    machine,
    frame: newFrame(null, names),
    lines: new Map(),
    functions: new Map(),
    scopes: new Map(),
    unknown: new Map(),
    unevaluated: found,
    faults: [],
  }
}

function readStatement(reader: Reader, statement: Statement): void {
  for (const name of boundNames([statement])) {
    reader.lines.set(name, statement)
    reader.functions.delete(name)
    reader.unknown.delete(name)
  }
  if (statement.kind === 'function') {
    readFunction(reader, statement.function, statement)
    return
  }
  if (statement.kind === 'with' && readScope(reader, statement)) return
  runModule(reader.machine, reader.frame, reader.text, [statement])
}

/** A function is kept, and can be called by code below it; late and early ones make their attribute unknown. */
function readFunction(reader: Reader, node: FunctionNode, statement: Statement): void {
  const kind = functionKind(node)
  const includes = node.decorators
    .filter((decorator) => decorator.name === 'include')
    .flatMap((decorator) => decorator.arguments.map((argument) => literalText(argument.value)))
  reader.functions.set(node.name, {
    name: node.name,
    kind,
    line: node.at.line,
    parameters: node.parameters,
    body: node.body,
    text: reader.text,
    includes: includes.filter((name) => name !== null),
  })
  if (kind === 'plain') {
    runModule(reader.machine, reader.frame, reader.text, [statement])
    return
  }
  reader.frame.names.set(node.name, { kind: 'unknown', reason: REASONS[kind] })
  if (kind === 'include' && REX_NAMES.has(node.name)) return
  const item = unevaluated(reader.file, reader.text, node.at, REASONS[kind])
  reader.unknown.set(node.name, item)
  reader.unevaluated.push(item)
}

const REASONS: Readonly<Record<FunctionKind, string>> = {
  plain: 'a function',
  late: 'a late function: Rez runs it when the attribute is asked for',
  early: 'an early function: Rez runs it when the package is built',
  include: 'a function with included modules',
  decorated: 'a decorator that is not known',
}

function functionKind(node: FunctionNode): FunctionKind {
  const names = node.decorators.map((decorator) => decorator.name)
  if (names.includes('late')) return 'late'
  if (names.includes('early')) return 'early'
  if (names.length === 0) return 'plain'
  return names.every((name) => name === 'include') ? 'include' : 'decorated'
}

function literalText(node: Expression): string | null {
  return node.kind === 'constant' && node.value.kind === 'str' ? node.value.value : null
}

/** `with scope('config') as config:`; false for any other `with`. */
function readScope(reader: Reader, statement: Extract<Statement, { kind: 'with' }>): boolean {
  const { context, target, body } = statement
  if (context.kind !== 'call' || context.callee.kind !== 'name' || context.callee.name !== 'scope') return false
  const [argument] = context.arguments
  const name = argument === undefined ? null : literalText(argument.value)
  if (name === null || (target !== null && target.kind !== 'name')) return false
  const before = new Map(reader.frame.names)
  for (const inner of body) {
    const object = scopeObject(name, (key, value) => {
      reader.scopes.set(key, { name: key, line: inner.at.line, value: freeze(value) })
    })
    if (target !== null) reader.frame.names.set(target.name, object)
    runModule(reader.machine, reader.frame, reader.text, [inner])
  }
  restore(reader, name, before, statement)
  return true
}

/** Names that the body of a scope bound are settings too, and unbound again (`_Scope.__exit__`). */
function restore(reader: Reader, scope: string, before: Reader['frame']['names'], statement: Statement): void {
  const { names } = reader.frame
  for (const [name, value] of names) {
    if (before.get(name) === value || name.startsWith('__')) continue
    if (value.kind !== 'unknown' && value.kind !== 'object' && value.kind !== 'function') {
      const key = `${scope}.${name}`
      reader.scopes.set(key, { name: key, line: statement.at.line, value: freeze(value) })
    }
  }
  names.clear()
  for (const [name, value] of before) names.set(name, value)
}

/** What the names are bound to at the end, without what Rez drops: modules, functions and names that begin with `__`. */
function collect(reader: Reader): Map<string, Attribute> {
  const attributes = new Map<string, Attribute>()
  for (const [name, value] of reader.frame.names) {
    const statement = reader.lines.get(name)
    if (statement === undefined || name.startsWith('__')) continue
    if (reader.functions.has(name) || value.kind === 'function' || value.kind === 'object') continue
    const line = statement.at.line
    if (value.kind === 'unknown') {
      reader.unknown.set(name, unevaluated(reader.file, reader.text, statement.at, value.reason))
      continue
    }
    try {
      const literal = freeze(value)
      if (REX_NAMES.has(name) && literal.kind !== 'none') readRex(reader, name, line, literal)
      else attributes.set(name, { name, line, value: literal })
    } catch (error) {
      if (!(error instanceof NotEvaluated)) throw error
      reader.unknown.set(name, unevaluated(reader.file, reader.text, statement.at, error.message))
    }
  }
  return attributes
}

/** Early functions that depend on nothing unknown give their attributes a value, which those behind them see. */
function readEarly(reader: Reader, attributes: Map<string, Attribute>): void {
  for (const [name, code] of reader.functions) {
    const lost = reader.unknown.get(name)
    if (code.kind !== 'early' || lost === undefined || REX_NAMES.has(name)) continue
    const early = earlyValue(code, reader.frame, reader.file, attributes)
    const place = reader.unevaluated.indexOf(lost)
    if ('value' in early) {
      attributes.set(name, { name, line: code.line, value: early.value })
      reader.functions.delete(name)
      reader.unknown.delete(name)
      if (place >= 0) reader.unevaluated.splice(place, 1)
      continue
    }
    const item = { ...lost, reason: `${lost.reason} (${early.reason})` }
    reader.unknown.set(name, item)
    if (place >= 0) reader.unevaluated[place] = item
  }
}

function readRex(reader: Reader, name: string, line: number, literal: Attribute['value']): void {
  const source = rexSource({ file: reader.file, name, line }, literal, reader.parse)
  if (source.kind === 'code') {
    reader.functions.set(name, source.code)
    return
  }
  reader.unknown.set(name, source.unevaluated)
  reader.unevaluated.push(source.unevaluated)
  if (source.fault !== null) reader.faults.push(source.fault)
}
