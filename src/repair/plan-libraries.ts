/** Missing libraries: a small set of OS packages that brings many at once, and grafts for what no package brings. */
import type { ContextAudit, Finding } from '../domain/audit.ts'
import type { OfferedPackage, PackageIndex } from '../domain/package-index.ts'
import type { RepairAction } from '../domain/repair.ts'
import { compareBytes } from './compare.ts'
import { Grafter } from './grafter.ts'
import { installedNames } from './offered.ts'
import type { LibraryPlan, LibraryWish, PlanSetting, Withheld } from './planned.ts'
import { DEFAULT_PREFERENCE } from './planned.ts'
import { forbiddenReason, reasonOf } from './reasons.ts'

/** Wishes for one name. */
interface Want {
  /** What it is asked for by. */
  readonly name: string
  readonly file: string | null
  readonly kind: 'library' | 'command' | 'opened'
  /** Set for what a library opens by itself. */
  readonly opened: OpenedAction | null
  readonly findings: Finding[]
}

type OpenedAction = Extract<RepairAction, { kind: 'opened' }>

/** A small set of OS packages, then copies, in the order of the preference. */
export function planLibraries(
  audit: ContextAudit,
  wishes: readonly LibraryWish[],
  setting: Pick<PlanSetting, 'index' | 'preference' | 'never' | 'drivers'>,
): LibraryPlan {
  const wants = groupWishes(wishes)
  const grafter = new Grafter(audit, setting.drivers)
  const offers = new Map(wants.map((want) => [want, offersFor(audit, want, setting.index)]))
  const byPackage: Want[] = []
  const byGraft: Want[] = []
  const withheld: Withheld[] = []
  for (const want of wants) {
    const against = {
      os_packages: (offers.get(want) ?? []).length > 0 ? null : withoutOffer(setting.index),
      grafts: againstGraft(want, grafter),
    }
    const chosen = setting.preference.find((remedy) => against[remedy] === null)
    if (chosen === 'os_packages') byPackage.push(want)
    else if (chosen === 'grafts') byGraft.push(want)
    else {
      const barred = DEFAULT_PREFERENCE.filter((remedy) => setting.never.has(remedy))
      const reasons = setting.preference.flatMap((remedy) => against[remedy] ?? [])
      const reason = [...reasons, ...(barred.length === 0 ? [] : [forbiddenReason(barred)])].join('; ')
      withheld.push(...want.findings.map((finding) => ({ finding, reason })))
    }
  }
  const packages = cover(audit, byPackage, offers, setting.index)
  const grafts = byGraft.flatMap((want) => grafter.graft(want.name, want.file ?? '', want.findings, want.opened))
  return { entries: [...packages, ...grafts, ...grafter.exposure()], withheld }
}

function withoutOffer(index: PackageIndex | null): string {
  return index === null ? 'no index of OS packages is given' : 'no OS package of the index has it'
}

function againstGraft(want: Want, grafter: Grafter): string | null {
  if (want.kind === 'command') return 'commands are not copied'
  return want.opened?.tree === true ? 'a copy of this file alone does not help' : grafter.refusal(want.name, want.file)
}

function groupWishes(wishes: readonly LibraryWish[]): readonly Want[] {
  const wants = new Map<string, Want>()
  for (const { action, finding } of wishes) {
    const name = action.kind === 'library' ? action.soname : action.kind === 'command' ? action.path : action.name
    const file = action.kind === 'command' ? null : action.file
    const opened = action.kind === 'opened' ? action : null
    const known = wants.get(name)
    if (known === undefined) wants.set(name, { name, file, kind: action.kind, opened, findings: [finding] })
    else known.findings.push(finding)
  }
  return [...wants.values()].sort((a, b) => compareBytes(a.name, b.name))
}

/** Packages that bring what is wanted with every version node that is demanded of it. */
function offersFor(audit: ContextAudit, want: Want, index: PackageIndex | null): readonly OfferedPackage[] {
  if (index === null) return []
  if (want.kind === 'command') return index.withProgram(want.name)
  const byName = want.opened?.osPackage == null ? null : index.package(want.opened.osPackage)
  if (want.opened !== null && want.opened.folder !== null) return byName === null ? [] : [byName]
  const demanded = new Set<string>()
  for (const { reading } of audit.objects) {
    for (const need of reading.object?.versionNeeds ?? []) {
      if (need.file === want.name && !need.weak) demanded.add(need.version)
    }
  }
  return index.withLibrary(want.name).filter((item) => {
    const versions = item.libraries.find((library) => library.soname === want.name)?.versions ?? null
    return versions === null || [...demanded].every((version) => versions.includes(version))
  })
}

/**
 * Greedy set cover: the package that clears most findings comes first, until everything is covered. Among equals the one
 * that the host has, then the one that brings fewest others along, then the first by name.
 */
function cover(
  audit: ContextAudit,
  wants: readonly Want[],
  offers: ReadonlyMap<Want, readonly OfferedPackage[]>,
  index: PackageIndex | null,
): LibraryPlan['entries'] {
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
      for (const item of offers.get(want) ?? []) {
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

function packageEntry(
  item: OfferedPackage,
  wants: readonly Want[],
  index: PackageIndex,
): LibraryPlan['entries'][number] {
  const findings = wants.flatMap((want) => want.findings)
  // What no search finds by a name is told by its path.
  const nameOf = (want: Want): string =>
    want.opened !== null && want.opened.folder !== null ? want.opened.file : want.name
  const names = wants.map(nameOf).sort(compareBytes)
  return {
    entry: {
      owner: null,
      keys: ['os_packages', item.name],
      value: {
        manager: index.manager,
        ...(item.version === '' ? {} : { version: item.version }),
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
