/** Attributes that late functions compute (`@late()`), evaluated as Rez does while it resolves (`_eval_late_binding`). */
import { callFunction } from '../python/execute.ts'
import { Parent, unknownMachine } from '../python/facts.ts'
import { LimitReached } from '../python/machine.ts'
import { builtin, FALSE, freeze, newFrame, NotEvaluated, str, thaw, TRUE, unknown } from '../python/runtime.ts'
import { codeLine } from '../source/code-line.ts'
import { includedModule } from './source-modules.ts'
import { intersectsFunction, VersionObject } from './version-binding.ts'
import { requirementsObject, systemObject, unknownObject } from './bindings.ts'
import type { Attribute, DefinedFunction, Definition } from '../source/definition.ts'
import type { FunctionObject, HostObject, Rt } from '../python/runtime.ts'
import type { ParentEnvironment } from '../python/facts.ts'
import type { Machine } from '../python/machine.ts'
import type { Unevaluated } from '../../domain/context.ts'
import type { Value } from '../python/value.ts'

/** What is known of a resolve before it is done; null for what is not. */
export interface LateBindings {
  readonly requests: readonly string[]
  readonly implicits: readonly string[] | null
  readonly system: { readonly platform: string; readonly arch: string; readonly os: string } | null
  /** What is known of the shell that starts the context. */
  readonly parent?: ParentEnvironment
}

/** The package whose attributes they are. */
export interface LatePackage {
  readonly name: string
  readonly version: string
  readonly base: string
}

/** The definition with a value for each late function that can be evaluated, and a reason for each other one. */
export function withLateAttributes(definition: Definition, item: LatePackage, bindings: LateBindings): Definition {
  const late = [...definition.functions.values()].filter(
    ({ name, kind }) => kind === 'late' && definition.unknown.has(name),
  )
  if (late.length === 0) return definition
  const attributes = new Map(definition.attributes)
  const lost = new Map(definition.unknown)
  for (const code of late) {
    const answer = evaluate(code, { definition, item, bindings })
    if (answer.attribute === null) lost.set(code.name, answer.lost)
    else {
      attributes.set(code.name, answer.attribute)
      lost.delete(code.name)
    }
  }
  const before = new Map(late.map(({ name }) => [definition.unknown.get(name), lost.get(name)]))
  const left = definition.unevaluated.flatMap((one) => (before.has(one) ? [before.get(one) ?? []] : [one]).flat())
  return { ...definition, attributes, unknown: lost, unevaluated: left }
}

interface Setting {
  readonly definition: Definition
  readonly item: LatePackage
  readonly bindings: LateBindings
}

type Answer =
  { readonly attribute: Attribute; readonly lost: null } | { readonly attribute: null; readonly lost: Unevaluated }

function evaluate(code: DefinedFunction, setting: Setting): Answer {
  const { definition } = setting
  const reports: { readonly line: number; readonly code: string; readonly reason: string }[] = []
  const machine: Machine = {
    facts: {
      ...unknownMachine(),
      platform: setting.bindings.system?.platform ?? null,
      arch: setting.bindings.system?.arch ?? null,
      parent: new Parent(setting.bindings.parent),
    },
    steps: 0,
    calls: 0,
    tries: 0,
    text: code.text,
    call: callFunction,
    report: (text, span, reason) => reports.push({ line: span.line, code: codeLine(text, span), reason }),
    skipped: () => undefined,
  }
  try {
    const value: Value = freeze(callFunction(machine, functionOf(code, setting, machine), [], new Map()))
    return { attribute: { name: code.name, line: code.line, value }, lost: null }
  } catch (error) {
    if (!(error instanceof NotEvaluated) && !(error instanceof LimitReached)) throw error
    const [first] = reports
    const {
      line,
      code: text,
      reason,
    } = first ?? {
      line: code.line,
      code: `def ${code.name}()`,
      reason: error.message,
    }
    const why = `a late function that is not evaluated: ${reason}`
    return { attribute: null, lost: { file: definition.file, line, code: text, reason: why } }
  }
}

function functionOf(code: DefinedFunction, { definition, item, bindings }: Setting, machine: Machine): FunctionObject {
  const { requests, implicits, system } = bindings
  const names = new Map<string, Rt>([
    ['in_context', builtin('in_context', () => TRUE)],
    ['context', unknownObject('context')],
    ['system', systemObject(system)],
    ['building', FALSE],
    ['testing', FALSE],
    ['request', requirementsObject('request', requests)],
    ['implicits', implicits === null ? unknownObject('implicits') : requirementsObject('implicits', implicits)],
    // Nothing is resolved yet.
    ['ephemerals', requirementsObject('ephemerals', [])],
    ['intersects', intersectsFunction(() => null)],
    ['this', thisObject(definition, item)],
  ])
  const frame = newFrame(null, names)
  for (const name of code.includes) {
    frame.names.set(name, includedModule(name, definition.modules?.get(name), machine))
  }
  const { name, parameters, body, text } = code
  const invoke = (): Rt => unknown(`${name}() calls itself`)
  return { kind: 'function', name, parameters, fallbacks: new Map(), body, frame, text, invoke }
}

function thisObject(definition: Definition, item: LatePackage): HostObject {
  return {
    kind: 'object',
    type: 'package',
    attribute: (name) => {
      if (name === 'name') return str(item.name)
      if (name === 'version') return new VersionObject(item.version)
      if (name === 'base') return str(item.base)
      const known = definition.attributes.get(name)
      return known === undefined ? unknown(`this.${name} is not known before the resolve is done`) : thaw(known.value)
    },
  }
}
