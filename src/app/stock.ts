/** What a system holds and offers, as the rules about a move ask for it. */
import type { System } from '../domain/system.ts'
import type { Stock } from '../rules/facts/stock.ts'
import type { Offers } from '../system/apt-lists.ts'
import { readOffers } from '../system/apt-lists.ts'
import { inventoryOf } from '../system/inventory.ts'

/** Lists are read when the first package is asked for. */
export function stockOf(system: System): Stock {
  const { libraries } = inventoryOf(system)
  let known: Offers | null = null
  const offers = (): Offers => (known ??= readOffers(system.tree))
  return {
    libraries: new Map([...libraries].map(([soname, { path }]) => [soname, path])),
    offers: (name) => offers().get(name) ?? null,
    kin: (name) => kinOf(name, offers()),
  }
}

/** libtiff6 for libtiff5, libssl3t64 for libssl1.1: a run-time library's package bears its soname (Debian Policy 8.1). */
function kinOf(name: string, offers: Offers): readonly string[] {
  const stem = /^(lib[a-z0-9+.-]*?[a-z+])-?\d[\d.]*(?:t64|a|c2|v5|ldbl)?$/.exec(name)?.[1]
  if (stem === undefined) return []
  const test = new RegExp(`^${stem.replace(/[+.]/g, '\\$&')}-?\\d[\\d.]*(?:t64)?$`)
  return [...new Set([...offers.keys()].filter((other) => other !== name && test.test(other)))].sort().slice(0, 4)
}
