/** The link map of one process, as glibc builds it (elf/dl-deps.c `_dl_map_object_deps`, elf/rtld.c `dl_main`). */
import type { How } from '../domain/closure.ts'
import type { SearchList } from './search-list.ts'
import type { Found } from './searcher.ts'
import type { Chain, NeedRecord, OpenedFile, Session } from './session.ts'

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
  /** Every name it is found by. */
  readonly names: number[]
  /** `l_reserved`: it is in the search list. */
  listed: boolean
}

export type NewEntry = Omit<MapEntry, 'index' | 'names' | 'listed'>

/** A node of the search list (`struct list`). */
interface Node {
  entry: MapEntry
  done: boolean
  next: Node | null
}

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
  /** The `l_next` chain, the loader's own entry left out. */
  readonly order: MapEntry[] = []
  readonly answers: Answer[] | null
  /** Where LD_LIBRARY_PATH leads, its tokens expanded for this program. */
  libraryPath: SearchList | null = null
  /** The first error that would end a real start, missing names included. */
  firstError: string | null = null
  main: MapEntry | null = null
  interpreter: MapEntry | null = null
  readonly #byName = new Map<number, MapEntry>()
  readonly #byRecord = new Map<number, MapEntry>()
  /** A filter has moved entries, so that the order of the chain decides and not that of loading. */
  #moved = false

  constructor(session: Session, recordAnswers: boolean) {
    this.session = session
    this.answers = recordAnswers ? [] : null
  }

  /** Adds an object to the map. `identified` is false for a program whose file identity the loader does not know. */
  add(entry: NewEntry, identified: boolean): MapEntry {
    const added: MapEntry = {
      index: this.entries.length,
      name: entry.name,
      file: entry.file,
      path: entry.path,
      how: entry.how,
      loader: entry.loader,
      chain: entry.chain,
      names: [],
      listed: false,
    }
    this.entries.push(added)
    if (entry.how !== 'interpreter') this.order.push(added)
    if (added.how === 'missing') return added
    this.#remember(this.session.nameId(added.name), added)
    if (added.file !== null) {
      if (added.file.sonameId >= 0) this.#remember(added.file.sonameId, added)
      if (identified) this.#byRecord.set(added.file.record.id, added)
    }
    return added
  }

  /** Gives an entry one more name to be found by. */
  alias(entry: MapEntry, name: string): void {
    this.#remember(this.session.nameId(name), entry)
  }

  /** Takes back the missing entry that was added last. */
  forgetLast(): void {
    this.entries.pop()
    this.order.pop()
  }

  #remember(nameId: number, entry: MapEntry): void {
    if (!this.#byName.has(nameId)) this.#byName.set(nameId, entry)
    entry.names.push(nameId)
  }

  /** The loaded object that answers to a name (`_dl_lookup_map`), null when none does. */
  lookup(nameId: number): MapEntry | null {
    if (!this.#moved) return this.#byName.get(nameId) ?? null
    return this.#visible().find((entry) => entry.names.includes(nameId)) ?? null
  }

  /** The chain from the program on: a filtee of the program itself stands before it and is not found again. */
  #visible(): readonly MapEntry[] {
    const start = this.main === null ? 0 : this.order.indexOf(this.main)
    const visible = this.order.slice(start)
    if (this.interpreter !== null) visible.splice(1, 0, this.interpreter)
    return visible
  }

  #loadedAs(recordId: number): MapEntry | null {
    const entry = this.#byRecord.get(recordId) ?? null
    if (entry === null || !this.#moved) return entry
    return this.#visible().includes(entry) ? entry : null
  }

  /**
   * Loads one need of `from`, or finds it loaded.
   *
   * @throws LoadError where the loader gives up
   */
  map(from: MapEntry, need: NeedRecord): Mapped {
    if (need.name === null) throw new LoadError('empty dynamic string token substitution')
    const known = this.lookup(need.nameId) ?? (need.slash ? this.#openedAs(need.name) : null)
    if (known !== null) return { entry: known, how: 'loaded' }
    if (VDSO_NAMES.has(need.name)) return { entry: this.#kernelObject(need.name), how: 'loaded' }
    const found = need.slash ? this.session.searcher.openPath(need.name) : this.#search(from, need.nameId, need.name)
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
      const entry = this.add(
        { name, file: null, path: null, how: 'missing', loader: from, chain: this.session.emptyChain },
        false,
      )
      return { entry, how: 'missing' }
    }
    const same = this.#loadedAs(found.record.id)
    if (same !== null) {
      this.#remember(nameId, same)
      return { entry: same, how: found.how }
    }
    if (found.record.mapError !== null) throw new LoadError(`${name}: ${found.record.mapError}`)
    const file = this.session.opened(found.path, found.record)
    const chain = this.session.chain(file, from.chain)
    const entry = this.add({ name, file, path: found.path, how: found.how, loader: from, chain }, true)
    return { entry, how: found.how }
  }

  /** The object that the kernel maps into every process. */
  #kernelObject(name: string): MapEntry {
    const entry = { name, file: null, path: name, how: 'loaded', loader: null, chain: this.session.emptyChain } as const
    return this.add(entry, false)
  }

  /** The loaded object that was opened by this very path (`l_name`). */
  #openedAs(path: string): MapEntry | null {
    const entries = this.#moved ? this.#visible() : this.entries
    return entries.find((entry) => entry.path === path && entry.how !== 'missing') ?? null
  }

  /** Loads everything below `roots` breadth-first and returns the search list. */
  mapDependencies(roots: readonly MapEntry[]): readonly MapEntry[] {
    const nodes = roots.map((entry): Node => {
      entry.listed = true
      return { entry, done: false, next: null }
    })
    for (const [index, node] of nodes.entries()) node.next = nodes[index + 1] ?? null
    const head = nodes[0] ?? null
    const list = new DependencyList(this, nodes.at(-1) ?? null)
    for (let node = head; node !== null;) {
      node.done = true
      list.expand(node)
      while (node?.done === true) node = node.next
    }
    const result: MapEntry[] = []
    for (let node = head; node !== null; node = node.next) result.push(node.entry)
    return result
  }

  /** Moves `entry` directly before `before` in the chain, as a filter does with its filtee. */
  moveBefore(entry: MapEntry, before: MapEntry): void {
    this.#moved = true
    if (entry === this.interpreter) return
    const at = this.order.indexOf(entry)
    if (at >= 0) this.order.splice(at, 1)
    this.order.splice(this.order.indexOf(before), 0, entry)
  }
}

