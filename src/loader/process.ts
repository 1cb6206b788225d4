/** A process as glibc starts it: program, interpreter, preloads, dependencies, and the order of the loader's trace. */
import type { ElfObject } from '../domain/object.ts'
import type { Lookup } from '../domain/tree.ts'
import { failed } from '../domain/tree.ts'
import { isBefore, mapError } from './accept.ts'
import { checkDemands, checkFirst, checkThreadStorage, inconsistency } from './assertions.ts'
import { mapDependencies } from './dependencies.ts'
import { LinkMap, LoadError, unlink, VDSO_NAMES } from './link-map.ts'
import type { MapEntry } from './link-map.ts'
import type { FileRecord } from './records.ts'
import { folderOf } from './session.ts'
import type { Session } from './session.ts'
import { expandTokens } from './tokens.ts'
import type { TokenValues } from './tokens.ts'

export interface Process {
  readonly map: LinkMap
  /** The search list: the order in which symbols are looked up. */
  readonly list: readonly MapEntry[]
  /** The search list of the program, which comes before that of an object opened later; the same list without one. */
  readonly global: readonly MapEntry[]
  /** What the loader's trace prints, in its order. */
  readonly trace: readonly MapEntry[]
  /** The error that ends even a trace. */
  readonly fatal: string | null
  readonly notes: readonly string[]
}

/**
 * Starts `path` (as the process would name it) without running it.
 *
 * @param recordAnswers keep who asked for what; costs time and memory
 */
export function startProcess(session: Session, path: string, recordAnswers: boolean): Process {
  const map = new LinkMap(session, recordAnswers)
  const notes: string[] = []
  try {
    const record = openProgram(session, path)
    const main = addProgram(map, path, record)
    addInterpreter(map, main)
    const preloads = preload(map, main, notes)
    // What was not found stands in the chain, but not in the search list (end of `_dl_map_object_deps`).
    const list = mapDependencies(map, [main, ...preloads]).filter((entry) => entry.how !== 'missing')
    checkFirst(session, list, main)
    placeInterpreter(map, list)
    checkDemands(map, list)
    checkThreadStorage(map)
    return { map, list, global: list, trace: traceOf(map), fatal: null, notes }
  } catch (error) {
    if (!(error instanceof LoadError)) throw error
    return { map, list: [], global: [], trace: [], fatal: error.message, notes }
  }
}

/** The program passes the same door as a library when the loader is started by name, as `ldd` does. */
function openProgram(session: Session, path: string): FileRecord {
  const found = session.searcher.openPath(path, true)
  if (found.kind === 'fatal') throw new LoadError(found.message)
  if (found.kind === 'missing') {
    const elfClass = session.setup.reading.header?.class === 2 ? '32' : '64'
    throw new LoadError(
      found.otherClass
        ? `${path}: wrong ELF class: ELFCLASS${elfClass}`
        : `${path}: cannot open shared object file${found.errno === 'ENOENT' ? '' : `: ${found.errno}`}`,
    )
  }
  const error = mapError(found.record.reading, true, session.setup)
  if (error !== null) throw new LoadError(`${path}: ${error}`)
  return found.record
}

function addProgram(map: LinkMap, path: string, record: FileRecord): MapEntry {
  const { session } = map
  // Where the loader it names is not there, only another one can be started by name, as ldd does.
  const direct = record.reading.object?.interpreter !== session.setup.path
  // The kernel names the program by its real path; the loader started by name canonicalises since 2.42 (BZ 25263).
  const canonical = !direct || !isBefore(session.setup, 42)
  const origin = folderOf(canonical ? record.file : session.searcher.lists.absolute(path))
  const file = session.opened(path, record, origin)
  const chain = session.chain(file, session.emptyChain)
  // Since 2.31 neither name nor identity of the program are known (BZ 24900); before, only the kernel's way hid them.
  const known = direct && isBefore(session.setup, 31)
  const entry = { name: path, file, path, how: 'root', loader: null, chain } as const
  const main = map.add(entry, known, known ? ['', path] : [''])
  map.main = main
  const { lib, platform } = session.setup
  map.libraryPath = session.libraryPath({ origin, lib, platform })
  return main
}

