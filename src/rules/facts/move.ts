/**
 * What the move of one context from one base to another changes: the needs of its packages in both, side by side. The old
 * base stands in the host's place, the new one in the base's.
 */
import type { ResolvedNeed, ResolvedWorld } from '../../domain/audit.ts'
import type { Package } from '../../domain/context.ts'
import type { OsPackage, SonameFact } from '../../domain/system.ts'
import { definedVersions } from '../../loader/versions.ts'
import type { MoveFacts } from './facts.ts'
import type { MovedSystems } from './stock.ts'
import type { Both, GraftPlan } from './graft.ts'
import { planGraft } from './graft.ts'
import type { HiddenReliance } from './hidden.ts'
import { fittingOf } from './hidden.ts'
import { debianName } from './stems.ts'
import type { Use, UseGroup } from './uses.ts'
import { groupUses } from './uses.ts'
import { fromSystem, isMissing } from './verdicts.ts'

/**
 * `package`: an OS package of the new base brings it. `bumped`: the new base has the library under another soname only.
 * `gone`: neither. `unknown`: no source says. `versions`: it is there, and defines fewer version nodes than are demanded.
 * `before`: broken on the old base already.
 */
export type ChangeKind = 'package' | 'bumped' | 'gone' | 'unknown' | 'versions' | 'before'

/** One soname that one package needs, and that the new base does not give as the old one did. */
export interface Change {
  readonly kind: ChangeKind
  readonly owner: Package
  readonly soname: string
  readonly uses: readonly Use[]
  /** The file that the old base gives, links followed; null where it is not known or not there. */
  readonly file: string | null
  readonly osPackage: OsPackage | null
  /** The OS package to install: known for `package`, a hint for `unknown`. */
  readonly install: string | null
  /** Sonames or OS packages that the new base has in its place. */
  readonly instead: readonly string[]
  /** Version nodes that are lost, sorted. */
  readonly versions: readonly string[]
  readonly fact: SonameFact | null
  /** Why the OS package to install does not fit beside the packages of the context; null where nothing says so. */
  readonly unfit: HiddenReliance | null
  /** Carrying the old file, null where there is none to carry. */
  readonly graft: GraftPlan | null
}

/** One library that both bases give, from OS packages of different names. */
export interface Renamed {
  readonly owner: Package
  readonly soname: string
  readonly uses: readonly Use[]
  readonly from: OsPackage
  readonly to: OsPackage
}

/** One library that a package carries and that the new base now has as well. */
export interface Shadowed {
  readonly owner: Package
  readonly soname: string
  readonly uses: readonly Use[]
  /** The file of the new base. */
  readonly file: string
  readonly wins: 'base' | 'package'
}

/** A package that holds nothing but libraries which the new base has itself. */
export interface Redundant {
  readonly owner: Package
  readonly sonames: readonly string[]
}

export interface Move {
  readonly facts: MoveFacts
  readonly systems: MovedSystems
  readonly changes: readonly Change[]
  readonly renamed: readonly Renamed[]
  readonly shadowed: readonly Shadowed[]
  readonly redundant: readonly Redundant[]
}

/** Compares both worlds of one context. Lists are in the order of packages, then of needs. */
export function buildMove(facts: MoveFacts, systems: MovedSystems): Move {
  const { host, base } = facts.audit.worlds
  if (host === undefined || base === undefined) throw new Error('a move needs both worlds')
  const both: Both = { facts, systems, host, base, fits: fittingOf(facts, systems.toStock) }
  const changes: Change[] = []
  const renamed: Renamed[] = []
  const shadowed: Shadowed[] = []
  for (const group of groupUses(facts.uses)) {
    const change = facts.drivers.of(group.name) === null ? changeOf(group, both) : null
    if (change !== null) changes.push(change)
    const other = renamedIn(group, host, base)
    if (other !== null) renamed.push(other)
    const shadow = shadowIn(group, systems)
    if (shadow !== null) shadowed.push(shadow)
  }
  return { facts, systems, changes, renamed, shadowed, redundant: redundantIn(facts, systems, base) }
}

function changeOf(group: UseGroup, both: Both): Change | null {
  const absent = group.uses.filter(({ base }) => isMissing(base))
  if (absent.length > 0) return absence({ ...group, uses: absent }, both)
  const lost = lostVersions(group, both)
  if (lost === null) return null
  const found = oldAnswer(group)
  const known = lost.kind === 'versions' ? planFor(found, both) : null
  return {
    ...blank(group, both, found),
    kind: lost.kind,
    uses: lost.uses,
    versions: lost.versions,
    graft: known,
  }
}

/** The answer of the old base, where it has one. */
function oldAnswer(group: UseGroup): (ResolvedNeed & { readonly file: string }) | null {
  return group.uses.map((use) => use.host).find((need) => fromSystem(need)) ?? null
}

function planFor(found: (ResolvedNeed & { readonly file: string }) | null, both: Both): GraftPlan | null {
  return found === null ? null : planGraft(found, both)
}

function blank(group: UseGroup, both: Both, found: (ResolvedNeed & { readonly file: string }) | null): Change {
  return {
    kind: 'gone',
    owner: group.owner,
    soname: group.name,
    uses: group.uses,
    file: found?.file ?? null,
    osPackage: found === null ? null : both.host.ownerOf(found.file),
    install: null,
    instead: [],
    versions: [],
    unfit: null,
    fact: both.systems.to.tells?.(group.name) ?? null,
    graft: null,
  }
}

