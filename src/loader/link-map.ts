/** The link map of one process, as glibc builds it (elf/dl-deps.c `_dl_map_object_deps`, elf/rtld.c `dl_main`). */
import type { How } from '../domain/closure.ts'
import type { Found, NeedRecord, OpenedFile } from './records.ts'
import type { SearchList } from './search-list.ts'
import type { Chain, Session } from './session.ts'

/** One `struct link_map`. */
export interface MapEntry {
  readonly index: number
  /** The first name it was asked for by (`l_libname->name`). */
  readonly name: string
  /** Null for a name that was not found (`l_faked`) and for the vDSO. */
  readonly file: OpenedFile | null
  readonly path: string | null
  readonly how: How | 'missing'
  readonly loader: MapEntry | null
  readonly chain: Chain
  /** Every name it was asked for by, and its path (`l_libname`, `l_name`). */
  readonly names: number[]
  /** `l_reserved`: it is in the search list. */
  listed: boolean
  /** The chain of all objects (`l_prev`, `l_next`); what a filter moves before the program is no longer reached from it. */
  prev: MapEntry | null
  next: MapEntry | null
}

export type NewEntry = Pick<MapEntry, 'name' | 'file' | 'path' | 'how' | 'loader' | 'chain'>

/** Who asked for what, and which entry answers; recorded only on request. */
export interface Answer {
  readonly from: MapEntry
  readonly need: NeedRecord
  /** Null for an auxiliary object that could not be loaded. */
  readonly to: MapEntry | null
  readonly how: How | 'missing'
}

/** The loader ends here, in its own words. */
export class LoadError extends Error {}

/** The entry that answers a need, and how it came to. */
export interface Mapped {
  readonly entry: MapEntry
  readonly how: How | 'missing'
}

export const VDSO_NAMES: ReadonlySet<string> = new Set(['linux-vdso.so.1', 'linux-gate.so.1', 'linux-vdso64.so.1'])

export class LinkMap {
  readonly session: Session
  readonly entries: MapEntry[] = []
  readonly answers: Answer[] | null
  /** Where LD_LIBRARY_PATH leads, its tokens expanded for this program. */
  libraryPath: SearchList | null = null
  /** The first error that would end a real start, missing names included. */
  firstError: string | null = null
  main: MapEntry | null = null
  interpreter: MapEntry | null = null
  #tail: MapEntry | null = null
  /** What was found, by the names of `names` and by soname (`_dl_name_match_p`). */
  readonly #byName = new Map<number, MapEntry>()
  /** What was not, by name. */
  readonly #missing = new Map<number, MapEntry>()
  readonly #byRecord = new Map<number, MapEntry>()
  /** A filter has moved entries, so that the order of the chain decides and not that of loading. */
  moved = false

  constructor(session: Session, recordAnswers: boolean) {
    this.session = session
    this.answers = recordAnswers ? [] : null
  }

