/** Attributes that early functions compute (`@early()`): a recipe has them, an installed package their values (`src/rez/serialise.py`). */
import { posix } from 'node:path'
import { callFunction } from '../python/execute.ts'
import { functionObject } from '../python/evaluate.ts'
import { Stopped, Thrown } from '../python/exceptions.ts'
import { unknownMachine } from '../python/facts.ts'
import { LimitReached } from '../python/machine.ts'
import type { Machine } from '../python/machine.ts'
import { freeze, newFrame, NotEvaluated, raised, thaw, unknown } from '../python/runtime.ts'
import type { Frame, HostObject } from '../python/runtime.ts'
import type { Value } from '../python/value.ts'
import type { Attribute, DefinedFunction } from './definition.ts'

/**
 * The value, or why it is not known. `frame` holds the names of the module in `file`, which the function sees, `attributes` what is
 * known of the package: those of early functions above it too (`process_python_objects`).
 */
export function earlyValue(
  code: DefinedFunction,
  frame: Frame,
  file: string,
  attributes: ReadonlyMap<string, Attribute>,
): { readonly value: Value } | { readonly reason: string } {
  const reasons: string[] = []
  const machine: Machine = {
    // `rez build` is started in the folder of the package that it builds.
    facts: { ...unknownMachine(), folder: posix.isAbsolute(file) ? posix.dirname(file) : null },
    steps: 0,
    calls: 0,
    tries: 0,
    text: code.text,
    call: callFunction,
    report: (_text, _at, reason) => reasons.push(reason),
    skipped: () => undefined,
  }
  const globals = newFrame(null, [...frame.names, ['this', thisObject(frame, attributes)]])
  try {
    const target = functionObject(machine, globals, code.name, code.parameters, code.body)
    const value = freeze(callFunction(machine, target, [], new Map()))
    const [reason] = reasons
    return reason === undefined ? { value } : { reason }
  } catch (error) {
    const known = [NotEvaluated, LimitReached, Stopped, Thrown].some((kind) => error instanceof kind)
    if (!(error instanceof Error) || !known) throw error
    return { reason: reasons[0] ?? error.message }
  }
}

/** `this`: the attributes that are plain values (`EarlyThis`). */
function thisObject(frame: Frame, attributes: ReadonlyMap<string, Attribute>): HostObject {
  return {
    kind: 'object',
    type: 'this',
    attribute: (name) => {
      const known = attributes.get(name)
      if (known !== undefined) return thaw(known.value)
      const found = frame.names.get(name)
      if (found === undefined) return raised('AttributeError', `no attribute ${name}`)
      if (found.kind === 'unknown') return unknown(found.reason)
      return found.kind === 'function' ? unknown(`${name} is a function`) : found
    },
  }
}
