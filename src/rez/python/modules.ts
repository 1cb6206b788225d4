/** The modules of Python's library that package definitions import, as far as their functions are pure. */
import { builtin, elements, NONE, str } from './runtime.ts'
import { moduleOf } from './module-object.ts'
import { osModule } from './os-module.ts'
import { pathModule } from './path-module.ts'
import type { HostObject, Rt } from './runtime.ts'
import type { MachineFacts } from './facts.ts'

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
        stdout: written('sys.stdout'),
        stderr: written('sys.stderr'),
        path: { kind: 'object', type: 'sys.path', attribute: (method) => searchPathMethod(method, facts.searchPath) },
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

/** Methods that add folders: modules that lie there can be imported from then on. */
function searchPathMethod(name: string, path: string[]): HostObject | null {
  const add = (at: number, values: readonly Rt[]): Rt => {
    path.splice(at, 0, ...values.flatMap((value) => (value.kind === 'str' ? value.value : [])))
    return NONE
  }
  switch (name) {
    case 'append':
      return builtin(name, ([folder = NONE]) => add(path.length, [folder]))
    case 'extend':
      return builtin(name, ([folders = NONE]) => add(path.length, elements(folders)))
    // Where Rez's own folders stand among these does not matter: they hold no module of a package.
    case 'insert':
      return builtin(name, ([, folder = NONE]) => add(0, [folder]))
    default:
      return null
  }
}

/** A stream: what is written is for people. */
function written(type: string): HostObject {
  const said = (name: string): boolean => name === 'write' || name === 'flush'
  return { kind: 'object', type, attribute: (name) => (said(name) ? silent(name) : null) }
}

/** A function without effect on anything that is evaluated. */
function silent(name: string): HostObject {
  return builtin(name, () => NONE)
}