function addInterpreter(map: LinkMap, main: MapEntry): void {
  const { session } = map
  const { setup } = session
  // A program names its loader; a loader that was started by name knows itself by that.
  const named = main.file?.record.reading.object?.interpreter ?? setup.path
  const entry = map.add(
    { name: named, file: null, path: setup.path, how: 'interpreter', loader: null, chain: session.emptyChain },
    false,
  )
  map.interpreter = entry
  const soname = setup.reading.object?.soname ?? null
  if (soname !== null) map.alias(entry, soname)
}

/** LD_PRELOAD, then /etc/ld.so.preload (elf/rtld.c `handle_preload_list`): a failure is only a warning. */
function preload(map: LinkMap, main: MapEntry, notes: string[]): readonly MapEntry[] {
  const { session } = map
  const listed = (session.world.environment.preload ?? '').split(/[ :]/).filter((name) => name !== '')
  const loaded: MapEntry[] = []
  for (const name of [...listed, ...session.setup.preload]) {
    const before = map.entries.length
    const slash = name.includes('/')
    const expanded = slash ? expandTokens(name, tokensOf(map, main)) : name
    try {
      // Its tokens are replaced where it is opened; it goes by its name as written.
      const need = { kind: 'needed', name, nameId: session.nameId(name), slash } as const
      const { entry, how } = map.map(main, need, expanded)
      if (how === 'missing') notes.push(`${name} cannot be preloaded: not found`)
      else if (map.entries.length > before) loaded.push(entry)
    } catch (error) {
      if (!(error instanceof LoadError)) throw error
      notes.push(`${name} cannot be preloaded: ${error.message}`)
    }
    while (map.entries.length > before && map.entries[before]?.how === 'missing') map.forgetLast()
  }
  map.firstError = null
  return loaded
}

function tokensOf(map: LinkMap, main: MapEntry): TokenValues {
  const { lib, platform } = map.session.setup
  return { origin: main.file?.origin ?? null, lib, platform }
}

/** Takes the loader's own entry out of the chain and puts it where symbols are searched (elf/rtld.c `dl_main`). */
function placeInterpreter(map: LinkMap, list: readonly MapEntry[]): void {
  const { interpreter } = map
  if (interpreter === null) return
  // The program's own filtee: nothing stands before it, and the loader follows the null pointer.
  if (interpreter.prev === null) throw new LoadError('Segmentation fault')
  unlink(interpreter)
  const at = list.indexOf(interpreter)
  // Before 2.41 a loader that nobody asks for is not put back.
  const before = at > 0 ? list[at - 1] : isBefore(map.session.setup, 41) ? undefined : list.at(-1)
  if (before === undefined) {
    map.forget(interpreter)
    return
  }
  if (before.next !== null && before.next.prev !== before) {
    throw new LoadError(inconsistency('rtld.c', 'dl_main', '_dl_rtld_map.l_next->l_prev == _dl_rtld_map.l_prev'))
  }
  interpreter.prev = before
  interpreter.next = before.next
  if (before.next !== null) before.next.prev = interpreter
  before.next = interpreter
}

/** The chain behind the program, as the loader prints it. */
function traceOf(map: LinkMap): readonly MapEntry[] {
  if (!map.main?.file?.needs.some((need) => need.kind === 'needed')) return []
  return map
    .visible()
    .slice(1)
    .filter((entry) => !VDSO_NAMES.has(entry.name))
}

/** Whether the kernel can start the object at all, as far as its interpreter goes. */
export function interpreterError(object: ElfObject, lookup: (path: string) => Lookup): string | null {
  if (object.interpreter === null) return null
  const entry = lookup(object.interpreter)
  if (!failed(entry)) return null
  return `${object.interpreter}: the interpreter does not exist, so the kernel answers "No such file or directory"`
}
