/** The module `os.path` of POSIX: what is text alone, and what is known of files and of the caller's variables. */
import { endsPerhapsEmpty, joinable, markedValue, startsWithMark, withoutMarks } from './caller-text.ts'
import { bool, builtin, str, textArgument, tuple, unknown } from './runtime.ts'
import { moduleOf } from './module-object.ts'
import type { HostObject } from './runtime.ts'
import type { MachineFacts, Parent } from './facts.ts'

export function pathModule(facts: MachineFacts): HostObject {
  const text = (name: string, work: (path: string) => string): HostObject =>
    builtin(`os.path.${name}`, ([path]) => str(work(textArgument(path, `os.path.${name}`))))
  const test = (name: string, kind: 'any' | 'file' | 'folder'): HostObject | null => {
    const { exists } = facts
    return exists === null
      ? null
      : builtin(`os.path.${name}`, ([path]) => {
          const wanted = textArgument(path, `os.path.${name}`)
          return bool(exists(wanted, kind) ?? unknown(`whether ${wanted} is there depends on the machine`))
        })
  }
  return moduleOf('os.path', {
    sep: str('/'),
    pathsep: str(':'),
    join: builtin('os.path.join', (args) => markedValue(joinPath(args.map((item) => joinable(item, 'os.path.join'))))),
    dirname: text('dirname', dirname),
    basename: text('basename', (path) => path.slice(path.lastIndexOf('/') + 1)),
    normpath: text('normpath', normalPath),
    abspath: text('abspath', (path) => absolutePath(path, facts.folder)),
    isabs: builtin('os.path.isabs', ([path]) => bool(textArgument(path, 'os.path.isabs').startsWith('/'))),
    split: builtin('os.path.split', ([path]) => {
      const whole = textArgument(path, 'os.path.split')
      return tuple([str(dirname(whole)), str(whole.slice(whole.lastIndexOf('/') + 1))])
    }),
    splitext: builtin('os.path.splitext', ([path]) => {
      const [stem, extension] = splitExtension(textArgument(path, 'os.path.splitext'))
      return tuple([str(stem), str(extension)])
    }),
    normcase: text('normcase', (path) => path),
    relpath: builtin('os.path.relpath', ([path, start = str('.')]) => {
      const [to, from] = [path, start].map((one) => textArgument(one, 'os.path.relpath'))
      return str(relativePath(to ?? '', from ?? '', facts.folder))
    }),
    expanduser: text(
      'expanduser',
      (path) => facts.parent.withHome(path) ?? unknown(`the home folder in "${path}" depends on the caller`),
    ),
    expandvars: text('expandvars', (path) => expandVariables(path, facts.parent)),
    exists: test('exists', 'any'),
    lexists: test('lexists', 'any'),
    isfile: test('isfile', 'file'),
    isdir: test('isdir', 'folder'),
  })
}

/**
 * `os.path.join` of POSIX: an absolute part starts anew. A part of the caller's is taken for one that is not empty and
 * does not end in a slash.
 */
function joinPath(parts: readonly string[]): string {
  return parts.reduce((path, part, i) => {
    if (i === 0 || part.startsWith('/')) return part
    // Whether it is absolute is not known.
    if (startsWithMark(part)) return withoutMarks(part)
    if (endsPerhapsEmpty(path)) return withoutMarks(path)
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
function normalPath(path: string): string {
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

/** `os.path.abspath`. */
function absolutePath(path: string, folder: string | null): string {
  if (path.startsWith('/')) return normalPath(path)
  return folder === null ? unknown('a relative path depends on the working folder') : normalPath(`${folder}/${path}`)
}

/** `os.path.relpath`. */
function relativePath(path: string, start: string, folder: string | null): string {
  const [to, from] = [path, start].map((one) => absolutePath(one, folder).split('/').filter(Boolean))
  if (to === undefined || from === undefined) return '.'
  const shared = from.findIndex((part, i) => part !== to[i])
  const common = shared < 0 ? from.length : shared
  const parts = [...from.slice(common).map(() => '..'), ...to.slice(common)]
  return parts.length === 0 ? '.' : parts.join('/')
}

/** `os.path.expandvars`: what is not set stays as it is written. */
function expandVariables(path: string, parent: Parent): string {
  return path.replace(/\$(\w+|\{[^}]*\})/g, (whole, name: string) => {
    return parent.value(name.replace(/^\{(.*)\}$/s, '$1')) ?? whole
  })
}
