/** What a system holds and offers, as the rules about a move ask for it. */
import { once } from '../domain/once.ts'
import type { System } from '../domain/system.ts'
import { insteadOf } from '../rules/facts/stems.ts'
import type { Reliance, Stock } from '../rules/facts/stock.ts'
import type { Dependency } from '../system/apt-lists.ts'
import { readDependencies, readOffers } from '../system/apt-lists.ts'
import { compareVersions } from '../system/index-entries.ts'
import { inventoryOf } from '../system/inventory.ts'

/** Lists are read when the first package is asked for. */
export function stockOf(system: System): Stock {
  const { libraries } = inventoryOf(system)
  const offers = once(() => readOffers(system.tree))
  const kin = once(() => kinIn(offers().keys()))
  const others = new Map<string, readonly string[]>()
  return {
    libraries: new Map([...libraries].map(([soname, { path }]) => [soname, path])),
    offers: (name) => offers().get(name) ?? null,
    relies: relianceIn(system),
    others: (soname) => {
      const found = others.get(soname) ?? insteadOf(soname, libraries.keys())
      others.set(soname, found)
      return found
    },
    kin: (name) => {
      const stem = /^(lib[a-z0-9+.-]*?[a-z+])-?\d[\d.]*(?:t64|a|c2|v5|ldbl)?$/.exec(name)?.[1]
      if (stem === undefined) return []
      const all = kin().get(stem) ?? []
      return all.filter((other) => other !== name).slice(0, 4)
    },
  }
}

/** What is installed already brings nothing new: its dependencies are not followed. */
function relianceIn(system: System): Stock['relies'] {
  const known = new Map<string, ReadonlyMap<string, Reliance>>()
  const installed = once(() => new Set(system.packages().map(({ name }) => name)))
  const dependencies = once(() => readDependencies(system.tree))
  return (name) => {
    const found = known.get(name) ?? reliesOn(name, installed(), dependencies())
    known.set(name, found)
    return found
  }
}

function reliesOn(
  name: string,
  installed: ReadonlySet<string>,
  dependenciesOf: (name: string) => readonly Dependency[],
): ReadonlyMap<string, Reliance> {
  const found = new Map<string, Reliance>()
  const todo = new Set([name])
  for (const by of todo) {
    for (const { name: other, least } of dependenciesOf(by)) {
      const before = found.get(other)?.least ?? null
      if (least !== null && (before === null || compareVersions(before, least) < 0)) found.set(other, { by, least })
      if (!installed.has(other)) todo.add(other)
    }
  }
  return found
}

/** OS packages by their names without a version, sorted. */
type Kin = ReadonlyMap<string, readonly string[]>

/** libtiff6 for libtiff5, libssl3t64 for libssl1.1: a run-time library's package bears its soname (Debian Policy 8.1). */
function kinIn(names: Iterable<string>): Kin {
  const kin = new Map<string, Set<string>>()
  for (const name of [...names].sort()) {
    // The digits of `t64` may be the version, as in libt64.
    for (const pattern of [/^(.*[a-z+])-?\d[\d.]*t64$/, /^(.*[a-z+])-?\d[\d.]*$/]) {
      const stem = pattern.exec(name)?.[1]
      if (stem !== undefined) kin.set(stem, (kin.get(stem) ?? new Set()).add(name))
    }
  }
  return new Map([...kin].map(([stem, packages]) => [stem, [...packages]]))
}
