/**
 * What all link maps of one loader in one world share: names as numbers, files by the path they are opened by, and the
 * scopes that objects search in.
 */
import type { How } from '../domain/closure.ts'
import { DF_1_NODEFLIB } from '../domain/object.ts'
import type { ElfHeader, Need } from '../domain/object.ts'
import type { LoaderSetup, World } from '../domain/system.ts'
import type { FileRecord, NeedRecord, OpenedFile, Scope, Stage } from './records.ts'
import type { SearchList } from './search-list.ts'
import { splitPathList } from './search-list.ts'
import { Searcher } from './searcher.ts'
import { expandTokens } from './tokens.ts'
import type { TokenValues } from './tokens.ts'

/** The RPATHs an object inherits: its own first, then its loader's, up to the program's. */
export interface Chain {
  readonly id: number
  readonly stages: readonly Stage[]
  /** The scopes of objects without DT_RUNPATH that have this chain, by library path and flags. */
  readonly scopes: Map<number, Scope>
}

export class Session {
  readonly world: World
  readonly setup: LoaderSetup
  readonly searcher: Searcher
  readonly #nameIds = new Map<string, number>()
  readonly #opened = new Map<string, OpenedFile>()
  readonly #chains = new Map<string, Chain>()
  readonly #libraryPaths = new Map<string, SearchList | null>()
  readonly emptyChain: Chain = { id: 0, stages: [], scopes: new Map() }

  constructor(world: World, setup: LoaderSetup, header: ElfHeader) {
    this.world = world
    this.setup = setup
    this.searcher = new Searcher(world, setup, header)
  }

  nameId(name: string): number {
    const known = this.#nameIds.get(name)
    if (known !== undefined) return known
    const id = this.#nameIds.size
    this.#nameIds.set(name, id)
    return id
  }

  /** The file opened by `path`. `origin` is given only where it is not the folder of the path. */
  opened(path: string, record: FileRecord, origin: string | null = null): OpenedFile {
    const key = origin === null ? path : `${path}\0${origin}`
    const known = this.#opened.get(key)
    if (known !== undefined) return known
    const file = this.#describe(path, record, origin ?? folderOf(this.searcher.lists.absolute(path)))
    this.#opened.set(key, file)
    return file
  }

  #describe(path: string, record: FileRecord, origin: string): OpenedFile {
    const object = record.reading.object
    const values = { origin, lib: this.setup.lib, platform: this.setup.platform }
    const hasRunpath = object !== null && object.runpath !== null
    return {
      path,
      pathId: this.nameId(path),
      record,
      origin,
      sonameId: object?.soname == null ? -1 : this.nameId(object.soname),
      needs: (object?.needs ?? []).map((need) => this.#need(need, values)),
      demands: [...new Set((object?.versionNeeds ?? []).map((need) => this.nameId(need.file)))],
      // An object with both tags loses its RPATH, for its descendants too (elf/get-dynamic-info.h).
      rpath: hasRunpath ? null : this.#runPath(object?.rpath ?? null, values),
      runpath: this.#runPath(object?.runpath ?? null, values),
      hasRunpath,
      nodeflib: ((object?.flags1 ?? 0) & DF_1_NODEFLIB) !== 0,
      ownScopes: new Map(),
    }
  }

  #need(need: Need, values: TokenValues): NeedRecord {
    const name = expandTokens(need.name, values)
    return {
      kind: need.kind,
      name,
      nameId: name === null ? -1 : this.nameId(name),
      slash: name?.includes('/') ?? false,
    }
  }

  #runPath(text: string | null, values: TokenValues): SearchList | null {
    if (text === null || text === '') return null
    return this.searcher.lists.list(splitPathList(text, /:/, values))
  }

  /** LD_LIBRARY_PATH as a list; tokens in it are those of the program. */
  libraryPath(values: TokenValues): SearchList | null {
    const text = this.world.environment.libraryPath
    if (text === null || text === '') return null
    const key = text.includes('$') ? (values.origin ?? '') : ''
    const known = this.#libraryPaths.get(key)
    if (known !== undefined) return known
    const list = this.searcher.lists.list(splitPathList(text, /[:;]/, values))
    this.#libraryPaths.set(key, list)
    return list
  }

  /** The chain of an object: its own RPATH before its loader's chain. */
  chain(file: OpenedFile, above: Chain): Chain {
    if (file.rpath === null) return above
    const key = `${above.id}/${file.rpath.id}/${file.path}`
    const known = this.#chains.get(key)
    if (known !== undefined) return known
    const stage: Stage = { how: 'rpath', list: file.rpath, origin: file.path }
    const chain = { id: this.#chains.size + 1, stages: [stage, ...above.stages], scopes: new Map<number, Scope>() }
    this.#chains.set(key, chain)
    return chain
  }

  /** Where an object looks for its needs: RPATHs (unless it has RUNPATH), library path, own RUNPATH. */
  scope(file: OpenedFile, chain: Chain, libraryPath: SearchList | null): Scope {
    if (file.hasRunpath) {
      const runpath = file.runpath === null ? null : stage('runpath', file.runpath, file.path)
      const own = file.ownScopes.get(libraryPath?.id ?? -1) ?? scopeOf([], libraryPath, runpath, file.nodeflib)
      file.ownScopes.set(libraryPath?.id ?? -1, own)
      return own
    }
    const key = 2 * (libraryPath?.id ?? -1) + (file.nodeflib ? 1 : 0)
    const known = chain.scopes.get(key)
    if (known !== undefined) return known
    const scope = scopeOf(chain.stages, libraryPath, null, file.nodeflib)
    chain.scopes.set(key, scope)
    return scope
  }
}

/** A place to search, with nothing found yet: RPATHs, library path, own RUNPATH. */
export function scopeOf(
  chain: readonly Stage[],
  libraryPath: SearchList | null,
  runpath: Stage | null,
  nodeflib: boolean,
): Scope {
  const stages = [...chain]
  if (libraryPath !== null) stages.push(stage('library-path', libraryPath, null))
  if (runpath !== null) stages.push(runpath)
  return { stages, nodeflib, memo: new Map() }
}

function stage(how: How, list: SearchList, origin: string | null): Stage {
  return { how, list, origin }
}

/** The folder of an absolute path, as the loader cuts it: links and `..` stay. */
export function folderOf(path: string): string {
  const cut = path.lastIndexOf('/')
  return cut <= 0 ? '/' : path.slice(0, cut)
}
