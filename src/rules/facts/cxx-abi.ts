/** The two ABIs of std::string and std::list in libstdc++ (GCC manual, "Dual ABI"), told apart by mangled names. */
import type { SymbolGap, WorldName } from '../../domain/audit.ts'
import type { Facts } from './facts.ts'

type Placed = SymbolGap & { readonly world: WorldName }

/** A symbol that an object demands in one ABI and a file of its process defines in the other. */
export interface MixedAbi {
  readonly gap: Placed
  /** The file that defines the other one, links followed. */
  readonly provider: string
  /** What it defines. */
  readonly defined: string
  /** The ABI that the object was built for. */
  readonly wants: 'new' | 'old'
  /** The function's name without types. */
  readonly name: string
}

/** `St7__cxx11` in a type, or the tag of a function that returns one. */
const NEW_ABI = /__cxx11|B5cxx11/
/** The substitution that stands for the old std::string, behind the name of the function. */
const OLD_STRING = /S[sd]|SbI|St4listI/

/** The ABI that a mangled name shows; null where it has no string or list. */
export function abiOf(symbol: string): 'new' | 'old' | null {
  if (!symbol.startsWith('_Z')) return null
  if (NEW_ABI.test(symbol)) return 'new'
  const name = nameOf(symbol)
  return name !== null && OLD_STRING.test(symbol.slice(name.end)) ? 'old' : null
}

/**
 * The name of a function without types and ABI tags, as `Namespace::Class::function`, and where it ends in the mangled
 * text (Itanium C++ ABI, 5.1). Null for anything else than plain nested names.
 */
export function nameOf(symbol: string): { readonly text: string; readonly end: number } | null {
  const match = /^_Z(N[rVK]*)?/.exec(symbol)
  if (match === null) return null
  const nested = match[1] !== undefined
  const parts: string[] = []
  let at = match[0].length
  for (;;) {
    const digits = /^\d+/.exec(symbol.slice(at, at + 4))?.[0]
    if (digits !== undefined) {
      const start = at + digits.length
      at = start + Number(digits)
      if (at > symbol.length) return null
      parts.push(symbol.slice(start, at))
    } else if (nested && /^[CD]\d/.test(symbol.slice(at, at + 2))) {
      parts.push(symbol[at] === 'C' ? 'constructor' : 'destructor')
      at += 2
    } else if (/^B\d/.test(symbol.slice(at, at + 2))) {
      const tag = /^B(\d+)/.exec(symbol.slice(at, at + 5))?.[1] ?? ''
      at += 1 + tag.length + Number(tag)
      continue
    } else break
    if (!nested && !/^B\d/.test(symbol.slice(at, at + 2))) break
  }
  if (nested && symbol[at] !== 'E') return null
  return parts.length === 0 ? null : { text: parts.join('::'), end: nested ? at + 1 : at }
}

/**
 * Takes out of some gaps those whose function the process has in the other ABI.
 *
 * @returns what was taken out, and the rest
 */
export function mixedAbi<T extends Placed>(
  facts: Facts,
  gaps: readonly T[],
): { readonly mixed: readonly MixedAbi[]; readonly rest: readonly T[] } {
  const mixed: MixedAbi[] = []
  const rest: T[] = []
  const index = new DefinedNames(facts)
  for (const gap of gaps) {
    const wants = gap.symbol.startsWith('_Z') ? abiOf(gap.symbol) : null
    const name = wants === null ? null : nameOf(gap.symbol)
    const found = wants === null || name === null ? null : index.find(gap, name.text, wants)
    if (wants === null || name === null || found === null) rest.push(gap)
    else mixed.push({ gap, wants, name: name.text, ...found })
  }
  return { mixed, rest }
}

/** Functions with strings that the files of a process define, by their names without types. */
class DefinedNames {
  readonly #facts: Facts
  readonly #files = new Map<string, ReadonlyMap<string, string>>()

  constructor(facts: Facts) {
    this.#facts = facts
  }

  find(
    gap: Placed,
    name: string,
    wants: 'new' | 'old',
  ): { readonly provider: string; readonly defined: string } | null {
    const resolved = this.#facts.audit.worlds[gap.world]
    const needs = resolved?.needs.filter((need) => need.object === gap.object && need.file !== null) ?? []
    for (const provider of new Set(needs.map((need) => need.file ?? ''))) {
      const defined = this.#namesOf(gap.world, provider).get(`${wants === 'new' ? 'old' : 'new'} ${name}`)
      if (defined !== undefined) return { provider, defined }
    }
    return null
  }

  #namesOf(world: WorldName, file: string): ReadonlyMap<string, string> {
    const known = this.#files.get(file)
    if (known !== undefined) return known
    const names = new Map<string, string>()
    for (const symbol of this.#facts.audit.worlds[world]?.world.symbols(file).symbols ?? []) {
      if (!symbol.defined) continue
      const abi = abiOf(symbol.name)
      const name = abi === null ? null : nameOf(symbol.name)
      if (abi !== null && name !== null) names.set(`${abi} ${name.text}`, symbol.name)
    }
    this.#files.set(file, names)
    return names
  }
}
