/** Collects the answers that the maps of all roots give to each need of each package object. */
import type { PackageObject } from '../domain/audit.ts'
import type { Binding, Closure, How, Loaded } from '../domain/closure.ts'
import type { LinkMaps } from './link-maps.ts'

/** The answers to one need of one object, over all roots that reach the object. */
export interface Entry {
  readonly name: string
  readonly optional: boolean
  /** The answer that counts: missing before the system's file before a package's. */
  file: string | null
  path: string | null
  how: How | 'missing'
  root: string
  rank: number
  missing: number
  found: number
  /** Some root's map holds the file because of the object's own search. */
  bySearch: boolean
}

/** What is known of one object. */
export interface ObjectEntry {
  readonly needs: Map<string, Entry>
  reachedBy: number
  /** Roots among them of which it is known in whose process they run. */
  reachedSurely: number
}

const MISSING = 2
const SYSTEM = 1
const PACKAGE = 0

export class Ledger {
  readonly #maps: LinkMaps
  /** By the number of their file. */
  readonly #objects: ReadonlyMap<number, PackageObject>
  readonly #entries = new Map<PackageObject, ObjectEntry>()

  constructor(maps: LinkMaps, objects: ReadonlyMap<number, PackageObject>) {
    this.#maps = maps
    this.#objects = objects
  }

  entry(object: PackageObject): ObjectEntry | null {
    return this.#entries.get(object) ?? null
  }

  /**
   * Records a closure.
   *
   * @param only record the answers of this object alone
   * @param sure false where the root is opened by a program that is not known: what it lacks may be loaded there already
   */
  add(closure: Closure, only: PackageObject | null, sure: boolean): void {
    const { files, packaged, askers } = this.#maps.of(closure)
    const members: (readonly [at: number, object: PackageObject])[] = []
    for (const at of packaged) {
      const object = this.#objects.get(files[at] ?? -1)
      if (object === undefined || (only !== null && object !== only)) continue
      const member = this.#member(object, sure)
      members.push([at, object])
      askers.each(at, (binding) => {
        record(member, binding, closure, this.#objects.has(files[binding.to] ?? -1))
      })
    }
    if (closure.fatal !== null) this.#stopped(closure, members)
  }

  #member(object: PackageObject, sure: boolean): ObjectEntry {
    let entry = this.#entries.get(object)
    if (entry === undefined) this.#entries.set(object, (entry = { needs: new Map(), reachedBy: 0, reachedSurely: 0 }))
    entry.reachedBy += 1
    if (sure) entry.reachedSurely += 1
    return entry
  }

  /** A candidate that stops the loader leaves needs unanswered: the first one in load order is where it stopped. */
  #stopped(closure: Closure, members: readonly (readonly [at: number, object: PackageObject])[]): void {
    const answered = new Set(closure.bindings.map((binding) => `${binding.from}\0${binding.name}`))
    for (const [from, object] of members) {
      const member = this.#entries.get(object)
      const need = object.reading.object?.needs.find(
        (item) => item.kind !== 'auxiliary' && !answered.has(`${from}\0${item.name}`) && !item.name.includes('$'),
      )
      if (member === undefined || need === undefined) continue
      record(member, { from, name: need.name, to: -1, how: 'missing', optional: false }, closure, false)
      return
    }
  }
}

/** @param packaged the answer is an object of a package */
function record(member: ObjectEntry, binding: Binding, closure: Closure, packaged: boolean): void {
  const target = closure.objects[binding.to]
  const file = target?.file ?? null
  const rank = file === null ? MISSING : packaged ? PACKAGE : SYSTEM
  let entry = member.needs.get(binding.name)
  if (entry === undefined) {
    const { name, optional } = binding
    entry = {
      name,
      optional,
      file,
      path: target?.path ?? null,
      how: binding.how,
      root: closure.root,
      rank,
      missing: 0,
      found: 0,
      bySearch: false,
    }
    member.needs.set(name, entry)
  } else if (rank > entry.rank) {
    entry.file = file
    entry.path = target?.path ?? null
    entry.how = binding.how
    entry.root = closure.root
    entry.rank = rank
  }
  if (file === null) entry.missing += 1
  else entry.found += 1
  if (!entry.bySearch && isOwnSearch(binding, target)) entry.bySearch = true
}

/**
 * A file that stands on a path which serves everybody counts as found by the object's own search, although the map had
 * it already. What a run path of another object found is in doubt.
 */
function isOwnSearch(binding: Binding, target: Loaded | undefined): boolean {
  if (binding.how !== 'loaded') return true
  return target?.how !== 'rpath' && target?.how !== 'runpath' && target?.how !== 'root'
}
