/** Questions to the knowledge about libraries of which a process must have one copy. */
import { anyGlob } from '../../policy/glob.ts'
import type { Policy } from '../../policy/policy.ts'
import { singletons as known } from './data.ts'
import type { Singleton } from './types.ts'

/** The singletons that are known, those of a policy among them. */
export interface Singletons {
  /** The singleton that a soname belongs to, null for any other library. */
  of(soname: string): Singleton | null
}

/** Sonames come from files: what is remembered of them is bounded. */
const MOST_NAMES = 10_000

/** The built-in singletons, and those that a policy adds; a name that it repeats is taken from it. */
export function singletonsWith(policy: Pick<Policy, 'singletons'>): Singletons {
  if (policy.singletons.size === 0) return builtinSingletons
  const own = [...policy.singletons].map(([name, libraries]): Singleton => {
    const builtin = known.find((singleton) => singleton.name === name)
    const fresh = {
      name,
      title: name,
      severity: 'error' as const,
      reason: 'the policy wants one copy of it',
      flavours: [],
    }
    return { ...(builtin ?? fresh), libraries }
  })
  return singletonsOf([...own, ...known.filter((singleton) => !policy.singletons.has(singleton.name))])
}

function singletonsOf(list: readonly Singleton[]): Singletons {
  const tests = list.map((singleton) => ({ singleton, test: anyGlob(singleton.libraries) }))
  const names = new Map<string, Singleton | null>()
  const of = (soname: string): Singleton | null => {
    let found = names.get(soname)
    if (found === undefined) {
      found = tests.find(({ test }) => test(soname))?.singleton ?? null
      if (names.size < MOST_NAMES) names.set(soname, found)
    }
    return found
  }
  return { of }
}

/** The singletons that are known without a policy. */
export const builtinSingletons: Singletons = singletonsOf(known)
