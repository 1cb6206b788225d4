/** The modules of Python's library that package definitions import, as far as their functions are pure. */
import { bool, builtin, NONE, str, textArgument, tuple, unknown } from './runtime.ts'
import type { HostObject, Rt } from './runtime.ts'

/** What is known of the machine that a definition will run on; null is unknown. */
export interface MachineFacts {
  /** Rez's name of the platform, such as `linux`. */
  readonly platform: string | null
  /** Rez's name of the processor, such as `x86_64`. */
  readonly arch: string | null
  /** Answers `os.path.exists` and its like, null for a path of which nothing is known; null leaves all unevaluated. */
  readonly exists: ((path: string, kind: 'any' | 'file' | 'folder') => boolean | null) | null
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
      return moduleOf('sys', {
        platform: facts.platform === 'linux' ? str('linux') : null,
        // What commands import is not found by evaluation, so that changes to the list change nothing.
        path: { kind: 'object', type: 'sys.path', attribute: (method) => (SILENT.has(method) ? silent(method) : null) },
      })
    case 'platform':
      return moduleOf('platform', {
        system: facts.platform === 'linux' ? builtin('platform.system', () => str('Linux')) : null,
        machine: facts.arch === null ? null : builtin('platform.machine', () => str(facts.arch ?? '')),
      })
    default:
      return STANDARD.has(name) ? moduleOf(name, {}) : rezModule(name, facts)
  }
}

/** Modules whose import changes nothing; what they hold is not evaluated unless it stands above. */
const STANDARD: ReadonlySet<string> = new Set(
  (
    '__future__ abc argparse ast base64 bisect builtins calendar codecs collections collections.abc concurrent ' +
    'concurrent.futures configparser contextlib copy csv ctypes dataclasses datetime difflib email enum errno ' +
    'filecmp fileinput fnmatch functools gc getpass glob gzip hashlib heapq html http http.client importlib ' +
    'importlib.util inspect io ipaddress itertools json keyword linecache locale logging logging.config logging.handlers ' +
    'math mimetypes multiprocessing ntpath numbers operator pathlib pickle pkgutil posix pprint pwd queue random re ' +
    'secrets shlex shutil signal site socket sqlite3 stat statistics string struct subprocess sysconfig tarfile tempfile ' +
    'textwrap threading time timeit token tokenize traceback types typing unicodedata unittest urllib urllib.parse ' +
    'urllib.request uuid venv warnings weakref xml xml.etree xml.etree.ElementTree zipfile zlib'
  ).split(' '),
)

/** Parts of Rez that recipes import, as far as they are the names that commands have anyway. */
function rezModule(name: string, facts: MachineFacts): HostObject | null {
  const names = (object: string): HostObject =>
    moduleOf(object, {
      name: facts.platform === null ? null : str(facts.platform),
      platform: facts.platform === null ? null : str(facts.platform),
      arch: facts.arch === null ? null : str(facts.arch),
    })
  switch (name) {
    case 'rez':
    case 'rez.utils':
    case 'rez.config':
    case 'rez.exceptions':
    case 'rez.packages':
      return moduleOf(name, {})
    case 'rez.system':
      return moduleOf(name, { system: names('system') })
    case 'rez.utils.platform_':
      return moduleOf(name, { platform_: names('platform_') })
    // Whatever is imported from here is None (`src/rez/utils/lint_helper.py`).
    case 'rez.utils.lint_helper':
      return {
        kind: 'object',
        type: `module ${name}`,
        attribute: (member) => (member === 'used' ? silent(member) : NONE),
      }
    default:
      return null
  }
}

const SILENT: ReadonlySet<string> = new Set(['append', 'extend', 'insert'])

/** A function without effect on anything that is evaluated. */
function silent(name: string): HostObject {
  return builtin(name, () => NONE)
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
  const caller = (): never => unknown("os.environ is the caller's environment, which is not known")
  return moduleOf('os', {
    environ: {
      kind: 'object',
      type: 'os.environ',
      attribute: caller,
      item: caller,
      contains: caller,
      elements: caller,
      text: caller,
      truth: caller,
    },
    getenv: builtin('os.getenv', caller),
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

function pathModule(facts: MachineFacts): HostObject {
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
