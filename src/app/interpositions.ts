/** Finds which object's definition is taken where two packages of one process define a symbol. */
import type { Interposition, PackageObject } from '../domain/audit.ts'
import type { Closure } from '../domain/closure.ts'
import type { World } from '../domain/system.ts'
import { definedBefore } from '../loader/interpose.ts'

export interface InterpositionOptions {
  readonly world: World
  readonly closures: ReadonlyMap<string, Closure>
  readonly objects: ReadonlyMap<string, PackageObject>
}

/**
 * The pairs of objects, of different packages and in one process, where one takes the other's definitions for its own. It
 * counts only what an object both defines and refers to through a relocation, with STB_GLOBAL: weak symbols are those that
 * the language lets every object define (C++ vague linkage), and what is bound inside an object is not looked up.
 */
export function findInterpositions({ world, closures, objects }: InterpositionOptions): readonly Interposition[] {
  const pairs = new Map<PackageObject, Map<PackageObject, Interposition | null>>()
  for (const closure of closures.values()) {
    if (closure.fatal !== null) continue
    const members = closure.scope.flatMap((index) => {
      const object = objects.get(closure.objects[index]?.file ?? '')
      return object === undefined ? [] : [object]
    })
    for (const [at, object] of members.entries()) {
      let winners = pairs.get(object)
      if (winners === undefined) pairs.set(object, (winners = new Map<PackageObject, Interposition | null>()))
      for (const winner of members.slice(0, at)) {
        if (winner.owner === object.owner || winners.has(winner) || sameContent(winner, object)) continue
        const symbols = definedBefore(world, closure.libc, object.path, winner.path)
        winners.set(winner, symbols.length === 0 ? null : { object, winner, symbols, root: closure.root })
      }
    }
  }
  return [...pairs.values()].flatMap((winners) => [...winners.values()].filter((pair) => pair !== null))
}

function sameContent(a: PackageObject, b: PackageObject): boolean {
  const id = a.reading.object?.buildId ?? null
  return id !== null && id === b.reading.object?.buildId
}
