/** Whether an object that calls dlopen(NAME) would get a file, in one world. */
import type { PackageObject, ResolvedWorld } from '../../domain/audit.ts'
import type { Closure } from '../../domain/closure.ts'
import { failed } from '../../domain/tree.ts'
import { baseName } from './copies.ts'

export type Opened = 'found' | 'missing' | 'unknown'

/** Answers for one world; the maps that hold each object are indexed when the first question comes. */
export class Opening {
  readonly #resolved: ResolvedWorld
  #closures: ReadonlyMap<string, Closure> | null = null
  readonly #names = new WeakMap<Closure, ReadonlySet<string>>()
  readonly #known = new Map<string, Opened>()

  constructor(resolved: ResolvedWorld) {
    this.#resolved = resolved
  }

  /**
   * dlopen searches with the caller as loader, after it has compared the name with all that is loaded (dlopen(3),
   * elf/dl-load.c). `unknown` where no process of the context holds the caller, and for musl.
   */
  open(caller: PackageObject, name: string): Opened {
    if (name.startsWith('/')) return failed(this.#resolved.world.lookup(name)) ? 'missing' : 'found'
    const closure = this.#closureOf(caller.path)
    if (name.includes('/') || closure === null || closure.libc === 'musl') return 'unknown'
    const key = `${caller.path}\0${name}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const answer = this.#loaded(closure).has(name) ? 'found' : this.#search(closure, caller, name)
    this.#known.set(key, answer)
    return answer
  }

  #search(closure: Closure, caller: PackageObject, name: string): Opened {
    const trail = this.#resolved.trail(closure.root, caller.path, name)
    if (trail.length === 0) return 'missing'
    return trail.some((candidate) => candidate.verdict === 'won') ? 'found' : 'missing'
  }

  /** Names that are answered by what the process has. */
  #loaded(closure: Closure): ReadonlySet<string> {
    const known = this.#names.get(closure)
    if (known !== undefined) return known
    const names = new Set<string>()
    for (const { name, file } of closure.objects) {
      if (file === null) continue
      names.add(name)
      names.add(this.#resolved.world.read(file).object?.soname ?? baseName(file))
    }
    this.#names.set(closure, names)
    return names
  }

  #closureOf(path: string): Closure | null {
    if (this.#closures === null) {
      const index = new Map<string, Closure>()
      for (const closure of this.#resolved.closures) {
        for (const { file } of closure.objects) if (file !== null && !index.has(file)) index.set(file, closure)
      }
      this.#closures = index
    }
    return this.#closures.get(path) ?? null
  }
}
