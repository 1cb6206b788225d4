/** `import`: modules that are known bind their names, of others the names are not known. */
import type { Machine } from './machine.ts'
import { moduleNamed } from './modules.ts'
import { bindingFrame, NotEvaluated, unknown } from './runtime.ts'
import type { Frame, HostObject, Rt, UnknownBinding } from './runtime.ts'
import type { ImportedName } from './syntax.ts'

/** Binds what is imported; a module that is not known makes its names unknown, and is reported by the caller. */
export function importName(machine: Machine, frame: Frame, item: ImportedName): void {
  const known = moduleNamed(item.module, machine.facts) ?? packageModule(machine, item.module)
  if (item.name !== null) {
    if (known === null || item.name === '*') unknown(`the module ${item.module} is not evaluated`)
    else {
      bindingFrame(frame, item.alias ?? item.name).names.set(
        item.alias ?? item.name,
        member(machine, known, item.module, item.name),
      )
    }
    return
  }
  if (known === null) return unknown(`the module ${item.module} is not evaluated`)
  const top = item.module.replace(/\..*$/s, '')
  const bound = item.alias === null ? (moduleNamed(top, machine.facts) ?? known) : known
  bindingFrame(frame, item.alias ?? top).names.set(item.alias ?? top, bound)
}

/** A module that lies in a package; ends the statement where it is there and not known. */
function packageModule(machine: Machine, name: string): HostObject | null {
  const found = machine.imported?.(machine, name) ?? null
  return found?.kind === 'unknown' ? unknown(found.reason) : found
}

/** What `from module import name` binds: the import itself has no effect, even where what it brings is not known. */
function member(machine: Machine, module: HostObject, path: string, name: string): Rt | UnknownBinding {
  const nested = moduleNamed(`${path}.${name}`, machine.facts)
  const reason = `${path}.${name} is not evaluated`
  try {
    return nested ?? module.attribute?.(name) ?? { kind: 'unknown', reason }
  } catch (error) {
    if (!(error instanceof NotEvaluated)) throw error
    return { kind: 'unknown', reason: error.message }
  }
}
