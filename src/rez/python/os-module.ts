/** The module `os`: names, and what is known of the shell that starts the context. */
import { builtin, list, NONE, raised, str, textArgument, unknown } from './runtime.ts'
import { moduleOf } from './module-object.ts'
import { pathModule } from './path-module.ts'
import type { HostObject, Rt } from './runtime.ts'
import type { MachineFacts, Parent } from './facts.ts'

export function osModule(facts: MachineFacts): HostObject {
  const { list: names, parent } = facts
  const get = ([key, fallback = NONE]: readonly Rt[]): Rt => {
    const value = parent.value(textArgument(key, 'os.environ'))
    return value === null ? fallback : str(value)
  }
  return moduleOf('os', {
    environ: environObject(parent, get),
    getenv: builtin('os.getenv', get),
    listdir: names === null ? null : builtin('os.listdir', ([folder]) => listed(names, folder)),
    getcwd: facts.folder === null ? null : builtin('os.getcwd', () => str(facts.folder ?? '')),
    curdir: str('.'),
    pardir: str('..'),
    extsep: str('.'),
    altsep: NONE,
    devnull: str('/dev/null'),
    path: pathModule(facts),
    sep: str('/'),
    pathsep: str(':'),
    linesep: str('\n'),
    name: facts.platform === 'linux' ? str('posix') : null,
  })
}

function environObject(parent: Parent, get: (args: readonly Rt[]) => Rt): HostObject {
  const whole = (): never => unknown("os.environ is the caller's environment, of which only single variables are known")
  return {
    kind: 'object',
    type: 'os.environ',
    attribute: (name) => (name === 'get' ? builtin('os.environ.get', get) : whole()),
    item: (index) => {
      const name = textArgument(index, 'os.environ')
      const value = parent.value(name)
      return value === null ? raised('KeyError', name) : str(value)
    },
    contains: (item) => item.kind === 'str' && parent.value(item.value) !== null,
    elements: whole,
    text: whole,
    truth: whole,
  }
}

function listed(names: NonNullable<MachineFacts['list']>, folder: Rt | undefined): Rt {
  const path = textArgument(folder, 'os.listdir')
  const found = names(path)
  if (found === null) return unknown(`what lies in ${path} depends on the machine`)
  return found === 'missing' ? raised('FileNotFoundError', path) : list(found.map(str))
}
