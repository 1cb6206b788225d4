/** The modules of Python's library that package definitions import, as far as their functions are pure. */
import { bool, builtin, str, textArgument, tuple, unknown } from './runtime.ts'
import type { HostObject, Rt } from './runtime.ts'

/** What is known of the machine that a definition will run on; null is unknown. */
export interface MachineFacts {
  /** Rez's name of the platform, such as `linux`. */
  readonly platform: string | null
  /** Rez's name of the processor, such as `x86_64`. */
  readonly arch: string | null
  /** Answers `os.path.exists` and its like; null leaves them unevaluated. */
  readonly exists: ((path: string, kind: 'any' | 'file' | 'folder') => boolean) | null
}

/** A module by its dotted name, null for what is not known here. */
export function moduleNamed(name: string, facts: MachineFacts): HostObject | null {
  switch (name) {
    case 'os':
      return osModule(facts)
    case 'os.path':
    case 'posixpath':
      return pathModule(facts)
    case 'sys':
      return moduleOf('sys', { platform: facts.platform === 'linux' ? str('linux') : null })
    case 'platform':
      return moduleOf('platform', {
        system: facts.platform === 'linux' ? builtin('platform.system', () => str('Linux')) : null,
        machine: facts.arch === null ? null : builtin('platform.machine', () => str(facts.arch ?? '')),
      })
    default:
      return null
  }
}

function moduleOf(name: string, members: Readonly<Record<string, Rt | null>>): HostObject {
  return {
    kind: 'object',
    type: `module ${name}`,
    attribute: (member) =>
      (Object.hasOwn(members, member) ? members[member] : null) ??
      unknown(`${name}.${member} depends on the machine or is not evaluated`),
  }
}

function osModule(facts: MachineFacts): HostObject {
  return moduleOf('os', {
    path: pathModule(facts),
    sep: str('/'),
    pathsep: str(':'),
    linesep: str('\n'),
    name: facts.platform === 'linux' ? str('posix') : null,
  })
}

function pathModule(facts: MachineFacts): HostObject {
  const text = (name: string, work: (path: string) => string): HostObject =>
    builtin(`os.path.${name}`, ([path]) => str(work(textArgument(path, `os.path.${name}`))))
  const test = (name: string, kind: 'any' | 'file' | 'folder'): HostObject | null => {
    const { exists } = facts
    return exists === null
      ? null
      : builtin(`os.path.${name}`, ([path]) => bool(exists(textArgument(path, `os.path.${name}`), kind)))
  }
  return moduleOf('os.path', {
    sep: str('/'),
    pathsep: str(':'),
    join: builtin('os.path.join', (args) => str(joinPath(args.map((item) => textArgument(item, 'os.path.join'))))),
    dirname: text('dirname', dirname),
    basename: text('basename', (path) => path.slice(path.lastIndexOf('/') + 1)),
    normpath: text('normpath', normalPath),
    abspath: text('abspath', (path) =>
      path.startsWith('/') ? normalPath(path) : unknown('a relative path depends on the working folder'),
    ),
    isabs: builtin('os.path.isabs', ([path]) => bool(textArgument(path, 'os.path.isabs').startsWith('/'))),
    split: builtin('os.path.split', ([path]) => {
      const whole = textArgument(path, 'os.path.split')
      return tuple([str(dirname(whole)), str(whole.slice(whole.lastIndexOf('/') + 1))])
    }),
    splitext: builtin('os.path.splitext', ([path]) => {
      const [stem, extension] = splitExtension(textArgument(path, 'os.path.splitext'))
      return tuple([str(stem), str(extension)])
    }),
    exists: test('exists', 'any'),
    lexists: test('lexists', 'any'),
    isfile: test('isfile', 'file'),
    isdir: test('isdir', 'folder'),
  })
}

/** `os.path.join` of POSIX: an absolute part starts anew. */
export function joinPath(parts: readonly string[]): string {
  return parts.reduce((path, part, i) => {
    if (i === 0 || part.startsWith('/')) return part
    return path === '' || path.endsWith('/') ? path + part : `${path}/${part}`
  }, '')
}

/** `os.path.dirname`. */
function dirname(path: string): string {
  const head = path.slice(0, path.lastIndexOf('/') + 1)
  const trimmed = head.replace(/\/+$/, '')
  return trimmed === '' ? head : trimmed
}

/** `os.path.splitext`: dots at the start of the name begin no extension. */
function splitExtension(path: string): readonly [string, string] {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dots = /^\.*/.exec(name)?.[0].length ?? 0
  const dot = name.lastIndexOf('.')
  if (dot < dots) return [path, '']
  const at = path.length - name.length + dot
  return [path.slice(0, at), path.slice(at)]
}

/** `os.path.normpath`: exactly two leading slashes are kept, as POSIX allows. */
export function normalPath(path: string): string {
  if (path === '') return '.'
  const start = /^\/+/.exec(path)?.[0].length ?? 0
  const root = start === 2 ? '//' : start > 0 ? '/' : ''
  const out: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..' || (root === '' && (out.length === 0 || out[out.length - 1] === '..'))) out.push(part)
    else out.pop()
  }
  const joined = root + out.join('/')
  return joined === '' ? '.' : joined
}
