/**
 * The search for a name without a slash (elf/dl-load.c `_dl_map_new_object`, `open_path`): stages in their order, every
 * answer remembered, because the same name from the same place has the same answer in every link map.
 */
import type { Candidate, How, Verdict } from '../domain/closure.ts'
import type { ElfHeader, ElfReading } from '../domain/object.ts'
import type { LoaderSetup, World } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'
import type { Errno } from '../domain/tree.ts'
import { accept, isBefore, mapError } from './accept.ts'
import type { FileRecord, Found, Scope } from './records.ts'
import { SearchLists } from './search-list.ts'
import type { SearchFolder, SearchList } from './search-list.ts'

/** What the list search collects on its way; `trail` only when somebody wants to read it. */
interface Walk {
  readonly name: string
  readonly trail: Candidate[] | null
  otherClass: boolean
}

type Opened = { readonly record: FileRecord } | { readonly errno: Errno } | { readonly message: string }

/** What a link map is made of besides its own needs: the answers to all that was asked while it was built. */
export interface Asked {
  /** By scope, then by name. */
  readonly searches: Map<Scope, Map<string, Found>>
  readonly paths: Map<string, { readonly path: string; readonly asProgram: boolean }>
}

export class Searcher {
  /** Filled with every answer while somebody wants to know. */
  asked: Asked | null = null
  readonly world: World
  readonly setup: LoaderSetup
  readonly lists: SearchLists
  readonly #header: ElfHeader
  readonly #records = new Map<string, FileRecord>()
  readonly #paths = new Map<string, Opened>()
  readonly #defaults: SearchList | null

  constructor(world: World, setup: LoaderSetup, header: ElfHeader) {
    this.world = world
    this.setup = setup
    this.#header = header
    this.lists = new SearchLists(world, setup)
    this.#defaults = this.lists.list(setup.systemFolders)
  }

  /** Number of distinct files met so far. */
  get fileCount(): number {
    return this.#records.size
  }

  /** Finds a name that has no slash. `nameId` is the caller's number for the name. */
  find(scope: Scope, nameId: number, name: string): Found {
    let found = scope.memo.get(nameId)
    if (found === undefined) {
      found = this.search(scope, { name, trail: null, otherClass: false })
      scope.memo.set(nameId, found)
    }
    if (this.asked !== null) note(this.asked, scope, name, found)
    return found
  }

  /** Every candidate that the search for `name` looks at, the last one being the winner when there is one. */
  explain(scope: Scope, name: string): readonly Candidate[] {
    const trail: Candidate[] = []
    this.search(scope, { name, trail, otherClass: false })
    return trail
  }

  search(scope: Scope, walk: Walk): Found {
    for (const stage of scope.stages) {
      const found = this.#inList(stage.list, stage.how, stage.origin, walk)
      if (found !== null) return found
    }
    const cached = this.#inCache(scope, walk)
    if (cached !== null) return cached
    if (!scope.nodeflib && this.#defaults !== null) {
      const found = this.#inList(this.#defaults, 'default', null, walk)
      if (found !== null) return found
    }
    return { kind: 'missing', otherClass: walk.otherClass, errno: 'ENOENT' }
  }

  /**
   * Opens one path as it is, as for a name with a slash.
   *
   * @param asProgram it is the program itself, whose demand for a kernel is not looked at
   */
  openPath(path: string, asProgram = false): Found {
    this.asked?.paths.set(`${asProgram ? 'program' : ''}\0${path}`, { path, asProgram })
    const opened = this.#open(path)
    if ('message' in opened) return { kind: 'fatal', message: opened.message }
    if ('errno' in opened) return { kind: 'missing', otherClass: false, errno: opened.errno }
    const verdict = opened.record.acceptance.verdict
    if (verdict === 'won' || (asProgram && verdict === 'kernel-too-new' && isLinux(opened.record.reading))) {
      return { kind: 'found', path, record: opened.record, how: 'path', file: null }
    }
    if (verdict === 'fatal') return { kind: 'fatal', message: `${path}: ${opened.record.acceptance.reason ?? ''}` }
    return { kind: 'missing', otherClass: verdict === 'wrong-class', errno: 'ENOENT' }
  }

