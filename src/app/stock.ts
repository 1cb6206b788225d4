/** What a system holds and offers, as the rules about a move ask for it. */
import type { System } from '../domain/system.ts'
import { insteadOf } from '../rules/facts/stems.ts'
import type { Stock } from '../rules/facts/stock.ts'
import type { Offers } from '../system/apt-lists.ts'
import { readOffers } from '../system/apt-lists.ts'
import { inventoryOf } from '../system/inventory.ts'

/** Lists are read when the first package is asked for. */
export function stockOf(system: System): Stock {
  const { libraries } = inventoryOf(system)
  let known: Offers | null = null
  let kin: Kin | null = null
  const offers = (): Offers => (known ??= readOffers(system.tree))
  const others = new Map<string, readonly string[]>()
  return {
    libraries: new Map([...libraries].map(([soname, { path }]) => [soname, path])),
    offers: (name) => offers().get(name) ?? null,
    others: (soname) => {
      const found = others.get(soname) ?? insteadOf(soname, libraries.keys())
      others.set(soname, found)
      return found
    },
    kin: (name) => {
      const stem = /^(lib[a-z0-9+.-]*?[a-z+])-?\d[\d.]*(?:t64|a|c2|v5|ldbl)?$/.exec(name)?.[1]
      if (stem === undefined) return []
      const all = (kin ??= kinIn(offers().keys())).get(stem) ?? []
      return all.filter((other) => other !== name).slice(0, 4)
    },
  }
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
