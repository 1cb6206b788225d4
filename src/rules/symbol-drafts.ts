/** What SYM003 and SYM004 say alike: which symbols, in which objects, and who in the context defines them. */
import type { PackageObject, RepairHint } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import type { SymbolGroup } from './facts/symbol-gaps.ts'
import { definersOf } from './facts/symbol-gaps.ts'
import { nameOf } from './facts/cxx-abi.ts'
import { plural } from './words.ts'

/** Symbols that the evidence names, and those that the message does. */
const SHOWN = 20
const SAID = 3

export interface SymbolSummary {
  /** Distinct symbols, sorted. */
  readonly symbols: readonly string[]
  /** Objects relative to their payload root, sorted. */
  readonly objects: readonly string[]
  /** Libraries of the context that define the first symbol, though the process does not load them. */
  readonly definers: readonly PackageObject[]
  readonly evidence: Readonly<Record<string, unknown>>
}

export function summarise(facts: Facts, { gaps }: SymbolGroup): SymbolSummary {
  const symbols = [...new Set(gaps.map(({ symbol, version }) => (version === null ? symbol : `${symbol}@${version}`)))]
  const objects = [...new Set(gaps.map(({ object }) => object.relative))].sort()
  const first = gaps[0]
  const definers = first === undefined ? [] : definersOf(facts, first.world, first.symbol)
  return {
    symbols,
    objects,
    definers,
    evidence: {
      symbols: symbols.slice(0, SHOWN),
      names: names(symbols.slice(0, SHOWN)),
      count: symbols.length,
      immediate: gaps.some(({ immediate }) => immediate),
      roots: [...new Set(gaps.map(({ root }) => root))].sort().slice(0, SHOWN),
      defined_by: definers.map((object) => `${packageId(object.owner)} ${object.relative}`),
    },
  }
}

/** Names of C++ functions without their types, where they are plain; the last of equal ones is left out. */
function names(symbols: readonly string[]): readonly string[] {
  return [
    ...new Set(symbols.flatMap((symbol) => (symbol.startsWith('_Z') ? [nameOf(symbol)?.text ?? ''] : []))),
  ].filter((name) => name !== '')
}

/** `f`, or `12 symbols such as a, b and c`. */
export function symbolsText(symbols: readonly string[]): string {
  if (symbols.length === 1) return symbols[0] ?? ''
  const said = symbols.slice(0, SAID)
  const last = said.at(-1) ?? ''
  const list = said.length === 1 ? last : `${said.slice(0, -1).join(', ')} and ${last}`
  return symbols.length <= SAID ? list : `${plural(symbols.length, 'symbol')}, such as ${list},`
}

/** Who in the context has the symbols: the requirement or the link that is missing. */
export function symbolRepairs(facts: Facts, group: SymbolGroup, { definers }: SymbolSummary): RepairHint[] {
  const [definer] = definers
  if (definer === undefined) {
    const text = `Link ${packageId(group.owner)} with the library that defines them, or build it for the versions of this context.`
    return [{ kind: 'advice', target: packageId(group.owner), text }]
  }
  const library = `${packageId(definer.owner)} ${definer.relative}`
  const requires = definer.owner === group.owner || facts.requirements.direct(group.owner).has(definer.owner.name)
  const also = requires ? '' : `, and require ${definer.owner.name}`
  return [{ kind: 'advice', target: library, text: `Link ${packageId(group.owner)} with ${library}${also}.` }]
}
