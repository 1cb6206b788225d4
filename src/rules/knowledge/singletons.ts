/** Questions to the knowledge about libraries of which a process must have one copy. */
import { anyGlob, globTest } from '../../policy/glob.ts'
import { singletons } from './data.ts'
import type { Singleton } from './types.ts'

const tests = singletons.map((singleton) => ({ singleton, test: anyGlob(singleton.libraries) }))
const known = new Map<string, Singleton | null>()

/** The singleton that a soname belongs to, null for any other library. */
export function singletonOf(soname: string): Singleton | null {
  let found = known.get(soname)
  if (found === undefined) {
    found = tests.find(({ test }) => test(soname))?.singleton ?? null
    // Sonames come from files: the memory is bounded.
    if (known.size < 10_000) known.set(soname, found)
  }
  return found
}

/** Singletons of which there are kinds that cannot replace each other. */
export const flavoured: readonly Singleton[] = singletons.filter((singleton) => singleton.flavours.length > 0)

/** A test for names of symbols, from a glob of the knowledge. */
export function symbolTest(glob: string): (name: string) => boolean {
  return globTest(glob)
}
