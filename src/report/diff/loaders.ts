/** Who loads a file in turn: the objects of packages from which a chain of needs leads to it. */
import type { Side } from './identity.ts'

interface Asker {
  readonly context: number
  readonly world: 'host' | 'base'
  readonly object: number
}

/**
 * A function from some who ask for a file to the labels of all objects of packages that load one of them, at any
 * distance, sorted. Built once for an audit.
 */
export function loadersOf(side: Side): (askers: readonly Asker[]) => readonly string[] {
  const users = new Map<string, number[]>()
  for (const { context, world, object, file } of side.document.bindings) {
    if (file === null) continue
    const key = `${context} ${world} ${file}`
    const known = users.get(key)
    if (known === undefined) users.set(key, [object])
    else known.push(object)
  }
  return (askers) => {
    const labels = new Set<string>()
    for (const [place, objects] of byPlace(askers)) {
      const reached = new Set(objects)
      // The set grows while it is walked.
      for (const object of reached) for (const user of users.get(`${place} ${object}`) ?? []) reached.add(user)
      for (const object of reached) {
        if (side.document.objects[object]?.owner != null) labels.add(side.label(object))
      }
    }
    return [...labels].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  }
}

function byPlace(askers: readonly Asker[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>()
  for (const { context, world, object } of askers) {
    const key = `${context} ${world}`
    places.set(key, [...(places.get(key) ?? []), object])
  }
  return places
}
