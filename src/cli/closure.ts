/** `airtight closure`: what the loader loads, for any file of any root, without running anything. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { openClosurePlace, traceOf } from '../app/closure.ts'
import type { ClosurePlace } from '../app/closure.ts'
import type { ClosureRepairs } from '../app/closure-repairs.ts'
import { decodeBytes, printable } from '../domain/bytes.ts'
import type { Closure } from '../domain/closure.ts'
import { faultText, whyUnread } from '../domain/fault.ts'
import { TraceWriter } from '../report/closure-jsonl.ts'
import { exitCode, usageFault, UsageError } from './exit.ts'
import type { Output } from './output.ts'
import type { Arguments, Command } from './spec.ts'

const FORMATS = ['tree', 'list', 'json', 'jsonl'] as const

export const command: Command = {
  spec: {
    name: 'closure',
    summary: 'what the loader loads for a file, like ldd, for any root and without running anything',
    details: [
      'FILE is a path inside --root, links followed as the root would follow them. With the default root / a relative ' +
        'path starts in the working folder; with another root it starts at the top of that root.',
      'Exits 0 whatever is missing, as ldd does, unless --fail-on is given; 3 when a FILE does not exist.',
    ],
    argument: { name: 'FILE', required: false, many: true, help: 'a program, a library, a Python module' },
    options: [
      { name: 'format', value: 'FORMAT', choices: FORMATS, help: 'tree by default' },
      { name: 'root', value: 'SRC', help: 'the root file system, / by default: a folder, an image, a capture' },
      { name: 'mount', value: 'SRC=AT', repeat: true, help: 'lay the folder SRC over the root at AT' },
      { name: 'files', value: 'LIST', help: 'take further files from LIST, one in each line; - is stdin' },
      { name: 'library-path', value: 'A:B', help: 'LD_LIBRARY_PATH of the process; that of an image by default' },
      { name: 'preload', value: 'A:B', help: 'LD_PRELOAD of the process; that of an image by default' },
      { name: 'symbols', help: 'bind every symbol as well: versions and symbols that nothing defines, as ldd -r' },
      { name: 'in', value: 'PROGRAM', help: 'open the files inside this program, as plugins are' },
      {
        name: 'repairs',
        value: 'DIR',
        help: 'lay the repairs of a context over the root, its packages at the places of the plan',
      },
      { name: 'context', value: 'NAME', help: 'which context, where DIR of --repairs holds several' },
      { name: 'host', value: 'SRC', help: 'where grafts of --repairs come from (default: the host of the plan)' },
      {
        name: 'cpu',
        value: 'LEVEL',
        help: 'x86-64, x86-64-v2, -v3, -v4 or native (default: native for /, else x86-64)',
      },
      {
        name: 'fail-on',
        value: 'WHAT',
        choices: ['missing', 'error'],
        help: 'exit 1 when something is not found; both mean the same',
      },
    ],
    examples: [
      { says: 'what a program of this machine loads', command: 'airtight closure /usr/bin/env' },
      {
        says: 'a library of a Rez package in an unpacked image',
        command: 'airtight closure --root rocky9 --mount /studio/rez=/studio/rez /studio/rez/tiff/4.5/lib/libtiff.so',
      },
      {
        says: 'the same in the image as it will be repaired',
        command: 'airtight closure --root rocky9 --mount /rez=/rez --repairs repairs /rez/tiff/4.5/bin/tiffinfo',
      },
      {
        says: 'symbols and versions that nothing in the image defines',
        command:
          'airtight closure --symbols --root rocky9 --mount /studio/rez=/studio/rez /studio/rez/tiff/4.5/bin/tiffinfo',
      },
    ],
  },
  run: (args, output) => runClosure(args, output),
}

async function runClosure(args: Arguments, output: Output): Promise<number> {
  const root = args.value('root') ?? '/'
  const paths = rootPaths(args, root)
  const inside = args.value('in')
  const place = await openClosurePlace({
    root,
    mounts: args.values('mount').map(mountOf),
    libraryPath: args.value('library-path'),
    preload: args.value('preload'),
    cpu: args.value('cpu'),
    inside: inside === null ? null : absolute(inside, root),
    repairs: repairsOf(args),
  })
  if ('message' in place) throw usageFault(place)
  for (const { rule, file, entry, message } of place.problems) output.error(`${rule} ${file}: ${entry}: ${message}`)
  if (inside !== null) refuse(place, absolute(inside, root))
  const found =
    args.value('format') === 'jsonl'
      ? await traces(place, paths, args, output)
      : await closures(place, paths, args, output)
  return exitCode({ unread: found.unread, findings: found.missing && args.value('fail-on') === 'missing' })
}

function repairsOf(args: Arguments): ClosureRepairs | null {
  const folder = args.value('repairs')
  if (folder !== null) return { folder, context: args.value('context'), host: args.value('host') }
  const alone = ['context', 'host'].find((name) => args.value(name) !== null)
  if (alone !== undefined)
    throw new UsageError(`--${alone} says nothing without --repairs`, 'name the folder of repairs')
  return null
}

interface Outcome {
  readonly unread: boolean
  readonly missing: boolean
}

/** The lean way for many files: nothing is kept but the lines. */
async function traces(
  place: ClosurePlace,
  paths: readonly string[],
  args: Arguments,
  output: Output,
): Promise<Outcome> {
  const writer = new TraceWriter()
  const bind = args.flag('symbols') ? await import('../report/closure-symbols.ts') : null
  const lines: string[] = []
  let unread = false
  let missing = false
  for (const path of paths) {
    const closure = bind === null ? null : place.closure(path)
    const trace = closure === null ? place.trace(path) : traceOf(closure)
    lines.push(writer.line(closure === null || bind === null ? trace : { ...trace, symbols: bind.symbolData(closure) }))
    if (closure !== null) missing ||= bind?.hasSymbolErrors(closure) === true
    if (trace.fatal !== null) {
      missing = true
      unread = complainOf(place, path, output) || unread
    } else missing ||= trace.loaded.some((entry) => entry.path === null)
  }
  output.result(lines.join(''))
  return { unread, missing }
}

