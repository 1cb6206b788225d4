/** The closure of one root in one world: what the loader loads, in which order, and where it ends. */
import type { Binding, Closure, Loaded, SymbolReport } from '../domain/closure.ts'
import type { World } from '../domain/system.ts'
import { openInside } from './dlopen.ts'
import type { MapEntry } from './link-map.ts'
import { startMusl } from './musl.ts'
import { interpreterError, startProcess } from './process.ts'
import type { Process } from './process.ts'
import type { Session } from './session.ts'
import { objectAt, sessionFor, setupFor } from './sessions.ts'
import { misreadings } from './misread.ts'
import { lateError } from './start.ts'
import type { Bindable } from './symbols.ts'
import { bindSymbols } from './symbols.ts'
import { compareVersions } from './versions.ts'

/** The report on a root that is not loaded at all. */
const NOTHING_BOUND: SymbolReport = { versionErrors: [], unversioned: [], undefined: [], bound: [], unread: [] }

export interface ClosureOptions {
  /** Load `root` inside this program's process, as dlopen does, instead of alone. */
  readonly inside?: string | null
}

/** What the loader's trace prints, and nothing else: the short form for many roots. */
export interface Trace {
  readonly root: string
  /** In the loader's order; `path` null for not found. */
  readonly loaded: readonly { readonly name: string; readonly path: string | null }[]
  readonly fatal: string | null
}

/**
 * Resolves everything that `root` loads.
 *
 * @param root path in the world; for `inside` the object that is opened
 */
export function resolveClosure(world: World, root: string, options: ClosureOptions = {}): Closure {
  const inside = options.inside ?? null
  const program = objectAt(world, inside ?? root)
  const setup = setupFor(world, program)
  const session = setup === null ? null : sessionFor(world, setup)
  if (setup === null || session === null) return withoutLoader(root)
  if (setup.libc === 'musl') return startMusl(session, root, inside)
  const process = inside === null ? startProcess(session, root, true) : openInside(session, inside, root)
  const kernel = inside === null && program !== null ? interpreterError(program, (path) => world.lookup(path)) : null
  return closureOf(session, root, process, kernel)
}

/** The loader's trace of one root. Much cheaper than a closure when many roots share a world. */
export function traceRoot(world: World, root: string): Trace {
  const setup = setupFor(world, objectAt(world, root))
  const session = setup === null ? null : sessionFor(world, setup)
  if (setup === null || session === null) return { root, loaded: [], fatal: withoutLoader(root).fatal }
  if (setup.libc === 'musl') {
    const closure = startMusl(session, root, null)
    const loaded = closure.trace.map((index) => closure.objects[index]).filter((entry) => entry !== undefined)
    return { root, loaded, fatal: closure.fatal }
  }
  const process = startProcess(session, root, false)
  return { root, loaded: process.trace, fatal: process.fatal }
}

function closureOf(session: Session, root: string, process: Process, kernel: string | null): Closure {
  const { map } = process
  const objects = map.entries.map((entry) => loadedOf(session, entry))
  const bindings = (map.answers ?? []).map((answer): Binding => ({
    from: answer.from.index,
    name: answer.need.name ?? '',
    to: answer.to?.index ?? -1,
    how: answer.how,
    optional: answer.need.kind === 'auxiliary',
  }))
  return {
    root,
    interpreter: session.setup.path,
    libc: 'glibc',
    rootIndex: Math.max(
      0,
      objects.findLastIndex((object) => object.how === 'root'),
    ),
    objects,
    trace: process.trace.map((entry) => entry.index),
    bindings,
    scope: scopeOf(process).map((entry) => entry.index),
    symbols: (wanted) => symbolsOf(session, process, wanted ?? null),
    fatal: process.fatal,
    // Versions are compared only when somebody asks how a start would end.
    get start(): string | null {
      return kernel ?? map.firstError ?? process.fatal ?? lateError(map, process.list)
    },
    notes: [...process.notes, ...auditorNotes(map.main)],
  }
}

/** Where symbols are looked up, in order: the program's objects, then what was opened inside it (elf/dl-object.c). */
function scopeOf({ global, list }: Process): readonly MapEntry[] {
  return global === list ? list : [...new Set([...global, ...list])]
}

function symbolsOf(session: Session, process: Process, wanted: ((file: string) => boolean) | null): SymbolReport {
  if (process.fatal !== null) return NOTHING_BOUND
  const { map, global, list } = process
  const bindable = (entries: readonly MapEntry[]): readonly Bindable[] => {
    const found: Bindable[] = []
    for (const entry of entries) {
      const file = fileOf(session, entry)
      if (file !== null) found.push({ index: entry.index, file })
    }
    return found
  }
  // The loader is bound before everything else; what a program has loaded already was bound when it started.
  const bound = list.filter((entry) => entry !== map.interpreter && (global === list || !global.includes(entry)))
  return bindSymbols(
    session.world,
    'glibc',
    bindable(scopeOf(process)),
    bindable(bound).filter(({ file }) => wanted === null || wanted(file)),
    compareVersions(map, global, true),
    () => misreadings(session.world, map, global),
  )
}

function fileOf(session: Session, entry: MapEntry): string | null {
  return entry.how === 'interpreter' ? session.setup.file : (entry.file?.record.file ?? null)
}

function loadedOf(session: Session, entry: MapEntry): Loaded {
  return {
    index: entry.index,
    name: entry.name,
    path: entry.path,
    file: fileOf(session, entry),
    how: entry.how,
    loader: entry.loader?.index ?? null,
  }
}

/** Auditors may rewrite every name, which no static view can follow (rtld-audit(7)). */
function auditorNotes(main: MapEntry | null): readonly string[] {
  const object = main?.file?.record.reading.object
  const names = [object?.audit, object?.depaudit].filter((name) => name != null && name !== '')
  return names.map((name) => `the program asks for the auditor ${name ?? ''}, which may rewrite names`)
}

function withoutLoader(root: string): Closure {
  const fatal = `${root}: the system has no dynamic loader for this file`
  return {
    root,
    interpreter: null,
    libc: 'glibc',
    rootIndex: 0,
    objects: [{ index: 0, name: root, path: root, file: null, how: 'root', loader: null }],
    trace: [],
    bindings: [],
    scope: [],
    symbols: () => NOTHING_BOUND,
    fatal,
    start: fatal,
    notes: [],
  }
}
