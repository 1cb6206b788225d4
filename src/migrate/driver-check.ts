/**
 * Whether a machine brings the drivers that a declared base leaves to it, and an image leaves them out. Pure: evidence in,
 * verdicts out.
 */
import type { CdiSpec } from '../system/cdi.ts'
import type { Inventory } from '../system/inventory.ts'

/** One entry of `drivers`. */
export interface DeclaredDriver {
  /** As written: the name of a built-in driver, or a soname (`*` allowed). */
  readonly name: string
  /** The CDI device that brings its libraries, null where none is known. */
  readonly device: string | null
  /** Whether a library is one of its. */
  readonly covers: (soname: string) => boolean
  /** Version nodes that its libraries demand of the system they are laid into. */
  readonly needs: readonly { readonly soname: string; readonly version: string }[]
}

/** A mount of a CDI file that names a library. */
export interface MountedLibrary {
  readonly spec: CdiSpec
  readonly hostPath: string
  /** Names that a need may have for it: of the file, and its DT_SONAME where the file can be read. */
  readonly names: readonly string[]
  /** Whether the file that would be mounted is there. */
  readonly exists: boolean
}

export interface DriverLibraryFound {
  readonly soname: string
  readonly path: string
  /** The CDI file that names it; null for a library that the loader finds by itself. */
  readonly cdi: string | null
}

/** What was found of one entry of `drivers`. */
export interface DriverFound {
  readonly name: string
  readonly device: string | null
  /** Devices of the CDI files that name its libraries, sorted. */
  readonly devices: readonly string[]
  /** By soname. */
  readonly libraries: readonly DriverLibraryFound[]
}

export interface DriverVerdict {
  readonly aspect: 'driver' | 'driver-need'
  readonly name: string
  readonly expected: string | null
  readonly found: string | null
}

export interface DriverCheck {
  readonly drivers: readonly DriverFound[]
  readonly missing: readonly DriverVerdict[]
  readonly different: readonly DriverVerdict[]
}

export interface DriverEvidence {
  /** The root is that of a machine that runs images, not of an image. */
  readonly machine: boolean
  readonly inventory: Inventory
  readonly mounted: readonly MountedLibrary[]
}

/**
 * Holds a candidate against the drivers of a declaration.
 *
 * A declared driver is a promise about two places: a machine has its libraries, as files or through CDI, and an image does
 * not, for a copy belongs to one version of the driver. What an image lacks of it is as declared; it must however have
 * what the driver's libraries need.
 */
export function checkDrivers(declared: readonly DeclaredDriver[], evidence: DriverEvidence): DriverCheck {
  const drivers = declared.map((driver) => driverFound(driver, evidence))
  if (!evidence.machine) {
    return {
      drivers,
      missing: lackingNeeds(declared, evidence.inventory),
      different: once(drivers.flatMap(({ libraries }) => libraries.map(copyInImage))),
    }
  }
  return {
    drivers,
    missing: drivers
      .filter(({ libraries }) => libraries.length === 0)
      .map(({ name, device }) => ({ aspect: 'driver', name, expected: device, found: null })),
    different: once(declared.flatMap((driver) => staleMounts(driver, evidence))),
  }
}

function driverFound({ name, device, covers }: DeclaredDriver, evidence: DriverEvidence): DriverFound {
  const libraries = [...evidence.inventory.libraries.values()]
    .filter(({ soname }) => covers(soname))
    .map(({ soname, path }): DriverLibraryFound => ({ soname, path, cdi: null }))
  const known = new Set(libraries.map(({ path }) => path))
  // An image runs by the CDI files of its machine: one that lies in the image says nothing.
  const mounts = evidence.machine ? evidence.mounted.filter(({ names }) => names.some(covers)) : []
  for (const { names, hostPath, exists, spec } of mounts) {
    const soname = names.find(covers)
    if (soname === undefined || !exists || known.has(hostPath)) continue
    libraries.push({ soname, path: hostPath, cdi: spec.file })
  }
  libraries.sort((a, b) => (a.soname < b.soname ? -1 : a.soname > b.soname ? 1 : a.path < b.path ? -1 : 1))
  const devices = [...new Set(mounts.flatMap(({ spec }) => spec.devices))].sort()
  return { name, device, devices, libraries }
}

function copyInImage({ soname, path }: DriverLibraryFound): DriverVerdict {
  return { aspect: 'driver', name: soname, expected: null, found: path }
}

/** Files that a CDI file names and that are gone: a container with the device does not start. */
function staleMounts({ covers }: DeclaredDriver, { mounted }: DriverEvidence): readonly DriverVerdict[] {
  return mounted
    .filter(({ exists, names }) => !exists && names.some(covers))
    .map(({ spec, hostPath }) => ({ aspect: 'driver', name: spec.file, expected: hostPath, found: null }))
}

function lackingNeeds(declared: readonly DeclaredDriver[], { libraries }: Inventory): readonly DriverVerdict[] {
  const needs = declared.flatMap((driver) => driver.needs)
  return once(
    needs
      .filter(({ soname, version }) => libraries.get(soname)?.versions.includes(version) !== true)
      .map(({ soname, version }) => ({ aspect: 'driver-need', name: soname, expected: version, found: null })),
  )
}

/** Two entries may cover one library. */
function once(verdicts: readonly DriverVerdict[]): readonly DriverVerdict[] {
  return [...new Map(verdicts.map((verdict) => [JSON.stringify(verdict), verdict])).values()]
}