/** The search list while it grows: one method per tag of elf/dl-deps.c. */
class DependencyList {
  readonly #map: LinkMap
  #tail: Node | null

  constructor(map: LinkMap, tail: Node | null) {
    this.#map = map
    this.#tail = tail
  }

  /** Handles every need of one node. */
  expand(node: Node): void {
    const from = node.entry
    let current = node
    for (const need of from.file?.needs ?? []) {
      if (need.kind === 'needed') this.#needed(from, need)
      else current = this.#filter(from, need, current)
    }
  }

  #needed(from: MapEntry, need: NeedRecord): void {
    const { entry, how } = this.#map.map(from, need)
    this.#map.answers?.push({ from, need, to: entry, how })
    if (entry.listed) return
    entry.listed = true
    const node: Node = { entry, done: false, next: null }
    if (this.#tail !== null) this.#tail.next = node
    this.#tail = node
  }

  /** A filtee goes before its filter; the node that stands for the filter afterwards is returned. */
  #filter(from: MapEntry, need: NeedRecord, current: Node): Node {
    const mapped = this.#auxiliary(from, need)
    this.#map.answers?.push({ from, need, to: mapped?.entry ?? null, how: mapped?.how ?? 'missing' })
    if (mapped === null) return current
    const { entry } = mapped
    const moved: Node = { ...current }
    if (entry.listed) {
      let late = moved
      while (late.next !== null && late.next.entry !== entry) late = late.next
      if (late.next === null) return current
      if (this.#tail === late.next) this.#tail = late
      late.next = late.next.next
    }
    entry.listed = true
    this.#map.moveBefore(entry, current.entry)
    current.entry = entry
    current.done = false
    current.next = moved
    if (this.#tail === current) this.#tail = moved
    return moved
  }

  #auxiliary(from: MapEntry, need: NeedRecord): Mapped | null {
    if (need.kind === 'filter') return this.#map.map(from, need)
    const before = this.#map.firstError
    try {
      return this.#map.map(from, need)
    } catch (error) {
      if (error instanceof LoadError) return null
      throw error
    } finally {
      // An auxiliary object may be absent from a real start as well.
      this.#map.firstError = before
    }
  }
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