  /**
   * Adds an object at the end of the chain.
   *
   * @param identified false where the loader does not know the identity of the file
   * @param names what it is found by: the name it was asked for by and its path, unless told otherwise
   */
  add(entry: NewEntry, identified: boolean, names: readonly string[] = namesOf(entry)): MapEntry {
    return this.#append(
      entry,
      identified,
      names.map((name) => this.session.nameId(name)),
    )
  }

  #append(entry: NewEntry, identified: boolean, names: number[]): MapEntry {
    const added: MapEntry = {
      index: this.entries.length,
      name: entry.name,
      file: entry.file,
      path: entry.path,
      how: entry.how,
      loader: entry.loader,
      chain: entry.chain,
      names,
      listed: false,
      prev: this.#last(),
      next: null,
    }
    this.entries.push(added)
    if (added.prev !== null) added.prev.next = added
    this.#tail = added
    for (const nameId of names) this.#know(added, nameId)
    if (added.file !== null) {
      if (added.file.sonameId >= 0) this.#offer(added.file.sonameId, added)
      if (identified) this.#byRecord.set(added.file.record.id, added)
    }
    return added
  }

  /** Gives an entry one more name to be found by (`add_name_to_object`). */
  alias(entry: MapEntry, name: string): void {
    this.#name(entry, this.session.nameId(name))
  }

  /** Takes back the entry that was added last. */
  forgetLast(): void {
    const entry = this.entries.pop()
    if (entry === undefined) return
    this.forget(entry)
    if (entry.prev !== null) entry.prev.next = null
    this.#tail = entry.prev
  }

  /** Lets no name lead to an entry any more. */
  forget(entry: MapEntry): void {
    for (const names of [this.#missing, this.#byName]) {
      for (const [id, known] of names) if (known === entry) names.delete(id)
    }
  }

  #name(entry: MapEntry, nameId: number): void {
    entry.names.push(nameId)
    this.#know(entry, nameId)
  }

  #know(entry: MapEntry, nameId: number): void {
    if (entry.how !== 'missing') this.#offer(nameId, entry)
    if (entry.how === 'missing' && !this.#missing.has(nameId)) this.#missing.set(nameId, entry)
  }

  #offer(nameId: number, entry: MapEntry): void {
    if (!this.#byName.has(nameId)) this.#byName.set(nameId, entry)
  }

  /** `_dl_add_to_namespace_list` walks to the end; a filter may have changed which end that is. */
  #last(): MapEntry | null {
    return this.moved ? (this.visible().at(-1) ?? null) : this.#tail
  }

  /** The chain from the program on: what stands before it is not found again. */
  visible(): readonly MapEntry[] {
    const out: MapEntry[] = []
    for (let entry = this.main; entry !== null && out.length <= this.entries.length; entry = entry.next) out.push(entry)
    return out
  }

  /** The loaded object that answers to a name (`_dl_lookup_map`), null when none does. */
  lookup(nameId: number): MapEntry | null {
    const found = this.moved ? this.visible().find((entry) => answers(entry, nameId)) : this.#byName.get(nameId)
    if (found === undefined) return null
    if (found.file?.sonameId === nameId && !found.names.includes(nameId)) this.#name(found, nameId)
    return found
  }

  /**
   * The object that a version is demanded of, missing ones included (elf/dl-version.c `find_needed`): the one that was
   * asked for by this very name. A soname that nobody asked for does not count.
   *
   * @param list further objects to look at, which need not be in the chain
   */
  demanded(nameId: number, list: readonly MapEntry[]): MapEntry | null {
    const named = (entry: MapEntry): boolean => entry.names.includes(nameId)
    if (!this.moved) {
      const known = this.#missing.get(nameId) ?? this.#byName.get(nameId)
      if (known === undefined || named(known)) return known ?? null
      return this.entries.find(named) ?? null
    }
    return this.visible().find(named) ?? list.find(named) ?? null
  }

  /** The same in a real start, which keeps no entries for what was not found. */
  demandedInStart(nameId: number, list: readonly MapEntry[]): MapEntry | null {
    const first = this.demanded(nameId, list)
    if (first?.how !== 'missing') return first
    const named = (entry: MapEntry): boolean => entry.how !== 'missing' && entry.names.includes(nameId)
    return this.visible().find(named) ?? list.find(named) ?? null
  }

  #loadedAs(recordId: number): MapEntry | null {
    const entry = this.#byRecord.get(recordId) ?? null
    if (entry === null || !this.moved) return entry
    return this.visible().includes(entry) ? entry : null
  }

  /**
   * Loads one need of `from`, or finds it loaded.
   *
   * @param path what is opened for a name with a slash, where that is not the name itself
   * @throws LoadError where the loader gives up
   */
  map(from: MapEntry, need: NeedRecord, path: string | null = need.name): Mapped {
    if (need.name === null || path === null) throw new LoadError('empty dynamic string token substitution')
    const known = this.lookup(need.nameId)
    if (known !== null) return { entry: known, how: 'loaded' }
    if (VDSO_NAMES.has(need.name)) return { entry: this.#kernelObject(need.name), how: 'loaded' }
    const found = need.slash ? this.session.searcher.openPath(path) : this.#search(from, need.nameId, need.name)
    return this.#enter(from, need.nameId, need.name, found)
  }

  #search(from: MapEntry, nameId: number, name: string): Found {
    const { session } = this
    if (from.file === null) return { kind: 'missing', otherClass: false, errno: 'ENOENT' }
    return session.searcher.find(session.scope(from.file, from.chain, this.libraryPath), nameId, name)
  }

  #enter(from: MapEntry, nameId: number, name: string, found: Found): Mapped {
    if (found.kind === 'fatal') throw new LoadError(found.message)
    if (found.kind === 'missing') {
      this.firstError ??= missingText(name, found, this.session.setup.reading.header?.class ?? 2)
      const chain = this.session.emptyChain
      const missing = { name, file: null, path: null, how: 'missing', loader: from, chain } as const
      return { entry: this.#append(missing, false, [nameId]), how: 'missing' }
    }
    const same = this.#loadedAs(found.record.id)
    if (same !== null) {
      this.#name(same, nameId)
      return { entry: same, how: found.how }
    }
    if (found.record.mapError !== null) throw new LoadError(`${name}: ${found.record.mapError}`)
    const file = (found.file ??= this.session.opened(found.path, found.record))
    const chain = this.session.chain(file, from.chain)
    const names = nameId === file.pathId ? [nameId] : [nameId, file.pathId]
    const added = { name, file, path: found.path, how: found.how, loader: from, chain } as const
    return { entry: this.#append(added, true, names), how: found.how }
  }

  /** The object that the kernel maps into every process. */
  #kernelObject(name: string): MapEntry {
    const entry = { name, file: null, path: name, how: 'loaded', loader: null, chain: this.session.emptyChain } as const
    return this.add(entry, false)
  }

  /** Moves `entry` directly before `before` in the chain, as a filter does with its filtee (elf/dl-deps.c). */
  moveBefore(entry: MapEntry, before: MapEntry): void {
    this.moved = true
    unlink(entry)
    entry.prev = before.prev
    before.prev = entry
    if (entry.prev !== null) entry.prev.next = entry
    entry.next = before
  }
}

/** Takes an entry out of the chain; its own pointers stay. */
export function unlink(entry: MapEntry): void {
  if (entry.prev !== null) entry.prev.next = entry.next
  if (entry.next !== null) entry.next.prev = entry.prev
}

function namesOf(entry: NewEntry): readonly string[] {
  return entry.path === null || entry.path === entry.name ? [entry.name] : [entry.name, entry.path]
}

function answers(entry: MapEntry, nameId: number): boolean {
  return entry.how !== 'missing' && (entry.names.includes(nameId) || entry.file?.sonameId === nameId)
}

function missingText(name: string, found: Extract<Found, { kind: 'missing' }>, elfClass: number): string {
  if (found.otherClass) return `${name}: wrong ELF class: ELFCLASS${elfClass === 2 ? '32' : '64'}`
  return `${name}: cannot open shared object file: ${ERRNO_TEXT[found.errno]}`
}

const ERRNO_TEXT = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  ENOTDIR: 'Not a directory',
  ELOOP: 'Too many levels of symbolic links',
  ENAMETOOLONG: 'File name too long',
  EIO: 'Input/output error',
} as const
