/** An included module as commands see it: its own globals, evaluated when it is loaded. */
import { runModule } from '../python/execute.ts'
import type { Machine } from '../python/machine.ts'
import { newFrame, unknown } from '../python/runtime.ts'
import type { HostObject, Rt, UnknownBinding } from '../python/runtime.ts'
import type { IncludedModule } from '../source/included.ts'

/** Runs the module and gives its object; a binding that is not known where there is no such module. */
export function includedModule(
  name: string,
  module: IncludedModule | undefined,
  machine: Machine,
): HostObject | UnknownBinding | Rt {
  if (module === undefined) return { kind: 'unknown', reason: `the included module ${name} is not there` }
  if ('reason' in module) return { kind: 'unknown', reason: module.reason }
  const frame = newFrame(null)
  const whole = runModule(machine, frame, module.text, module.statements) === 'next'
  return {
    kind: 'object',
    type: `module ${name}`,
    attribute: (member) => {
      const found = frame.names.get(member)
      if (found?.kind === 'unknown') return unknown(found.reason)
      return found ?? (whole ? null : unknown(`the included module ${name} is not fully evaluated`))
    },
  }
}
