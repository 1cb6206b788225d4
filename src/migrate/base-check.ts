/** Whether a machine or an image gives what a declared base promises. Pure: declaration and inventories in, verdicts out. */
import type { BaseDeclaration, CpuLevel, OsPackage, OsRelease } from '../domain/system.ts'
import type { Inventory } from '../system/inventory.ts'
import type { DriverCheck, DriverFound } from './driver-check.ts'

/** What is examined. */
export interface Candidate {
  readonly label: string
  readonly os: OsRelease | null
  readonly inventory: Inventory
  /** OS packages with a library that the loader finds by name. */
  readonly libraryPackages: readonly string[]
  /** Level of the processor where the candidate is this machine, else null. */
  readonly cpu: CpuLevel | null
  /** It is a machine that runs images, not an image. */
  readonly machine: boolean
}

export type Aspect = 'os' | 'package' | 'soname' | 'libc' | 'version-node' | 'cpu' | 'driver' | 'driver-need'

export interface Verdict {
  readonly aspect: Aspect
  readonly name: string
  readonly expected: string | null
  readonly found: string | null
}

export interface BaseCheck {
  readonly schema: 'airtight/base-check/v1'
  readonly base: string
  readonly root: string
  /** Promised, and not there. */
  readonly missing: readonly Verdict[]
  /** There, in another version than the base was declared with. */
  readonly different: readonly Verdict[]
  /** OS packages with libraries that the base does not promise. */
  readonly extra: readonly string[]
  /** A machine has its drivers; an image leaves them to the machine. */
  readonly machine: boolean
  /** What is there of each driver of the declaration, in its order. */
  readonly drivers: readonly DriverFound[]
  /** How many promises were looked at. */
  readonly checked: number
}

/** Names that os-release and package managers have for one family. */
const FAMILIES: readonly ReadonlySet<string>[] = [
  new Set(['rhel', 'centos', 'rocky', 'almalinux', 'ol', 'el']),
  new Set(['opensuse', 'opensuse-leap', 'sles']),
]

/**
 * Holds a candidate against a declared base.
 *
 * @param reference the inventory of the base's own capture or root; null where it names none: then versions are not judged
 * @param covers whether a soname pattern of the declaration covers a soname
 * @param drivers what {@link checkDrivers} found of the declared drivers
 */
export function checkBase(
  declaration: BaseDeclaration,
  candidate: Candidate,
  reference: Inventory | null,
  covers: (pattern: string, soname: string) => boolean,
  drivers: DriverCheck,
): BaseCheck {
  const { inventory } = candidate
  const installed = versionsOf(inventory.packages)
  const sonames = [...inventory.libraries.keys()]
  const missing: Verdict[] = [
    ...declaration.osPackages
      .filter((name) => !installed.has(name))
      .map((name): Verdict => ({ aspect: 'package', name, expected: null, found: null })),
    ...declaration.sonames
      .filter((pattern) => !sonames.some((soname) => covers(pattern, soname)))
      .map((name): Verdict => ({ aspect: 'soname', name, expected: null, found: null })),
    ...drivers.missing,
  ]
  const different: Verdict[] = [
    ...differentOs(declaration, candidate),
    ...(reference === null ? [] : differences(declaration, candidate, reference)),
    ...drivers.different,
  ]
  if (candidate.cpu !== null && candidate.cpu < declaration.cpu) {
    different.push({
      aspect: 'cpu',
      name: 'level',
      expected: levelText(declaration.cpu),
      found: levelText(candidate.cpu),
    })
  }
  const promised = new Set(declaration.osPackages)
  return {
    schema: 'airtight/base-check/v1',
    base: declaration.name,
    root: candidate.label,
    missing,
    different,
    extra: candidate.libraryPackages.filter((name) => !promised.has(name)),
    machine: candidate.machine,
    drivers: drivers.drivers,
    checked:
      declaration.osPackages.length +
      declaration.sonames.length +
      declaration.drivers.length +
      (declaration.os === null ? 0 : 1),
  }
}

function differentOs({ os }: BaseDeclaration, candidate: Candidate): Verdict[] {
  if (os === null) return []
  const found = candidate.os
  const expected = `${os.family} ${os.version}`.trim()
  if (found === null) return [{ aspect: 'os', name: 'os-release', expected, found: null }]
  const family = os.family === found.id || FAMILIES.some((names) => names.has(os.family) && names.has(found.id))
  // `9` promises any 9.x.
  const version = os.version === '' || found.version === os.version || found.version.startsWith(`${os.version}.`)
  return family && version
    ? []
    : [{ aspect: 'os', name: 'os-release', expected, found: `${found.id} ${found.version}`.trim() }]
}

/** Versions of what is promised, and version nodes that the base had and the candidate lacks. */
function differences(declaration: BaseDeclaration, candidate: Candidate, reference: Inventory): readonly Verdict[] {
  const { inventory } = candidate
  const out: Verdict[] = []
  if (inventory.version !== reference.version || inventory.libc !== reference.libc) {
    const text = ({ libc, version }: Inventory): string => `${libc ?? 'none'} ${version ?? ''}`.trim()
    out.push({ aspect: 'libc', name: 'libc', expected: text(reference), found: text(inventory) })
  }
  const wanted = versionsOf(reference.packages)
  const installed = versionsOf(inventory.packages)
  for (const name of declaration.osPackages) {
    const expected = wanted.get(name)
    const found = installed.get(name)
    if (expected !== undefined && found !== undefined && expected !== found) {
      out.push({ aspect: 'package', name, expected, found })
    }
  }
  for (const [soname, library] of reference.libraries) {
    const other = inventory.libraries.get(soname)
    if (other === undefined) continue
    const lost = library.versions.filter((node) => !other.versions.includes(node) && !/PRIVATE|INTERNAL/.test(node))
    if (lost.length > 0) out.push({ aspect: 'version-node', name: soname, expected: lost.join(' '), found: null })
  }
  return out
}

function versionsOf(packages: readonly OsPackage[]): ReadonlyMap<string, string> {
  return new Map(packages.map(({ name, version }) => [name, version]))
}

function levelText(level: CpuLevel): string {
  return level === 1 ? 'x86-64' : `x86-64-v${level}`
}
