/** Symbols that objects take from a package's copy of a library, and that the copy which wins does not define. */
import type { World } from '../../domain/system.ts'

export interface LostSymbols {
  /** How many symbols the objects ask for that the package's copy defines. */
  readonly asked: number
  /** Those of them that the winner lacks, sorted. */
  readonly lost: readonly string[]
}

/** Witnesses and symbols that are looked at: enough for a verdict in words, whatever the size of a program. */
const MAX_OBJECTS = 8
const MAX_SYMBOLS = 4096

/**
 * Compares two copies through the eyes of their users. Names count, versions do not: the winner of another release often
 * moves a symbol to another version node and still serves it.
 *
 * @param objects paths of the objects that ask
 * @param meant path of the package's copy
 * @param winner path of the copy that wins
 */
export function lostSymbols(world: World, objects: readonly string[], meant: string, winner: string): LostSymbols {
  const defined = new Set<string>()
  for (const symbol of world.symbols(meant).symbols) if (symbol.defined) defined.add(symbol.name)
  const asked = new Set<string>()
  for (const object of objects.slice(0, MAX_OBJECTS)) {
    for (const symbol of world.symbols(object).symbols) {
      if (!symbol.defined && defined.has(symbol.name) && asked.size < MAX_SYMBOLS) asked.add(symbol.name)
    }
  }
  const lost = [...asked].filter((name) => world.definitions(winner, name).length === 0)
  return { asked: asked.size, lost: lost.sort() }
}
