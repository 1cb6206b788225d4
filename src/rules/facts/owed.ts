/**
 * Which package owes which requirement: pairs of packages where an object of one needs a soname whose public copy the
 * other owns, and effective requires do not name it.
 */
import type { PackageObject } from '../../domain/audit.ts'
import type { Context, Package } from '../../domain/context.ts'
import { isCore } from '../knowledge/lookup.ts'
import type { Copies, Copy } from './copies.ts'
import type { Requirements } from './requirements.ts'
import type { Use } from './uses.ts'

export type OwedKind = 'undeclared' | 'indirect' | 'build-only'

/** One missing requirement. */
export interface Owed {
  readonly owner: Package
  readonly provider: Package
  readonly kind: OwedKind
  /** For `indirect`: names from what the owner requires to the provider. */
  readonly chain: readonly string[]
  readonly uses: readonly Use[]
}

/** A soname that several packages provide and none of them is required. */
export interface AmbiguousNeed {
  readonly owner: Package
  readonly name: string
  readonly copies: readonly Copy[]
  readonly uses: readonly Use[]
}

export interface OwedFacts {
  readonly owed: readonly Owed[]
  readonly ambiguous: readonly AmbiguousNeed[]
}

/** Judged by ownership, wherever the binding goes; a need that the package answers itself owes nothing. */
export function findOwed(
  context: Context,
  uses: readonly Use[],
  copies: Copies,
  requirements: Requirements,
): OwedFacts {
  const owed = new Map<Package, Map<Package, Use[]>>()
  const ambiguous = new Map<string, { readonly copies: readonly Copy[]; readonly uses: Use[] }>()
  for (const use of uses) {
    const owner = use.object.owner
    const candidates = providers(use, copies, requirements)
    const chosen = candidates.length === 0 ? null : choose(use, candidates)
    if (chosen === null) continue
    const list = owed.get(owner) ?? new Map<Package, Use[]>()
    owed.set(owner, list)
    push(list, chosen.owner, use)
    if (candidates.length > 1) {
      const key = `${context.packages.indexOf(owner)}\0${use.name}`
      const known = ambiguous.get(key)
      if (known === undefined) ambiguous.set(key, { copies: candidates, uses: [use] })
      else known.uses.push(use)
    }
  }
  return {
    owed: [...owed].flatMap(([owner, list]) =>
      [...list].map(([provider, its]) => ({ owner, provider, uses: its, ...kindOf(owner, provider, requirements) })),
    ),
    ambiguous: [...ambiguous.values()].flatMap(({ copies: found, uses: its }) => {
      const first = its[0]
      return first === undefined ? [] : [{ owner: first.object.owner, name: first.name, copies: found, uses: its }]
    }),
  }
}

/** The public copies that could answer, none when the need is answered by the package, by requires, or by every system. */
function providers(use: Use, copies: Copies, requirements: Requirements): readonly Copy[] {
  const owner = use.object.owner
  if (isCore(use.name)) return []
  const found = copies.publicCopies(use.name, use.object)
  if (found.length === 0 || found.some((copy) => copy.owner === owner) || boundToOwn(use)) return []
  const direct = requirements.direct(owner)
  return found.some((copy) => direct.has(copy.owner.name)) ? [] : found
}

function boundToOwn(use: Use): boolean {
  const needs = [use.host, use.base].filter((need) => need !== null)
  return needs.length > 0 && needs.every((need) => need.provider?.kind === 'own')
}

/** The copy that the loader takes; else the first in the order of the context. */
function choose(use: Use, candidates: readonly Copy[]): Copy | null {
  const taken = use.base?.file ?? use.host?.file ?? null
  return candidates.find((copy) => copy.object.path === taken) ?? candidates[0] ?? null
}

function kindOf(owner: Package, provider: Package, requirements: Requirements): Pick<Owed, 'kind' | 'chain'> {
  const chain = requirements.chain(owner, provider.name)
  if (chain !== null) return { kind: 'indirect', chain }
  return { kind: requirements.build(owner).has(provider.name) ? 'build-only' : 'undeclared', chain: [] }
}

function push<K>(index: Map<K, Use[]>, key: K, use: Use): void {
  const list = index.get(key)
  if (list === undefined) index.set(key, [use])
  else list.push(use)
}

/** Sonames of a list of uses, sorted. */
export function sonames(uses: readonly Use[]): readonly string[] {
  return [...new Set(uses.map((use) => use.name))].sort()
}

/** Objects of a list of uses. */
export function objectsOf(uses: readonly Use[]): readonly PackageObject[] {
  return [...new Set(uses.map((use) => use.object))]
}
