/** A process as glibc starts it: program, interpreter, preloads, dependencies, and the order of the loader's trace. */
import { DF_1_PIE } from '../domain/object.ts'
import type { ElfObject } from '../domain/object.ts'
import type { Lookup } from '../domain/tree.ts'
import { failed } from '../domain/tree.ts'
import { isBefore, mapError } from './accept.ts'
import { mapDependencies } from './dependencies.ts'
import { LinkMap, LoadError, unlink, VDSO_NAMES } from './link-map.ts'
import type { MapEntry } from './link-map.ts'
import type { FileRecord } from './searcher.ts'
import { folderOf } from './session.ts'
import type { Session } from './session.ts'
import { expandTokens } from './tokens.ts'

export interface Process {
  readonly map: LinkMap
  /** The search list: the order in which symbols are looked up. */
  readonly list: readonly MapEntry[]
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
    return { map, list, trace: traceOf(map), fatal: null, notes }
  } catch (error) {
    if (!(error instanceof LoadError)) throw error
    return { map, list: [], trace: [], fatal: error.message, notes }
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
  const file = session.opened(path, record, folderOf(canonical ? record.file : session.searcher.lists.absolute(path)))
  const chain = session.chain(file, session.emptyChain)
  // Since 2.31 neither name nor identity of the program are known (BZ 24900); before, only the kernel's way hid them.
  const known = direct && isBefore(session.setup, 31)
  const entry = { name: path, file, path, how: 'root', loader: null, chain } as const
  const main = map.add(entry, known, known ? ['', path] : [''])
  map.main = main
  const { lib, platform } = session.setup
  map.libraryPath = session.libraryPath({ origin: folderOf(record.file), lib, platform })
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

function tokensOf(map: LinkMap, main: MapEntry): { origin: string; lib: string; platform: string | null } {
  const { lib, platform } = map.session.setup
  return { origin: folderOf(main.file?.record.file ?? '/'), lib, platform }
}

/** Until 2.31 a filter as the program itself was not provided for (BZ 16272). */
function checkFirst(session: Session, list: readonly MapEntry[], main: MapEntry): void {
  if (list[0] === main || !isBefore(session.setup, 32)) return
  throw new LoadError(inconsistency('dl-deps.c', '_dl_map_object_deps', 'map->l_searchlist.r_list[0] == map'))
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

/**
 * What stops even a trace when versions are compared (elf/dl-version.c `_dl_check_map_versions`): a version demanded of
 * a file that nobody asked for, and DT_RELR in an object that needs libc without saying so (2.36).
 */
function checkDemands(map: LinkMap, list: readonly MapEntry[]): void {
  const relr = !isBefore(map.session.setup, 36)
  for (const entry of map.visible()) {
    for (const fileId of entry.file?.demands ?? []) {
      if (map.demanded(fileId, entry === map.main ? list : []) !== null) continue
      throw new LoadError(inconsistency('dl-version.c', '_dl_check_map_versions', 'needed != NULL'))
    }
    const object = entry.file?.record.reading.object
    if (relr && object?.relr === true && lacksRelrDemand(object)) {
      throw new LoadError(`${entry.path ?? ''}: DT_RELR without GLIBC_ABI_DT_RELR dependency`)
    }
  }
}

/** Whether a filter has moved an object with thread storage out of sight: in practice, libc. */
export function hidesThreadStorage(map: LinkMap): boolean {
  const count = (entries: readonly MapEntry[]): number =>
    entries.filter((entry) => entry.file?.record.reading.object?.tls === true).length
  return map.moved && count(map.visible()) !== count(map.entries)
}

/** Up to 2.40 objects with thread storage that a filter has moved out of sight are counted, but not met (elf/rtld.c `init_tls`). */
function checkThreadStorage(map: LinkMap): void {
  // With an auditor, storage has been set up before anything was moved.
  const audited = map.main?.file?.record.reading.object?.audit != null
  if (audited || !isBefore(map.session.setup, 41) || !hidesThreadStorage(map)) return
  throw new LoadError(inconsistency('rtld.c', 'init_tls', 'i == GL(dl_tls_max_dtv_idx)'))
}

function lacksRelrDemand({ needs, versionNeeds }: ElfObject): boolean {
  if (versionNeeds.length === 0 || versionNeeds.some((need) => need.version === 'GLIBC_ABI_DT_RELR')) return false
  return needs.some((need) => need.kind === 'needed' && need.name.startsWith('libc.so.'))
}

export function inconsistency(file: string, where: string, assertion: string): string {
  return `Inconsistency detected by ld.so: ${file}: ${where}: Assertion \`${assertion}' failed!`
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

/** Whether an object is a program that the kernel starts. */
export function isProgram(object: ElfObject): boolean {
  return object.header.type === 2 || (object.flags1 & DF_1_PIE) !== 0 || object.interpreter !== null
}
