/** Python modules that commands use: included ones, and files of packages that they import; each has its own globals. */
import { runModule } from '../python/execute.ts'
import type { Machine } from '../python/machine.ts'
import { newFrame, unknown } from '../python/runtime.ts'
import type { HostObject, UnknownBinding } from '../python/runtime.ts'
import type { SourceModule } from '../source/source-module.ts'

/** Gives the file of a module: `missing` where there is none, null where nothing is known of it. */
export type ModuleSource = (file: string) => SourceModule | 'missing' | null

/** The module that `@include` names; a binding that is not known where there is none. */
export function includedModule(
  name: string,
  module: SourceModule | undefined,
  machine: Machine,
): HostObject | UnknownBinding {
  if (module === undefined) return { kind: 'unknown', reason: `the included module ${name} is not there` }
  return moduleObject(name, module, machine)
}

/** Runs a module and gives its object; a binding that is not known for one that cannot be read. */
export function moduleObject(name: string, module: SourceModule, machine: Machine): HostObject | UnknownBinding {
  if ('reason' in module) return { kind: 'unknown', reason: module.reason }
  const frame = newFrame(null)
  const { text } = machine
  const whole = runModule(machine, frame, module.text, module.statements) === 'next'
  machine.text = text
  return {
    kind: 'object',
    type: `module ${name}`,
    attribute: (member) => {
      const found = frame.names.get(member)
      if (found?.kind === 'unknown') return unknown(found.reason)
      return found ?? (whole ? null : unknown(`the module ${name} is not fully evaluated`))
    },
  }
}

/**
 * The first file that `import NAME` finds in these folders, as far as they are known; null for a package of modules below
 * others, and where a folder before it may have one.
 */
export function moduleOnPath(name: string, folders: readonly string[], source?: ModuleSource): SourceModule | null {
  if (source === undefined || !/^\w+$/.test(name)) return null
  for (const folder of folders) {
    for (const file of [`${folder}/${name}/__init__.py`, `${folder}/${name}.py`]) {
      const module = source(file)
      if (module !== 'missing') return module
    }
  }
  return null
}
