/**
 * Link maps as they are read again and again: the files of their objects as numbers, and the bindings of each object by
 * themselves. Most objects of a map are the system's, and what they ask for is passed over.
 */
import type { Binding, Closure } from '../domain/closure.ts'
import type { SharedClosures } from '../loader/shared-closures.ts'

export interface LinkMap {
  /** The number of the file of each object, -1 where there is none. */
  readonly files: Int32Array
  /** Indexes of the objects whose files are named as those of packages, in this context or in another one. */
  readonly packaged: readonly number[]
  readonly askers: Askers
}

/** Link maps that were looked at before; worlds that share closures share this too. */
export class LinkMaps {
  readonly #numbers = new Map<string, number>()
  readonly #packaged = new Set<number>()
  #known = new WeakMap<Closure['objects'], LinkMap>()

  /** The number of a file that is an object of a package. */
  packaged(file: string): number {
    const met = this.#numbers.has(file)
    const number = this.#number(file)
    // What was met before as a file of nobody: what was said of link maps with it holds no more.
    if (met && !this.#packaged.has(number)) this.#known = new WeakMap<Closure['objects'], LinkMap>()
    this.#packaged.add(number)
    return number
  }

  of(closure: Closure): LinkMap {
    const { objects } = closure
    const known = this.#known.get(objects)
    if (known !== undefined) return known
    const files = Int32Array.from(objects, ({ file }) => (file === null ? -1 : this.#number(file)))
    const packaged = objects.flatMap((_, at) => (this.#packaged.has(files[at] ?? -1) ? [at] : []))
    const made = { files, packaged, askers: askersOf(closure) }
    this.#known.set(objects, made)
    return made
  }

  #number(file: string): number {
    const known = this.#numbers.get(file)
    if (known !== undefined) return known
    const number = this.#numbers.size
    this.#numbers.set(file, number)
    return number
  }
}

/** Closures that other worlds have resolved, and what is known of their link maps. */
export interface KnownClosures {
  readonly shared: SharedClosures
  readonly maps: LinkMaps
}

const ASKERS = new WeakMap<Closure['bindings'], Askers>()

/** The bindings of a closure by the object that asks, sorted once. */
export function askersOf({ bindings, objects }: Closure): Askers {
  const known = ASKERS.get(bindings) ?? new Askers(bindings, objects.length)
  ASKERS.set(bindings, known)
  return known
}

export class Askers {
  readonly #bindings: readonly Binding[]
  /** Places of bindings, by asker. */
  readonly #order: Int32Array
  /** Where those of each object end in the order. */
  readonly #ends: Int32Array

  constructor(bindings: readonly Binding[], objects: number) {
    this.#bindings = bindings
    this.#order = new Int32Array(bindings.length)
    this.#ends = new Int32Array(objects + 1)
    for (const { from } of bindings) this.#ends[from + 1] = (this.#ends[from + 1] ?? 0) + 1
    for (let at = 1; at <= objects; at += 1) this.#ends[at] = (this.#ends[at] ?? 0) + (this.#ends[at - 1] ?? 0)
    const next = this.#ends.slice()
    for (const [place, { from }] of bindings.entries()) {
      const at = next[from] ?? 0
      this.#order[at] = place
      next[from] = at + 1
    }
  }

  /** What one object asked for, in its order. */
  each(object: number, visit: (binding: Binding) => void): void {
    const end = this.#ends[object + 1] ?? 0
    for (let at = this.#ends[object] ?? 0; at < end; at += 1) {
      const binding = this.#bindings[this.#order[at] ?? 0]
      if (binding !== undefined) visit(binding)
    }
  }
}
