/** Needs as rules look at them: one direct need of one object, with the answers of both worlds side by side. */
import type { ContextAudit, PackageObject, ResolvedNeed, WorldName } from '../../domain/audit.ts'
import type { Package } from '../../domain/context.ts'

/** One direct need of one package object. */
export interface Use {
  readonly object: PackageObject
  readonly name: string
  readonly host: ResolvedNeed | null
  readonly base: ResolvedNeed | null
}

/** Uses that one package makes of one name: what one finding is about. */
export interface UseGroup {
  readonly owner: Package
  readonly name: string
  readonly uses: readonly Use[]
}

/** Pairs the needs of both worlds; DT_AUXILIARY entries, whose absence is no fault, are left out. */
export function pairUses(audit: ContextAudit): readonly Use[] {
  const { host, base } = audit.worlds
  if (host === undefined && base === undefined) return unresolved(audit)
  const byObject = new Map<PackageObject, Map<string, ResolvedNeed>>()
  for (const need of base?.needs ?? []) {
    const known = byObject.get(need.object)
    if (known === undefined) byObject.set(need.object, new Map([[need.name, need]]))
    else known.set(need.name, need)
  }
  if (host === undefined) return (base?.needs ?? []).filter(counts).map((need) => use(need, null, need))
  return host.needs.filter(counts).map((need) => use(need, need, byObject.get(need.object)?.get(need.name) ?? null))
}

/** Without a system there are no answers, and ownership can be judged all the same. */
function unresolved(audit: ContextAudit): readonly Use[] {
  return audit.objects.flatMap((object) => {
    const needs = (object.reading.object?.needs ?? []).filter((need) => need.kind !== 'auxiliary')
    return [...new Set(needs.map((need) => need.name))].map((name) => ({ object, name, host: null, base: null }))
  })
}

function counts(need: ResolvedNeed): boolean {
  return !need.optional
}

function use(need: ResolvedNeed, host: ResolvedNeed | null, base: ResolvedNeed | null): Use {
  return { object: need.object, name: need.name, host, base }
}

/** The answer in one world. */
export function answer(use: Use, world: WorldName): ResolvedNeed | null {
  return world === 'host' ? use.host : use.base
}

/** Groups by package variant and name, in the order in which they are met. */
export function groupUses(uses: readonly Use[]): readonly UseGroup[] {
  const groups = new Map<Package, Map<string, Use[]>>()
  for (const item of uses) {
    const names = groups.get(item.object.owner) ?? new Map<string, Use[]>()
    groups.set(item.object.owner, names)
    const list = names.get(item.name)
    if (list === undefined) names.set(item.name, [item])
    else list.push(item)
  }
  return [...groups].flatMap(([owner, names]) => [...names].map(([name, list]) => ({ owner, name, uses: list })))
}
