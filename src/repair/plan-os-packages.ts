/** OS packages for what the image is to have: what an index offers, and a small set that brings all of it. */
import type { ContextAudit } from '../domain/audit.ts'
import type { OfferedPackage, PackageIndex } from '../domain/package-index.ts'
import { compareBytes } from './compare.ts'
import { atLeast, installedNames, isOlder } from './installed.ts'
import type { LibraryEntry, Want } from './planned.ts'
import { reasonOf } from './reasons.ts'
import { demandedNodes } from './wants.ts'

/** What brings one want. */
export interface Offers {
  readonly packages: readonly OfferedPackage[]
  /** Why there is none, null where there is one. */
  readonly without: string | null
}

/** Packages that bring what is wanted with every version node that is demanded of it. */
export function offersFor(audit: ContextAudit, want: Want, index: PackageIndex | null): Offers {
  if (index === null) return none('no index of OS packages is given')
  if (want.kind === 'newer') return newerOffer(audit, want, index)
  const packages = packagesFor(audit, want, index)
  return packages.length === 0 ? none('no OS package of the index has it') : { packages, without: null }
}

function none(without: string): Offers {
  return { packages: [], without }
}

function packagesFor(audit: ContextAudit, want: Want, index: PackageIndex): readonly OfferedPackage[] {
  if (want.kind === 'command') return index.withProgram(want.name)
  const byName = want.opened?.osPackage == null ? null : index.package(want.opened.osPackage)
  if (want.opened !== null && want.opened.folder !== null) return byName === null ? [] : [byName]
  const demanded = demandedNodes(audit, want)
  return index.withLibrary(want.name).filter((item) => {
    const versions = versionsOf(item, want.name)
    return versions === null || [...demanded].every((version) => versions.includes(version))
  })
}

/** Null where the index does not tell. */
function versionsOf(item: OfferedPackage, soname: string): readonly string[] | null {
  return item.libraries.find((library) => library.soname === soname)?.versions ?? null
}

/**
 * The package that owns the base's copy, in a newer version that is known to define what is demanded; where no database
 * tells the owner, the first by name that has the library so.
 */
function newerOffer(audit: ContextAudit, want: Want, index: PackageIndex): Offers {
  const base = audit.worlds.base
  const owner = base?.ownerOf(want.lacking?.provider ?? '') ?? null
  if (owner === null && base?.world.system.packages().length !== 0) return none("no OS package owns the base's copy")
  const candidates = owner === null ? index.withLibrary(want.name) : [index.package(owner.name) ?? []].flat()
  const newer = candidates.filter((item) => owner === null || isOlder(owner, item.version))
  if (newer.length === 0) return none(`the index has no newer ${owner?.name ?? want.name} than the base`)
  const demanded = [...demandedNodes(audit, want)]
  const packages = newer.filter((item) => demanded.every((node) => versionsOf(item, want.name)?.includes(node)))
  if (packages.length > 0) return { packages: packages.slice(0, 1), without: null }
  const [{ name, version } = { name: want.name, version: '' }] = newer
  const silent = newer.every((item) => versionsOf(item, want.name) === null)
  return none(
    silent
      ? `the index does not tell which versions of ${want.name} the newer ${name} ${version} defines`
      : `${name} ${version} of the index does not define ${demanded.join(', ')} either`,
  )
}

/**
 * Greedy set cover: the package that clears most findings comes first, until everything is covered. Among equals the one
 * that the host has, then the one that brings fewest others along, then the first by name.
 */
export function cover(
  audit: ContextAudit,
  wants: readonly Want[],
  offers: ReadonlyMap<Want, Offers>,
  index: PackageIndex | null,
): readonly LibraryEntry[] {
  const base = audit.worlds.base?.world.system ?? null
  if (index === null || base === null) return []
  const installed = installedNames(base)
  const weight = new Map<string, number>()
  const weightOf = (name: string): number => {
    const known = weight.get(name) ?? index.closure(name, (other) => installed.has(other)).length
    weight.set(name, known)
    return known
  }
  const onHost = hostOwners(audit, wants)
  const left = new Set(wants)
  const chosen: { readonly item: OfferedPackage; readonly wants: readonly Want[] }[] = []
  while (left.size > 0) {
    const candidates = new Map<string, { readonly item: OfferedPackage; readonly wants: Want[] }>()
    for (const want of left) {
      for (const item of offers.get(want)?.packages ?? []) {
        const known = candidates.get(item.name)
        if (known === undefined) candidates.set(item.name, { item, wants: [want] })
        else known.wants.push(want)
      }
    }
    const best = [...candidates.values()].sort(
      (a, b) =>
        findingCount(b.wants) - findingCount(a.wants) ||
        Number(onHost.has(b.item.name)) - Number(onHost.has(a.item.name)) ||
        weightOf(a.item.name) - weightOf(b.item.name) ||
        compareBytes(a.item.name, b.item.name),
    )[0]
    if (best === undefined) break
    chosen.push(best)
    for (const want of best.wants) left.delete(want)
  }
  return chosen.map(({ item, wants: covered }) => packageEntry(item, covered, index))
}

function findingCount(wants: readonly Want[]): number {
  return wants.reduce((count, want) => count + want.findings.length, 0)
}

function packageEntry(item: OfferedPackage, wants: readonly Want[], index: PackageIndex): LibraryEntry {
  const findings = wants.flatMap((want) => want.findings)
  // What no search finds by a name is told by its path.
  const nameOf = (want: Want): string =>
    want.opened !== null && want.opened.folder !== null ? want.opened.file : want.name
  const names = [...new Set(wants.map(nameOf))].sort(compareBytes)
  const version = wants.some(({ kind }) => kind === 'newer') ? atLeast(item.version) : item.version
  return {
    entry: {
      owner: null,
      keys: ['os_packages', item.name],
      value: {
        manager: index.manager,
        ...(version === '' ? {} : { version }),
        provides: names,
        fixes: [...new Set(findings.map((finding) => finding.rule))].sort(),
        because: reasonOf(findings),
      },
    },
    findings,
  }
}

/** Names of the OS packages that own the files on the host. */
function hostOwners(audit: ContextAudit, wants: readonly Want[]): ReadonlySet<string> {
  const host = audit.worlds.host
  const names = new Set<string>()
  for (const { file } of wants) {
    const owner = file === null ? null : (host?.ownerOf(file) ?? null)
    if (owner !== null) names.add(owner.name)
  }
  return names
}
