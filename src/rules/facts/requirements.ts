/** What packages require of each other, by names: effective requires, and who is reached through whom. */
import type { Context, Package } from '../../domain/context.ts'

const REQUIREMENT = /^([A-Za-z_0-9](?:\.?[A-Za-z0-9_]+)*)/

/** The package a requirement asks for; null for a conflict (`!x`), a weak one (`~x`) and an ephemeral (`.x`). */
export function requiredName(requirement: string): string | null {
  return REQUIREMENT.exec(requirement.trim())?.[1] ?? null
}

/** Names of packages in a list of requirements. */
export function requiredNames(requirements: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const requirement of requirements) {
    const name = requiredName(requirement)
    if (name !== null) names.add(name)
  }
  return names
}

/** Requirements between the packages of one context. */
export interface Requirements {
  /** Names in the effective requires of a package. */
  direct(item: Package): ReadonlySet<string>
  /** Names in build_requires and private_build_requires. */
  build(item: Package): ReadonlySet<string>
  /** The shortest chain of package names from what `item` requires to `name`, both included; null when unreachable. */
  chain(item: Package, name: string): readonly string[] | null
}

/** Reads every list once; chains are found when asked for. */
export function requirementsOf(context: Context): Requirements {
  const byName = new Map(context.packages.map((item) => [item.name, item]))
  const direct = memo((item: Package) => requiredNames(item.requires))
  const build = memo((item: Package) => requiredNames([...item.buildRequires, ...item.privateBuildRequires]))
  const parents = memo((item: Package) => {
    const from = new Map<string, string | null>()
    const queue: string[] = []
    for (const name of direct(item)) visit(name, null)
    // The queue grows while it is walked: nearest packages come first.
    for (const name of queue) {
      const next = byName.get(name)
      if (next !== undefined) for (const other of direct(next)) visit(other, name)
    }
    return from

    function visit(name: string, parent: string | null): void {
      if (from.has(name)) return
      from.set(name, parent)
      queue.push(name)
    }
  })
  return {
    direct,
    build,
    chain(item, name) {
      const from = parents(item)
      if (!from.has(name)) return null
      const chain = [name]
      for (let step = from.get(name) ?? null; step !== null; step = from.get(step) ?? null) chain.unshift(step)
      return chain
    },
  }
}

function memo<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>()
  return (key) => {
    const old = known.get(key)
    if (old !== undefined) return old
    const fresh = compute(key)
    known.set(key, fresh)
    return fresh
  }
}
