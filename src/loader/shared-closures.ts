/**
 * Closures that hold in several worlds of one system. A link map is made of nothing but the answers to what was asked
 * while it was built: where another world gives the same answers, it would be built the same way.
 */
import type { Closure, How, SymbolReport } from '../domain/closure.ts'
import type { ElfReading } from '../domain/object.ts'
import type { LoaderSetup, World } from '../domain/system.ts'
import type { ClosureOptions } from './closure.ts'
import { resolveClosure } from './closure.ts'
import type { Found, Scope, Stage } from './records.ts'
import type { Asked } from './searcher.ts'
import type { Session } from './session.ts'
import { scopeOf } from './session.ts'
import { objectAt, sessionFor, setupFor } from './sessions.ts'

/** How much is kept; closures that were not asked for longest go first. */
interface ClosureLimits {
  /** Bindings and objects at a time; those of the root that was asked for last are kept in any case. */
  readonly most: number
  /** From here on only what was asked for lately is kept: one world may be large, and all worlds before it need not be. */
  readonly enough: number
  /** Worlds that count as lately. */
  readonly lately: number
  /** Different closures of one root: its packages may be met in several versions. */
  readonly ofRoot: number
}

const LIMITS: ClosureLimits = { most: 1_500_000, enough: 300_000, lately: 24, ofRoot: 4 }

/** A scope as every world would make it again. */
interface Shape {
  readonly chain: readonly StageShape[]
  readonly runpath: StageShape | null
  readonly nodeflib: boolean
}

interface StageShape {
  readonly folders: readonly string[]
  readonly origin: string | null
}

type Plain = Omit<Closure, 'symbols' | 'start'>

/** What was asked while a closure was made, and the numbers of the answers. */
interface Kept {
  readonly closure: Plain
  readonly searches: readonly { readonly shape: Shape; readonly names: Int32Array; readonly answers: Int32Array }[]
  readonly paths: readonly { readonly path: string; readonly asProgram: boolean; readonly answer: number }[]
}

/** The closures of one root, and which world asked for one of them last. */
interface KeptOfRoot {
  readonly all: Kept[]
  readonly world: number
}

/** The numbers of what one session answers, as far as it was asked. */
interface Answered {
  readonly session: Session
  readonly shapes: Map<Shape, ByName>
  readonly paths: Map<string, number>
}

/** Answers to searches of one shape by the number of the name, 0 for what was not asked. */
interface ByName {
  readonly scope: Scope
  numbers: Int32Array
}

export class SharedClosures {
  /** By loader, root and process; the one that was asked for last is the last. */
  readonly #kept = new Map<string, KeptOfRoot>()
  readonly #setups = new Map<LoaderSetup, number>()
  readonly #shapes = new Map<string, Shape>()
  readonly #shapeOf = new WeakMap<Scope, Shape>()
  readonly #answered = new WeakMap<Session, Answered>()
  readonly #answers = new AnswerNumbers()
  readonly #names: string[] = []
  readonly #nameNumbers = new Map<string, number>()
  #size = 0
  /** Worlds that have asked so far. */
  #worlds = 0
  readonly #limits: ClosureLimits

