/** Loads what objects need, breadth-first, into a link map (elf/dl-deps.c `_dl_map_object_deps`). */
import { LoadError } from './link-map.ts'
import type { LinkMap, Mapped, MapEntry } from './link-map.ts'
import type { NeedRecord } from './records.ts'

/** A node of the search list (`struct list`). */
interface Node {
  entry: MapEntry
  done: boolean
  next: Node | null
}

/**
 * Loads everything below `roots`.
 *
 * @returns the search list, with what was not found in its place
 * @throws LoadError where the loader gives up
 */
export function mapDependencies(map: LinkMap, roots: readonly MapEntry[]): readonly MapEntry[] {
  const nodes = roots.map((entry): Node => {
    entry.listed = true
    return { entry, done: false, next: null }
  })
  for (const [index, node] of nodes.entries()) node.next = nodes[index + 1] ?? null
  const head = nodes[0] ?? null
  const list = new DependencyList(map, nodes.at(-1) ?? null)
  for (let node = head; node !== null;) {
    node.done = true
    list.expand(node)
    while (node?.done === true) node = node.next
  }
  const result: MapEntry[] = []
  for (let node = head; node !== null; node = node.next) result.push(node.entry)
  return result
}

/** Filters that name each other in a circle make the loader go round until its stack is full. */
const MOST_MOVES = 1000

/** The search list while it grows: one method for each tag. */
class DependencyList {
  readonly #map: LinkMap
  #moves = 0
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
    this.#moves += 1
    if (this.#moves > MOST_MOVES) throw new LoadError('Segmentation fault')
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
