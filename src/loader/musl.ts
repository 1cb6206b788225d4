/** The link map of one process as musl builds it (ldso/dynlink.c `load_deps`): names of files, no sonames, no cache. */
import type { Binding, Candidate, Closure, How, Loaded, SymbolReport } from '../domain/closure.ts'
import type { World } from '../domain/system.ts'
import { isReserved, muslAccepts, muslRunPath, muslSearch, openMusl, splitMuslPath } from './musl-search.ts'
import type { MuslFile, MuslPath } from './musl-search.ts'
import { folderOf } from './session.ts'
import type { Session } from './session.ts'
import { bindSymbols } from './symbols.ts'

/** One `struct dso`. */
interface Dso {
  readonly index: number
  readonly name: string
  readonly file: MuslFile | null
  readonly how: How | 'missing'
  readonly neededBy: Dso | null
  readonly runPath: readonly string[]
  /** The name it is found by again; null for an object that was opened by a path. */
  shortName: string | null
}

/** The closure of `root` under musl; with `inside`, of `root` opened in that program's process. */
export function startMusl(session: Session, root: string, inside: string | null): Closure {
  return new MuslProcess(session).run(root, inside)
}

/** Every candidate that musl looks at for `name`, asked by the object at `path` in the process of `root`. */
export function explainMusl(session: Session, root: string, path: string, name: string): readonly Candidate[] {
  const process = new MuslProcess(session)
  process.run(root, null)
  return process.explain(path, name)
}

class MuslProcess {
  readonly #session: Session
  readonly #world: World
  readonly #objects: Dso[] = []
  readonly #bindings: Binding[] = []
  readonly #notes: string[] = []
  #self: Dso | null = null
  #fatal: string | null = null
  #firstError: string | null = null

  constructor(session: Session) {
    this.#session = session
    this.#world = session.world
  }

  run(root: string, inside: string | null): Closure {
    const program = this.#program(inside ?? root)
    if (program !== null) {
      this.#preload()
      this.#loadNeeds(0)
    }
    let rootIndex = 0
    if (inside !== null && program !== null) rootIndex = this.#dlopen(root, program)
    const { setup } = this.#session
    const loaded = this.#objects.map((dso) => this.#loaded(dso))
    return {
      root,
      interpreter: setup.path,
      libc: 'musl',
      rootIndex,
      objects: loaded,
      trace: this.#objects.filter((dso) => dso.index > rootIndex).map((dso) => dso.index),
      bindings: this.#bindings,
      scope: loaded.filter((entry) => entry.file !== null).map((entry) => entry.index),
      symbols: (wanted) => this.#symbols(loaded, inside === null ? 0 : rootIndex, wanted ?? null),
      fatal: this.#fatal,
      start: this.#fatal ?? this.#firstError,
      notes: this.#notes,
    }
  }

  /** musl looks in all objects in the order of loading, and binds itself first. Versions are not compared. */
  #symbols(loaded: readonly Loaded[], first: number, wanted: ((file: string) => boolean) | null): SymbolReport {
    const scope = loaded.flatMap(({ index, file }) => (file === null ? [] : [{ index, file }]))
    const bound = scope.filter(
      ({ index, file }) => index >= first && this.#objects[index] !== this.#self && (wanted === null || wanted(file)),
    )
    return bindSymbols(this.#world, 'musl', scope, bound, { errors: [], unversioned: [] })
  }