  constructor(limits: Partial<ClosureLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits }
  }

  /**
   * Resolves everything that `root` loads, as {@link resolveClosure} does; not for worlds that lay repairs over files.
   * What a closure says of symbols and of its start is found out when it is asked for.
   */
  resolve(world: World, root: string, options: ClosureOptions = {}): Closure {
    const session = this.#session(world, options.inside ?? root)
    if (session === null) return resolveClosure(world, root, options)
    const key = this.#key(session, root, options)
    const known = this.#kept.get(key)?.all ?? []
    const answered = this.#answeredBy(session)
    const held = known.find((kept) => this.#holds(answered, kept))
    if (held !== undefined) {
      this.#touch(key, known, held)
      return new HeldClosure(held.closure, world, options)
    }
    const asked: Asked = { searches: new Map(), paths: new Map() }
    session.searcher.asked = asked
    let closure: Closure
    try {
      closure = resolveClosure(world, root, options)
    } finally {
      session.searcher.asked = null
    }
    this.#keep(key, known, this.#keptOf(closure, asked, answered))
    return closure
  }

  /** Null where answers cannot be compared: musl, no loader, and tokens whose value each program has its own of. */
  #session(world: World, program: string): Session | null {
    const setup = setupFor(world, objectAt(world, program))
    if (setup?.libc !== 'glibc' || world.environment.libraryPath?.includes('$') === true) return null
    return sessionFor(world, setup)
  }

  #key({ setup, world }: Session, root: string, { inside }: ClosureOptions): string {
    const number = this.#setups.get(setup) ?? this.#setups.size
    this.#setups.set(setup, number)
    return `${number}\0${root}\0${inside ?? ''}\0${world.environment.preload ?? ''}\0${world.environment.folder}`
  }

  #holds(answered: Answered, { searches, paths }: Kept): boolean {
    for (const { path, asProgram, answer } of paths) {
      if (this.#opened(answered, path, asProgram) !== answer) return false
    }
    for (const { shape, names, answers } of searches) {
      const byName = shaped(answered, shape)
      let { numbers } = byName
      for (let at = 0; at < names.length; at += 1) {
        const name = names[at] ?? 0
        if (numbers[name] === answers[at]) continue
        if ((numbers[name] ?? 0) !== 0 || this.#found(answered, byName, name) !== answers[at]) return false
        // A search that was new may have made room for more.
        numbers = byName.numbers
      }
    }
    return true
  }

  #answeredBy(session: Session): Answered {
    const known = this.#answered.get(session)
    if (known !== undefined) return known
    const fresh = { session, shapes: new Map<Shape, ByName>(), paths: new Map<string, number>() }
    this.#answered.set(session, fresh)
    this.#worlds += 1
    return fresh
  }

  /** The number of what is opened by a path. */
  #opened({ session, paths }: Answered, path: string, asProgram: boolean): number {
    const key = asProgram ? `program\0${path}` : path
    const known = paths.get(key)
    if (known !== undefined) return known
    const number = this.#answers.of(session.searcher.openPath(path, asProgram))
    paths.set(key, number)
    return number
  }

  /** The number of what a search finds. */
  #found({ session }: Answered, byName: ByName, number: number): number {
    const known = byName.numbers[number] ?? 0
    if (known !== 0) return known
    const name = this.#names[number] ?? ''
    return this.#note(byName, number, session.searcher.find(byName.scope, session.nameId(name), name))
  }

  #note(byName: ByName, number: number, found: Found): number {
    if (number >= byName.numbers.length) {
      const before = byName.numbers
      byName.numbers = new Int32Array(this.#names.length)
      byName.numbers.set(before)
    }
    return (byName.numbers[number] = this.#answers.of(found))
  }

  #shape(scope: Scope): Shape {
    const known = this.#shapeOf.get(scope)
    if (known !== undefined) return known
    const stages = scope.stages.map(({ how, list, origin }) => ({
      how,
      stage: { folders: list.folders.map(({ name }) => name), origin },
    }))
    const made: Shape = {
      chain: stages.filter(({ how }) => how === 'rpath').map(({ stage }) => stage),
      runpath: stages.find(({ how }) => how === 'runpath')?.stage ?? null,
      nodeflib: scope.nodeflib,
    }
    const key = JSON.stringify(made)
    const shape = this.#shapes.get(key) ?? made
    this.#shapes.set(key, shape)
    this.#shapeOf.set(scope, shape)
    return shape
  }

  #keptOf(closure: Closure, asked: Asked, answered: Answered): Kept {
    const { root, interpreter, libc, rootIndex, objects, trace, bindings, scope, fatal, notes } = closure
    return {
      closure: { root, interpreter, libc, rootIndex, objects, trace, bindings, scope, fatal, notes },
      searches: [...asked.searches].map(([place, found]) => this.#keptSearches(this.#shape(place), found, answered)),
      paths: [...asked.paths.values()].map(({ path, asProgram }) => ({
        path,
        asProgram,
        answer: this.#opened(answered, path, asProgram),
      })),
    }
  }

  #keptSearches(shape: Shape, searches: ReadonlyMap<string, Found>, answered: Answered): Kept['searches'][number] {
    const byName = shaped(answered, shape)
    const names = new Int32Array(searches.size)
    const answers = new Int32Array(searches.size)
    let at = 0
    for (const [name, found] of searches) {
      const number = this.#nameNumber(name)
      names[at] = number
      answers[at] = byName.numbers[number] || this.#note(byName, number, found)
      at += 1
    }
    return { shape, names, answers }
  }

  #nameNumber(name: string): number {
    const known = this.#nameNumbers.get(name)
    if (known !== undefined) return known
    this.#nameNumbers.set(name, this.#names.length)
    return this.#names.push(name) - 1
  }

  #touch(key: string, known: Kept[], used: Kept): void {
    if (known.at(-1) !== used) {
      known.splice(known.indexOf(used), 1)
      known.push(used)
    }
    this.#put(key, known)
  }

  #put(key: string, all: Kept[]): void {
    this.#kept.delete(key)
    this.#kept.set(key, { all, world: this.#worlds })
  }

  #keep(key: string, known: Kept[], fresh: Kept): void {
    const { most, enough, lately, ofRoot } = this.#limits
    const oldest = known.length < ofRoot ? undefined : known.shift()
    if (oldest !== undefined) this.#size -= sizeOf(oldest)
    known.push(fresh)
    this.#put(key, known)
    this.#size += sizeOf(fresh)
    for (const [first, { all, world }] of this.#kept) {
      const few = this.#size <= enough || (this.#size <= most && this.#worlds - world <= lately)
      if (few || first === key) break
      this.#kept.delete(first)
      for (const kept of all) this.#size -= sizeOf(kept)
    }
  }
}

