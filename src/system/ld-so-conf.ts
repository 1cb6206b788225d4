/** Folders of `ld.so.conf` as ldconfig reads it (glibc elf/ldconfig.c `parse_conf`); the loader itself never reads it. */
import { decodeBytes, nameOrder } from '../domain/bytes.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAtLine } from '../domain/fault.ts'
import type { Tree } from '../domain/tree.ts'
import { failed } from '../domain/tree.ts'

const MAX_FILE = 1024 * 1024
/** ldconfig itself follows includes for ever. */
const MAX_DEPTH = 16
const MAX_FILES = 1000

export interface LoaderConfiguration {
  /** Folders in the order ldconfig scans them, repeats left out. */
  readonly folders: readonly string[]
  /** Configuration files read, in order. */
  readonly files: readonly string[]
  readonly faults: readonly Fault[]
}

interface State {
  readonly tree: Tree
  readonly folders: Set<string>
  readonly files: string[]
  readonly faults: Fault[]
}

/** The configured folders of a tree, includes followed; nothing where the file is absent. */
export function readLoaderConfiguration(tree: Tree, file = '/etc/ld.so.conf'): LoaderConfiguration {
  const state: State = { tree, folders: new Set(), files: [], faults: [] }
  readFile(state, file, 0)
  return { folders: [...state.folders], files: state.files, faults: state.faults }
}

function readFile(state: State, file: string, depth: number): void {
  if (depth > MAX_DEPTH || state.files.length >= MAX_FILES) {
    state.faults.push(faultAtLine('unsupported', file, null, `too many nested or included files; the rest is left out`))
    return
  }
  const content = state.tree.content(file, MAX_FILE)
  if (failed(content)) {
    if (content.errno !== 'ENOENT') {
      state.faults.push(faultAtLine('unreadable', file, null, `cannot read the loader configuration: ${content.errno}`))
    }
    return
  }
  state.files.push(file)
  const lines = decodeBytes(content).split('\n')
  for (const [index, raw] of lines.entries()) readLine(state, file, index + 1, raw, depth)
}

function readLine(state: State, file: string, number: number, raw: string, depth: number): void {
  const line = raw.replace(/[#\0].*$/s, '').replace(/^[ \t\n\v\f\r]+/, '')
  if (line === '') return
  if (/^include[ \t]/.test(line)) {
    for (const pattern of line.slice(8).split(/[ \t]/)) {
      if (pattern !== '') for (const found of expand(state.tree, file, pattern)) readFile(state, found, depth + 1)
    }
    return
  }
  if (/^hwcap[ \t]/i.test(line)) {
    state.faults.push(faultAtLine('unsupported', file, number, 'hwcap lines have no effect; remove it'))
    return
  }
  const folder = folderOf(line)
  if (folder === null) {
    state.faults.push(faultAtLine('malformed', file, number, `expected an absolute folder, found '${line}'`))
  } else state.folders.add(folder)
}

/** `folder`, or the historic `folder=TYPE`; trailing blanks and slashes go (`add_dir_1`). */
function folderOf(line: string): string | null {
  const equals = line.indexOf('=')
  const name = (equals < 0 ? line : line.slice(0, equals)).replace(/[ \t\n\v\f\r]+$/, '').replace(/\/+$/, '')
  return name.startsWith('/') ? name : null
}

/** Files that an include pattern matches, in byte order; relative patterns start at the including file's folder. */
function expand(tree: Tree, file: string, pattern: string): readonly string[] {
  const full = pattern.startsWith('/') ? pattern : `${file.slice(0, file.lastIndexOf('/'))}/${pattern}`
  let paths = ['']
  for (const part of full.split('/').filter((piece) => piece !== '')) {
    paths = isPattern(part)
      ? paths.flatMap((path) => matches(tree, path, part))
      : paths.map((path) => `${path}/${part.replace(/\\(.)/g, '$1')}`)
    if (paths.length > MAX_FILES) return []
  }
  return paths.filter((path) => !failed(tree.lookup(path)))
}

function matches(tree: Tree, folder: string, part: string): string[] {
  const children = tree.children(folder === '' ? '/' : folder)
  if (failed(children)) return []
  const expression = globExpression(part)
  return children
    .map((child) => child.name)
    .filter((name) => expression.test(name) && (!name.startsWith('.') || part.startsWith('.')))
    .sort(nameOrder)
    .map((name) => `${folder}/${name}`)
}

function isPattern(part: string): boolean {
  return /[*?[]/.test(part)
}

/** A glob(7) pattern of one path component as an expression: `*`, `?`, `[...]`, `[!...]`, `\` before any character. */
export function globExpression(pattern: string): RegExp {
  let out = ''
  for (let i = 0; i < pattern.length; i += 1) {
    const char = pattern.charAt(i)
    const close = char === '[' ? closing(pattern, i) : -1
    if (char === '*') out += out.endsWith('.*') ? '' : '.*'
    else if (char === '?') out += '.'
    else if (close > 0) {
      out += bracket(pattern.slice(i + 1, close))
      i = close
    } else if (char === '\\' && i + 1 < pattern.length) {
      i += 1
      out += escape(pattern.charAt(i))
    } else out += escape(char)
  }
  return new RegExp(`^${out}$`, 's')
}

/** Index of the bracket that closes the one at `open`; a closing one that comes first stands for itself. -1 without one. */
function closing(pattern: string, open: number): number {
  const first = /[!^]/.test(pattern[open + 1] ?? '') ? open + 2 : open + 1
  return pattern.indexOf(']', first + 1)
}

function bracket(inside: string): string {
  const negated = /^[!^]/.test(inside)
  const set = (negated ? inside.slice(1) : inside).replace(/[\\\]^[]/g, '\\$&')
  // A range from high to low is no range to glob either: it matches nothing.
  try {
    return new RegExp(`[${negated ? '^' : ''}${set}]`).source
  } catch {
    return '[]'
  }
}

function escape(char: string): string {
  return char.replace(/[$()*+.?[\\\]^{|}/]/g, '\\$&')
}