  explain(path: string, name: string): readonly Candidate[] {
    const dso = this.#objects.find((candidate) => candidate.file?.path === path || candidate.file?.file === path)
    if (dso === undefined) return []
    const known = this.#known(name)
    if (known !== null) {
      return [{ stage: 'loaded', path: known.file?.path ?? known.name, verdict: 'won', origin: null, reason: null }]
    }
    const trail: Candidate[] = []
    muslSearch(this.#world, name, this.#paths(dso), trail)
    return trail
  }

  #program(path: string): Dso | null {
    const file = openMusl(this.#world, path)
    if (typeof file === 'string') {
      this.#fatal = `${path}: cannot be opened (${file})`
      return null
    }
    if (!muslAccepts(file.reading)) {
      if (file.reading.object?.dynamic !== false || file.reading.object.interpreter !== null) {
        this.#fatal = `${path}: Not a valid dynamic program`
      }
      return null
    }
    return this.#add(path, file, 'root', null, folderOf(file.file))
  }

  #preload(): void {
    for (const name of (this.#world.environment.preload ?? '').split(/[ :]/)) {
      if (name !== '') this.#load(name, null, 'preload')
    }
  }

  /** Breadth-first from the object at `from` on, as `load_deps` walks its list. */
  #loadNeeds(from: number): void {
    for (let index = from; index < this.#objects.length; index += 1) {
      const dso = this.#objects[index]
      if (dso?.file == null || dso === this.#self) continue
      for (const need of dso.file.reading.object?.needs ?? []) {
        if (need.kind !== 'needed') continue
        const answer = this.#load(need.name, dso, null)
        const to = answer?.dso ?? this.#missing(need.name, dso)
        this.#bindings.push({
          from: index,
          name: need.name,
          to: to.index,
          how: answer?.how ?? 'missing',
          optional: false,
        })
      }
    }
  }

  #missing(name: string, neededBy: Dso): Dso {
    this.#firstError ??= `Error loading shared library ${name}: No such file or directory (needed by ${neededBy.name})`
    return this.#add(name, null, 'missing', neededBy, '/')
  }

  /** Opens `root` in the running process: the search goes from the program, whoever calls (rule of dlopen). */
  #dlopen(root: string, program: Dso): number {
    const file = openMusl(this.#world, root)
    if (typeof file === 'string' || !muslAccepts(file.reading)) {
      this.#fatal = `${root}: cannot be opened`
      return 0
    }
    const known = this.#objects.find((dso) => dso.file?.identity === file.identity)
    if (known !== undefined) return known.index
    const opened = this.#add(root, file, 'root', program, folderOf(root))
    this.#loadNeeds(opened.index)
    return opened.index
  }

  #load(name: string, neededBy: Dso | null, label: How | null): { dso: Dso; how: How } | null {
    if (isReserved(name) || name === this.#session.setup.path) return { dso: this.#libc(name), how: 'musl-libc' }
    const known = name.includes('/') ? null : this.#known(name)
    if (known !== null) return { dso: known, how: 'loaded' }
    const trail: Candidate[] = []
    const opened = name.includes('/')
      ? openMusl(this.#world, name)
      : (muslSearch(this.#world, name, this.#paths(neededBy), trail) ?? 'ENOENT')
    if (typeof opened === 'string') return null
    const how = label ?? (name.includes('/') ? 'path' : (trail.at(-1)?.stage ?? 'default'))
    const same = this.#objects.find((dso, index) => index > 0 && dso.file?.identity === opened.identity)
    if (same !== undefined) {
      if (!name.includes('/')) same.shortName ??= name
      return { dso: same, how }
    }
    if (!muslAccepts(opened.reading)) return null
    return { dso: this.#add(name, opened, how, neededBy, folderOf(opened.path)), how }
  }

  #known(name: string): Dso | null {
    return this.#objects.find((dso, index) => index > 0 && dso.shortName === name) ?? null
  }

  #libc(name: string): Dso {
    this.#self ??= this.#add(name, null, 'musl-libc', null, '/')
    return this.#self
  }

  /** Environment, then the run paths of the requester and its requesters up to the program, then the system path. */
  #paths(neededBy: Dso | null): readonly MuslPath[] {
    const paths: MuslPath[] = []
    const libraryPath = this.#world.environment.libraryPath
    if (libraryPath !== null) paths.push({ how: 'library-path', folders: splitMuslPath(libraryPath), origin: null })
    for (let dso = neededBy; dso !== null; dso = dso.neededBy) {
      paths.push({ how: 'runpath', folders: dso.runPath, origin: dso.file?.path ?? null })
    }
    paths.push({ how: 'default', folders: this.#session.setup.muslPath, origin: null })
    return paths
  }

  #add(name: string, file: MuslFile | null, how: How | 'missing', neededBy: Dso | null, origin: string): Dso {
    const dso: Dso = {
      index: this.#objects.length,
      name,
      file,
      how,
      neededBy,
      runPath: file === null ? [] : muslRunPath(file.reading, origin),
      shortName: name.includes('/') || file === null ? null : name,
    }
    this.#objects.push(dso)
    return dso
  }

  #loaded(dso: Dso): Loaded {
    const { setup } = this.#session
    const self = dso.how === 'musl-libc'
    return {
      index: dso.index,
      name: dso.name,
      path: self ? setup.path : (dso.file?.path ?? null),
      file: self ? setup.file : (dso.file?.file ?? null),
      how: dso.how,
      loader: dso.neededBy?.index ?? null,
    }
  }
}
