/** Libraries of a process that are older than what a driver of the machine demands of them. */
import type { ResolvedNeed, WorldName } from '../../domain/audit.ts'
import type { Package } from '../../domain/context.ts'
import { packageId } from '../../domain/context.ts'
import type { DriverMatch } from '../knowledge/lookup.ts'
import { baseName } from './copies.ts'
import type { Facts } from './facts.ts'
import { compareNodes, newestOf, parseNode } from './version-nodes.ts'

/** One library that is too old for one driver. */
export interface DriverConflict {
  /** The package with the old copy; the one that needs the driver where the system has it. */
  readonly owner: Package
  readonly driver: DriverMatch
  /** The need that brings the driver. */
  readonly need: ResolvedNeed
  readonly world: WorldName
  readonly soname: string
  readonly version: string
  /** The file that is too old, and the newest version of the family that it has. */
  readonly file: string
  readonly has: string | null
  readonly fromPackage: boolean
  /** The driver's own file that demands the version; null where the profile says so. */
  readonly demandedBy: string | null
  readonly source: string
}

/** A version that the driver demands. */
interface Demand {
  readonly soname: string
  readonly version: string
  readonly demandedBy: string | null
  readonly source: string
}

/** The newest conflict for each package, driver and library. */
export function driverConflicts(facts: Facts): readonly DriverConflict[] {
  const found = new Map<string, DriverConflict>()
  const world: WorldName = facts.audit.worlds.base === undefined ? 'host' : 'base'
  for (const group of facts.judged('HST006')) {
    const driver = facts.drivers.of(group.name)
    if (driver === null) continue
    for (const use of group.uses) {
      const need = world === 'base' ? use.base : use.host
      if (need === null) continue
      for (const demand of demandsOf(facts, driver, use.host)) {
        const conflict = conflictOf(facts, world, driver, need, demand)
        if (conflict === null) continue
        const key = `${packageId(conflict.owner)}\0${driver.family.name}\0${demand.soname}`
        const known = found.get(key)
        if (known === undefined || compareNodes(conflict.version, known.version) > 0) found.set(key, conflict)
      }
    }
  }
  return [...found.values()]
}

/** What the files of the host's driver demand, where the host has them, else what the profile says. */
function demandsOf(facts: Facts, { family }: DriverMatch, host: ResolvedNeed | null): readonly Demand[] {
  const profile = (family.needs ?? []).map(({ soname, version, source }) => ({
    soname,
    version,
    demandedBy: null,
    source,
  }))
  const place = facts.audit.worlds.host
  const file = host?.provider?.kind === 'driver' ? host.file : null
  if (place === undefined || file === null || host === null) return profile
  const closure = place.closures.find(({ root }) => root === host.root)
  const brought = new Set([baseName(file), ...place.brings(host.root, file)])
  const files = (closure?.objects ?? []).filter(
    (object) => object.file === file || (brought.has(object.name) && facts.drivers.of(object.name) !== null),
  )
  const exact = files.flatMap((object) =>
    (place.world.read(object.file ?? '').object?.versionNeeds ?? [])
      .filter(({ weak }) => !weak)
      .map(({ file: soname, version }) => ({ soname, version, demandedBy: object.file, source: 'version needs' })),
  )
  return [...exact, ...profile]
}

function conflictOf(
  facts: Facts,
  world: WorldName,
  driver: DriverMatch,
  need: ResolvedNeed,
  demand: Demand,
): DriverConflict | null {
  const resolved = facts.audit.worlds[world]
  const loaded = resolved?.closures
    .find(({ root }) => root === need.root)
    ?.objects.find(({ name, file }) => file !== null && baseName(name) === demand.soname)
  // What the process has not loaded itself, the driver would take from the library path.
  const copy = facts.copies.publicCopies(demand.soname, need.object).find(({ object }) => object.onLibraryPath)
  const file = loaded?.file ?? copy?.object.path ?? null
  if (resolved === undefined || file === null) return null
  const defined = (resolved.world.read(file).object?.versionDefinitions ?? []).map(({ name }) => name)
  const has = newestOf(parseNode(demand.version).family, defined)
  // A library without versions is taken as it is.
  if (defined.length === 0 || defined.includes(demand.version)) return null
  const owner = facts.copies.object(file)?.owner ?? null
  return {
    owner: owner ?? need.object.owner,
    driver,
    need,
    world,
    soname: demand.soname,
    version: demand.version,
    file,
    has,
    fromPackage: owner !== null,
    demandedBy: demand.demandedBy,
    source: demand.source,
  }
}