function sizeOf({ closure }: Kept): number {
  return closure.bindings.length + closure.objects.length
}

function shaped({ session, shapes }: Answered, shape: Shape): ByName {
  const known = shapes.get(shape)
  if (known !== undefined) return known
  const fresh = { scope: scopeLike(session, shape), numbers: new Int32Array(0) }
  shapes.set(shape, fresh)
  return fresh
}

/** The scope of a shape in a world. */
function scopeLike(session: Session, { chain, runpath, nodeflib }: Shape): Scope {
  const { lists } = session.searcher
  const stage = (how: How, { folders, origin }: StageShape): readonly Stage[] => {
    const list = lists.list(folders)
    return list === null ? [] : [{ how, list, origin }]
  }
  const { lib, platform } = session.setup
  const libraryPath = session.libraryPath({ origin: null, lib, platform })
  const own = runpath === null ? null : (stage('runpath', runpath)[0] ?? null)
  const above = chain.flatMap((item) => stage('rpath', item))
  return scopeOf(above, libraryPath, own, nodeflib)
}

/** Numbers of answers from 1 on: equal for answers that lead to the same link map, whichever world gives them. */
class AnswerNumbers {
  /** Files are known by their readings, of which worlds that share them have one for each identity. */
  readonly #readings = new WeakMap<ElfReading, number>()
  readonly #numbers = new Map<string, number>()
  #files = 0

  of(found: Found): number {
    const key = this.#key(found)
    const number = this.#numbers.get(key) ?? this.#numbers.size + 1
    this.#numbers.set(key, number)
    return number
  }

  #key(found: Found): string {
    switch (found.kind) {
      case 'found': {
        const { file, reading } = found.record
        const number = this.#readings.get(reading) ?? (this.#files += 1)
        this.#readings.set(reading, number)
        return `${found.how}\0${found.path}\0${file}\0${number}`
      }
      case 'missing':
        return `missing\0${found.errno}\0${String(found.otherClass)}`
      case 'fatal':
        return `fatal\0${found.message}`
    }
  }
}

/** A closure as that of a world: what needs more than its bindings is resolved there. */
class HeldClosure implements Closure {
  readonly root: string
  readonly interpreter: Closure['interpreter']
  readonly libc: Closure['libc']
  readonly rootIndex: number
  readonly objects: Closure['objects']
  readonly trace: Closure['trace']
  readonly bindings: Closure['bindings']
  readonly scope: Closure['scope']
  readonly fatal: Closure['fatal']
  readonly notes: Closure['notes']
  readonly #world: World
  readonly #options: ClosureOptions

  constructor(plain: Plain, world: World, options: ClosureOptions) {
    this.root = plain.root
    this.interpreter = plain.interpreter
    this.libc = plain.libc
    this.rootIndex = plain.rootIndex
    this.objects = plain.objects
    this.trace = plain.trace
    this.bindings = plain.bindings
    this.scope = plain.scope
    this.fatal = plain.fatal
    this.notes = plain.notes
    this.#world = world
    this.#options = options
  }

  symbols(wanted?: Parameters<Closure['symbols']>[0]): SymbolReport {
    return this.#resolved().symbols(wanted)
  }

  get start(): string | null {
    return this.#resolved().start
  }

  #resolved(): Closure {
    return resolveClosure(this.#world, this.root, this.#options)
  }
}