  #inList(list: SearchList, how: How, origin: string | null, walk: Walk): Found | null {
    if (walk.trail === null && list.passesOver(walk.name)) return null
    for (const folder of list.folders) {
      const found = this.#inFolder(folder, how, origin, walk)
      if (found === 'end-of-list') return null
      if (found !== null) return found
    }
    return null
  }

  /** Looks in one element; `end-of-list` where an odd error in an existing folder ends the whole list. */
  #inFolder(folder: SearchFolder, how: How, origin: string | null, walk: Walk): Found | 'end-of-list' | null {
    let errno: Errno = 'ENOENT'
    for (const probe of folder.probes) {
      if (!probe.folder.has(walk.name)) {
        errno = 'ENOENT'
        if (probe.prefix === folder.name) walk.trail?.push(absent(how, probe.prefix + walk.name, origin))
        continue
      }
      const path = probe.prefix + walk.name
      const found = this.#try(path, how, origin, walk)
      if (typeof found !== 'string') return found
      errno = found
    }
    if (folder.probes.length === 0) {
      walk.trail?.push(absent(how, folder.name + walk.name, origin))
      errno = folder.errno ?? 'ENOENT'
    }
    if (errno === 'ENOENT' || errno === 'EACCES') return null
    // Since 2.39 (BZ 31035); a backport cannot be told from the file.
    if (errno === 'ENOTDIR' && !isBefore(this.setup, 39)) return null
    return 'end-of-list'
  }

  /** Tries one path: the answer, or the errno with which the search goes on. */
  #try(path: string, how: How, origin: string | null, walk: Walk): Found | Errno {
    const opened = this.#open(path)
    const note = (verdict: Verdict, reason: string | null): void => {
      walk.trail?.push({ stage: how, path, verdict, origin, reason })
    }
    if ('message' in opened) {
      note('fatal', opened.message)
      return { kind: 'fatal', message: opened.message }
    }
    if ('errno' in opened) {
      note(opened.errno === 'ENOENT' ? 'absent' : opened.errno === 'EACCES' ? 'unreadable' : 'list-ended', opened.errno)
      return opened.errno
    }
    const { verdict, reason } = opened.record.acceptance
    note(verdict, reason)
    if (verdict === 'won') return { kind: 'found', path, record: opened.record, how, file: null }
    if (verdict === 'fatal') return { kind: 'fatal', message: `${path}: ${reason ?? ''}` }
    if (verdict === 'wrong-class') walk.otherClass = true
    return 'ENOENT'
  }

  #inCache(scope: Scope, walk: Walk): Found | null {
    const hit = this.setup.cache?.lookup(walk.name) ?? null
    if (hit === null) return null
    // DF_1_NODEFLIB compares prefixes only, so any path below a system folder counts.
    if (scope.nodeflib && this.setup.systemFolders.some((folder) => hit.path.startsWith(folder))) {
      walk.trail?.push({ stage: 'cache', path: hit.path, verdict: 'below-system-folder', origin: null, reason: null })
      return null
    }
    const found = this.#try(hit.path, 'cache', null, walk)
    return typeof found === 'string' ? null : found
  }

  #open(path: string): Opened {
    const known = this.#paths.get(path)
    if (known !== undefined) return known
    const opened = this.#openFresh(path)
    this.#paths.set(path, opened)
    return opened
  }

  #openFresh(path: string): Opened {
    const entry = this.world.lookup(this.lists.absolute(path))
    if (failed(entry)) return { errno: entry.errno }
    if (entry.kind === 'folder') return { message: `${path}: cannot read file data: Is a directory` }
    const identity = this.world.identity(entry.path)
    const known = this.#records.get(identity)
    if (known !== undefined) return { record: known }
    const reading = this.world.read(entry.path)
    const record = {
      id: this.#records.size,
      file: entry.path,
      reading,
      acceptance: accept(reading, this.#header, this.setup),
      mapError: mapError(reading, false, this.setup),
    }
    this.#records.set(identity, record)
    return { record }
  }
}

function note({ searches }: Asked, scope: Scope, name: string, found: Found): void {
  const answers = searches.get(scope)
  if (answers === undefined) searches.set(scope, new Map([[name, found]]))
  else answers.set(name, found)
}

function isLinux(reading: ElfReading): boolean {
  return reading.object?.abiTag?.os === 0
}

function absent(stage: How, path: string, origin: string | null): Candidate {
  return { stage, path, verdict: 'absent', origin, reason: null }
}
