/** Versions demanded in vain, grouped by what one finding is about: a package, a family of versions, and who lacks them. */
import type { PackageObject, VersionGap, WorldName } from '../../domain/audit.ts'
import type { Package } from '../../domain/context.ts'
import type { LackingLibrary } from '../../domain/repair.ts'
import type { Facts } from './facts.ts'
import { compareNodes, newestOf, parseNode } from './version-nodes.ts'

/** One gap in one world. */
export interface PlacedGap extends VersionGap {
  readonly world: WorldName
}

/** What one finding is about. */
export interface GapGroup {
  /** The package that demands; that of the file that lacks the version, where a file of the system demands it. */
  readonly owner: Package
  readonly family: string
  /** The newest node demanded. */
  readonly newest: string
  /** Sorted by node, then by file; the base's before the host's. */
  readonly gaps: readonly PlacedGap[]
}

export interface GapGroups {
  /** The system has the family, in older versions only. */
  readonly tooNew: readonly GapGroup[]
  /** The file that is chosen does not have the version, though it might: a package's copy, or another build. */
  readonly absent: readonly GapGroup[]
}

const GROUPS = new WeakMap<Facts, GapGroups>()

/** The groups of both worlds. A gap between two files of the system concerns no package and is left out. */
export function gapGroups(facts: Facts): GapGroups {
  const known = GROUPS.get(facts)
  if (known !== undefined) return known
  const tooNew = new Map<string, PlacedGap[]>()
  const absent = new Map<string, PlacedGap[]>()
  for (const world of ['base', 'host'] as const) {
    for (const gap of facts.audit.worlds[world]?.symbols.versions ?? []) {
      const owner = ownerOf(gap)
      if (owner === null) continue
      const placed = { ...gap, world }
      const target = isTooNew(facts, placed) ? tooNew : absent
      const provider = target === tooNew ? '' : gap.provider
      const key = `${facts.context.packages.indexOf(owner)}\0${parseNode(gap.version).family}\0${provider}`
      const list = target.get(key)
      if (list === undefined) target.set(key, [placed])
      else list.push(placed)
    }
  }
  const groups = { tooNew: finish(tooNew), absent: finish(absent) }
  GROUPS.set(facts, groups)
  return groups
}

function ownerOf(gap: VersionGap): Package | null {
  return gap.object?.owner ?? gap.providerOwner
}

function finish(lists: ReadonlyMap<string, readonly PlacedGap[]>): readonly GapGroup[] {
  return [...lists.values()].flatMap((gaps) => {
    const sorted = [...gaps].sort(
      (a, b) => compareNodes(a.version, b.version) || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0),
    )
    const first = sorted[0]
    const owner = first === undefined ? null : ownerOf(first)
    if (first === undefined || owner === null) return []
    const { family } = parseNode(first.version)
    const newest =
      newestOf(
        family,
        sorted.map(({ version }) => version),
      ) ??
      sorted.at(-1)?.version ??
      first.version
    return [{ owner, family, newest, gaps: sorted }]
  })
}

/** A file of the system that has older versions of the family, and none that is as new. */
function isTooNew(facts: Facts, gap: PlacedGap): boolean {
  if (gap.object === null || gap.providerOwner !== null) return false
  const { family, version } = parseNode(gap.version)
  const has = newestOf(family, definedBy(facts, gap.world, gap.provider))
  return has !== null && (version === null || compareNodes(gap.version, has) > 0)
}

/** What has to be newer in the base, by name; gaps that a package's copy leaves are none of its. */
export function lackingLibraries(gaps: readonly VersionGap[]): readonly LackingLibrary[] {
  const byName = new Map<string, VersionGap[]>()
  for (const gap of gaps) {
    if (gap.providerOwner === null) byName.set(gap.soname, [...(byName.get(gap.soname) ?? []), gap])
  }
  return [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([soname, own]) => ({
      soname,
      provider: own[0]?.provider ?? '',
      versions: [...new Set(own.map(({ version }) => version))].sort(),
      demandedBy: [...new Set(own.map(({ file }) => file))].sort(),
    }))
}

/** Names of the versions that a file defines. */
export function definedBy(facts: Facts, world: WorldName, file: string): readonly string[] {
  const object = facts.audit.worlds[world]?.world.read(file).object ?? null
  return object === null ? [] : object.versionDefinitions.filter(({ base }) => !base).map(({ name }) => name)
}

/** Symbols by which a file demands a version, sorted. */
export function demandingSymbols(facts: Facts, gap: PlacedGap): readonly string[] {
  const file = facts.audit.worlds[gap.world]?.world.symbolFile(gap.file)
  if (file === undefined) return []
  const { references } = file
  const names = new Set<string>()
  for (let i = 0; i < references.count; i += 1) {
    const index = references.versions[i] ?? 0
    if (file.versionName(index) === gap.version && isAskedOf(file.versionFile(index), gap.soname)) {
      names.add(references.text(i))
    }
  }
  return [...names].sort()
}

function isAskedOf(file: string | null, soname: string): boolean {
  return file === soname || file === null || soname.endsWith(`/${file}`)
}

/** What a package demands of one family at most, and what the system has. */
export interface Demand {
  readonly family: string
  readonly soname: string
  readonly needs: string
  readonly has: string | null
}

/** The newest node of each family that the objects of a package demand of files of the system, and what these have. */
export function demandsOf(facts: Facts, owner: Package, world: WorldName): readonly Demand[] {
  const resolved = facts.audit.worlds[world]
  const demands = new Map<string, Demand>()
  if (resolved === undefined) return []
  const files = new Map<PackageObject, Map<string, string>>()
  for (const need of resolved.needs) {
    if (need.object.owner !== owner || need.file === null || need.provider?.kind !== world) continue
    const list = files.get(need.object) ?? new Map<string, string>()
    files.set(need.object, list.set(need.name, need.file))
  }
  for (const [object, list] of files) {
    for (const { file, version } of object.reading.object?.versionNeeds ?? []) {
      const provider = list.get(file)
      const { family, version: numbers } = parseNode(version)
      if (provider === undefined || numbers === null) continue
      const known = demands.get(family)
      if (known !== undefined && compareNodes(version, known.needs) <= 0) continue
      const has = newestOf(family, definedBy(facts, world, provider))
      demands.set(family, { family, soname: file, needs: version, has })
    }
  }
  return [...demands.values()].sort((a, b) => (a.family < b.family ? -1 : 1))
}