async function closures(
  place: ClosurePlace,
  paths: readonly string[],
  args: Arguments,
  output: Output,
): Promise<Outcome> {
  const unread = paths.filter((path) => complainOf(place, path, output))
  const found = paths.filter((path) => !unread.includes(path)).map((path) => place.closure(path))
  output.result(await render(place, found, args, output))
  const bind = args.flag('symbols') ? await import('../report/closure-symbols.ts') : null
  const missing = found.some((closure) => hasMissing(closure) || bind?.hasSymbolErrors(closure) === true)
  return { unread: unread.length > 0, missing }
}

async function render(
  place: ClosurePlace,
  found: readonly Closure[],
  args: Arguments,
  output: Output,
): Promise<string> {
  const style = await output.style()
  const format = args.value('format') ?? 'tree'
  const symbols = args.flag('symbols')
  if (format === 'list') return (await import('../report/closure-list.ts')).closureList(found, style, symbols)
  if (format === 'tree') return (await import('../report/closure-tree.ts')).closureTrees(found, style, symbols)
  const { closureDocument } = await import('../report/closure-json.ts')
  const { libraryPath, preload } = place.world.environment
  const inside = args.value('in')
  return closureDocument(found, { system: place.world.system.label, libraryPath, preload, inside, symbols })
}

function hasMissing(closure: Closure): boolean {
  return closure.fatal !== null || closure.bindings.some((binding) => binding.how === 'missing' && !binding.optional)
}

/** Says why a path cannot be a root; whether there was something to say. */
function complainOf(place: ClosurePlace, path: string, output: Output): boolean {
  const problem = place.problem(path)
  if (problem === null) return false
  output.error(faultText(problem))
  return true
}

function refuse(place: ClosurePlace, program: string): void {
  const problem = place.problem(program)
  if (problem !== null) throw new UsageError(faultText(problem), '--in names a program inside --root')
}

function rootPaths(args: Arguments, root: string): readonly string[] {
  const list = args.value('files')
  const listed = list === null ? [] : readList(list)
  const paths = [...args.positionals, ...listed].map((path) => absolute(path, root))
  if (paths.length === 0 && list === null) {
    throw new UsageError('no file is named', 'name one, or a list of them with --files LIST')
  }
  return paths
}

/** One path in each line, as bytes: a name need not be text. */
function readList(list: string): readonly string[] {
  try {
    const text = decodeBytes(readFileSync(list === '-' ? 0 : list))
    return text.split('\n').filter((line) => line !== '')
  } catch (error) {
    throw new UsageError(`the list ${printable(list)} ${whyUnread(error)}`)
  }
}

function absolute(path: string, root: string): string {
  if (path.startsWith('/')) return path
  return root === '/' ? resolve(path) : `/${path}`
}

function mountOf(text: string): { readonly source: string; readonly at: string } {
  const split = text.lastIndexOf('=')
  const source = text.slice(0, split)
  const at = text.slice(split + 1)
  if (split < 1 || !at.startsWith('/')) {
    throw new UsageError(`--mount '${printable(text)}' is not SRC=AT`, 'AT is an absolute path inside the root')
  }
  return { source, at }
}
