/** Undefined symbols, grouped by what one finding is about: the objects of a package that lack the same symbols. */
import type { PackageObject, SymbolGap, WorldName } from '../../domain/audit.ts'
import type { Package } from '../../domain/context.ts'
import { packageId } from '../../domain/context.ts'
import type { SymbolEntry } from '../../domain/symbols.ts'
import { symbolQuery } from '../../elf/hash.ts'
import { mixedAbi } from './cxx-abi.ts'
import type { MixedAbi } from './cxx-abi.ts'
import type { Facts } from './facts.ts'

/** One gap in one world. */
export interface PlacedSymbol extends SymbolGap {
  readonly world: WorldName
}

export interface SymbolGroup {
  readonly owner: Package
  /** Sorted by symbol, then by object. */
  readonly gaps: readonly PlacedSymbol[]
}

export interface SymbolGroups {
  /** In programs, and in libraries that stand alone. */
  readonly plain: readonly SymbolGroup[]
  /** In plugins and Python modules, and in what these bring. */
  readonly plugins: readonly SymbolGroup[]
  /** Symbols that the process defines for the other ABI of std::string. */
  readonly mixed: readonly MixedAbi[]
}

/** What the interpreter defines for its modules. */
const PYTHON_SYMBOL = /^_?Py[A-Z_]/

const GROUPS = new WeakMap<Facts, SymbolGroups>()

/** The groups of both worlds. */
export function symbolGroups(facts: Facts): SymbolGroups {
  const known = GROUPS.get(facts)
  if (known !== undefined) return known
  const gaps = facts.worlds.flatMap((world) =>
    (facts.audit.worlds[world]?.symbols.undefined ?? []).filter(counts).map((gap) => ({ ...gap, world })),
  )
  const { mixed, rest } = mixedAbi(facts, gaps)
  const isPlugin = ({ process }: PlacedSymbol): boolean => process === 'plugin' || process === 'python-module'
  const groups = {
    plain: group(rest.filter((gap) => !isPlugin(gap))),
    plugins: group(rest.filter(isPlugin)),
    mixed,
  }
  GROUPS.set(facts, groups)
  return groups
}

/**
 * A symbol that another process defines is missing where a program lacks it; a library or plugin may count on the process
 * that loads it. What an interpreter gives its modules is not missing where no interpreter is known.
 */
function counts(gap: SymbolGap): boolean {
  if (gap.metElsewhere && gap.process !== 'program') return false
  return gap.process === 'program' || gap.tried.length > 0 || !PYTHON_SYMBOL.test(gap.symbol)
}

/** Objects of one package that share a symbol make one group. */
function group(gaps: readonly PlacedSymbol[]): readonly SymbolGroup[] {
  const groups = new Map<string, Set<PlacedSymbol>>()
  const byObject = new Map<PackageObject, Set<PlacedSymbol>>()
  for (const gap of gaps) {
    const key = `${packageId(gap.object.owner)}\0${gap.object.owner.variant ?? ''}\0${gap.symbol}`
    const first = groups.get(key)
    const second = byObject.get(gap.object)
    const set = first ?? second ?? new Set<PlacedSymbol>()
    set.add(gap)
    if (first !== undefined && second !== undefined && first !== second) {
      for (const other of second) set.add(other)
      for (const other of second) {
        byObject.set(other.object, set)
        groups.set(`${packageId(other.object.owner)}\0${other.object.owner.variant ?? ''}\0${other.symbol}`, set)
      }
    }
    groups.set(key, set)
    byObject.set(gap.object, set)
  }
  return [...new Set(groups.values())].flatMap((set) => {
    const sorted = [...set].sort((a, b) => compare(a.symbol, b.symbol) || compare(a.object.path, b.object.path))
    const owner = sorted[0]?.object.owner
    return owner === undefined ? [] : [{ owner, gaps: sorted }]
  })
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Libraries of the context that define a symbol. */
export function definersOf(facts: Facts, world: WorldName, symbol: string): readonly PackageObject[] {
  const place = facts.audit.worlds[world]?.world
  if (place === undefined) return []
  const { hash, bytes } = symbolQuery(symbol)
  return facts.audit.objects.filter(({ path, role }) => {
    if (role === 'program') return false
    const definitions: SymbolEntry[] = []
    place.symbolFile(path).visit(hash, bytes, (entry) => {
      const { section, info, other } = entry
      if (section !== 0 && info >> 4 !== 0 && (other & 3) !== 1 && (other & 3) !== 2) definitions.push(entry)
      return definitions.length > 0
    })
    return definitions.length > 0
  })
}