function absence(group: UseGroup, both: Both): Change {
  const { systems } = both
  const found = oldAnswer(group)
  const change = blank(group, both, found)
  // A base that is known by facts alone may have given it: software that worked there did find it.
  const assumed = systems.from.tells !== undefined && systems.from.absence(group.name) === 'unknown'
  const everywhere = group.uses.every(({ host }) => isMissing(host))
  if (everywhere && !assumed) return { ...change, kind: 'before' }
  const graft = planFor(found, both)
  const { fact, osPackage } = change
  if (fact !== null && systems.to.absence(group.name) === 'unknown') {
    const now = fact.now === null || fact.package !== null ? [] : [fact.now]
    const kind = fact.package !== null && fact.grade === 'sourced' ? 'package' : 'unknown'
    return { ...change, kind, install: fact.package, instead: now, graft }
  }
  if (systems.to.absence(group.name) === 'unknown') return { ...change, kind: 'unknown', graft }
  const offered =
    (osPackage === null ? null : systems.toStock.offers(osPackage.name)) ??
    systems.toStock.offers(debianName(group.name))
  if (offered !== null) return { ...change, kind: 'package', install: offered, unfit: both.fits(offered), graft }
  const named = fact?.now == null ? systems.toStock.others(group.name) : [fact.now]
  const instead = named.length > 0 ? named : systems.toStock.kin(osPackage?.name ?? debianName(group.name))
  return { ...change, kind: instead.length > 0 ? 'bumped' : 'gone', instead, graft }
}

interface LostVersions {
  readonly kind: 'versions' | 'unknown' | 'before'
  readonly uses: readonly Use[]
  readonly versions: readonly string[]
}

/** Version nodes that objects demand of a library of the new base, and that it does not define. */
function lostVersions(group: UseGroup, both: Both): LostVersions | null {
  const { systems, host, base } = both
  const lost = new Set<string>()
  const unsure = new Set<string>()
  const before = new Set<string>()
  const uses = group.uses.filter((use) => {
    if (!fromSystem(use.base)) return false
    const demanded = (use.object.reading.object?.versionNeeds ?? []).filter(
      (need) => need.file === group.name && !need.weak,
    )
    const missing = undefinedNodes(base, use.base.file, demanded)
    const old = use.host?.file ?? null
    const already = new Set(old === null ? [] : undefinedNodes(host, old, demanded))
    for (const version of missing) {
      if (already.has(version) && systems.from.tells === undefined) before.add(version)
      else if ((systems.to.versionAbsence?.(group.name, version) ?? 'lacks') === 'lacks') lost.add(version)
      else unsure.add(version)
    }
    return missing.length > 0
  })
  if (lost.size > 0) return { kind: 'versions', uses, versions: [...lost].sort() }
  if (unsure.size > 0) return { kind: 'unknown', uses, versions: [...unsure].sort() }
  return before.size > 0 ? { kind: 'before', uses, versions: [...before].sort() } : null
}

/** A provider without any definitions is only warned about: it serves whatever is asked (elf/dl-version.c). */
function undefinedNodes(
  resolved: ResolvedWorld,
  file: string,
  demanded: readonly { readonly version: string }[],
): readonly string[] {
  if (demanded.length === 0) return []
  const object = resolved.world.read(file).object
  if (object?.hasVersionDefinitions !== true) return []
  const defined = definedVersions(object)
  return demanded.map(({ version }) => version).filter((version) => !defined.has(version))
}

function renamedIn(group: UseGroup, host: ResolvedWorld, base: ResolvedWorld): Renamed | null {
  for (const use of group.uses) {
    if (!fromSystem(use.host) || !fromSystem(use.base)) continue
    const from = host.ownerOf(use.host.file)
    const to = base.ownerOf(use.base.file)
    if (from === null || to === null || from.name === to.name) return null
    return { owner: group.owner, soname: group.name, uses: group.uses, from, to }
  }
  return null
}

function shadowIn(group: UseGroup, { fromStock, toStock }: MovedSystems): Shadowed | null {
  const packaged = group.uses.filter(({ host }) => host?.file != null && !fromSystem(host))
  const won = packaged.filter(({ base }) => fromSystem(base))
  const { owner, name: soname } = group
  const [first] = won
  if (first?.base?.file != null) return { owner, soname, uses: won, file: first.base.file, wins: 'base' }
  const file = toStock.libraries.get(soname)
  if (packaged.length === 0 || file === undefined || fromStock.libraries.has(soname)) return null
  return { owner, soname, uses: packaged, file, wins: 'package' }
}

/** Packages of public libraries alone, each of which the new base has with every version node, and the old one had not. */
function redundantIn(
  facts: MoveFacts,
  { fromStock, toStock }: MovedSystems,
  base: ResolvedWorld,
): readonly Redundant[] {
  return facts.context.packages.flatMap((owner) => {
    const objects = facts.objectsOf(owner)
    const sonames = objects.map(({ reading }) => reading.object?.soname ?? '')
    const covered =
      objects.length > 0 &&
      objects.every(({ role, public: open, reading }, at) => {
        const file = toStock.libraries.get(sonames[at] ?? '')
        if (role !== 'library' || !open || file === undefined) return false
        const nodes = (reading.object?.versionDefinitions ?? []).map(({ name }) => ({ version: name }))
        return base.world.read(file).virtual !== true && undefinedNodes(base, file, nodes).length === 0
      })
    if (!covered || sonames.every((soname) => fromStock.libraries.has(soname))) return []
    return [{ owner, sonames: [...new Set(sonames)].sort() }]
  })
}
