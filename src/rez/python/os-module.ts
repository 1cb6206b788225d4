/** The module `os`: names, and what is known of the shell that starts the context. */
import { builtin, list, NONE, raised, str, textArgument, unknown } from './runtime.ts'
import { eitherOf } from './caller-text.ts'
import { moduleOf } from './module-object.ts'
import { pathModule } from './path-module.ts'
import type { HostObject, Rt } from './runtime.ts'
import type { MachineFacts, Parent } from './facts.ts'

export function osModule(facts: MachineFacts): HostObject {
  const { list: names, parent } = facts
  const get = ([key, fallback = NONE]: readonly Rt[]): Rt => {
    const name = textArgument(key, 'os.environ')
    if (fallback.kind === 'str' && fallback.value === '') return parent.text(name, 'empty') ?? fallback
    if (parent.canWait(name)) return eitherOf(name)
    const value = parent.value(name)
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
    attribute: (name) => {
      if (name === 'copy') return builtin('os.environ.copy', () => copied(environObject(parent, get), get))
      return name === 'get' ? builtin('os.environ.get', get) : whole()
    },
    item: (index) => {
      const name = textArgument(index, 'os.environ')
      return parent.text(name, 'fails') ?? raised('KeyError', name)
    },
    contains: (item) => item.kind === 'str' && parent.value(item.value) !== null,
    elements: whole,
    text: whole,
    truth: whole,
  }
}

/** `os.environ.copy()`: what code puts into it is its own. */
function copied(environ: HostObject, get: (args: readonly Rt[]) => Rt): HostObject {
  const own = new Map<string, Rt>()
  const found = (key: Rt | undefined): Rt | undefined => own.get(textArgument(key, 'a key of the environment'))
  return {
    ...environ,
    type: 'a copy of os.environ',
    attribute: (name) => {
      if (name === 'get') return builtin('get', (args) => found(args[0]) ?? get(args))
      return name === 'copy'
        ? unknown('a copy of a copy of os.environ is not evaluated')
        : (environ.attribute?.(name) ?? null)
    },
    item: (key) => found(key) ?? environ.item?.(key) ?? NONE,
    setItem: (key, value) => {
      own.set(textArgument(key, 'a key of the environment'), value)
    },
    contains: (key) => found(key) !== undefined || environ.contains?.(key) === true,
  }
}

function listed(names: NonNullable<MachineFacts['list']>, folder: Rt | undefined): Rt {
  const path = textArgument(folder, 'os.listdir')
  const found = names(path)
  if (found === null) return unknown(`what lies in ${path} depends on the machine`)
  return found === 'missing' ? raised('FileNotFoundError', path) : list(found.map(str))
}
