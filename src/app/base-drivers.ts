/** The drivers of a declared base, and what CDI files of a machine say of them. */
import { closest } from '../domain/closest.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAtLine } from '../domain/fault.ts'
import { failed } from '../domain/tree.ts'
import type { Tree } from '../domain/tree.ts'
import { readOpened } from '../elf/virtual.ts'
import type { DeclaredDriver, MountedLibrary } from '../migrate/driver-check.ts'
import { anyGlob } from '../policy/glob.ts'
import { driverFamilies } from '../rules/knowledge/data.ts'
import { builtinDrivers } from '../rules/knowledge/lookup.ts'
import type { CdiMount, CdiSpec } from '../system/cdi.ts'
import { namePattern } from '../system/covered.ts'
import { stemOf } from '../system/inventory.ts'

/**
 * What the entries of `drivers` stand for: a built-in driver by its name, else sonames.
 *
 * @param path the declaration, for the fault about an entry that is neither
 */
export function declaredDrivers(entries: readonly string[], path: string): readonly DeclaredDriver[] | Fault {
  const out: DeclaredDriver[] = []
  for (const name of entries) {
    const family = driverFamilies.find((known) => known.name === name)
    if (family !== undefined) {
      const covers = anyGlob(family.libraries.map(({ soname }) => soname))
      out.push({ name, device: family.device, covers, needs: family.needs ?? [] })
      continue
    }
    if (!/\.so|[*?]/.test(name)) return unknownDriver(name, path)
    const pattern = namePattern(name)
    const known = builtinDrivers.of(name)?.family
    const covers = (soname: string): boolean => pattern.test(soname)
    out.push({ name, device: known?.device ?? null, covers, needs: known?.needs ?? [] })
  }
  return out
}

function unknownDriver(name: string, path: string): Fault {
  const names = driverFamilies.map((family) => family.name)
  const near = closest(name, names)
  const advice = near === null ? `built in are ${names.join(' and ')}` : `did you mean '${near}'?`
  const text = `drivers: '${name}' is no driver and no soname such as libcuda.so.1; ${advice}`
  return faultAtLine('malformed', path, null, text)
}

/** The mounts of CDI files that name libraries, each with the names that a need may have for it. */
export function mountedLibraries(tree: Tree, specs: readonly CdiSpec[]): readonly MountedLibrary[] {
  return specs.flatMap((spec) =>
    spec.mounts
      .filter(({ containerPath }) => nameOf(containerPath).includes('.so'))
      .map((mount): MountedLibrary => ({ spec, hostPath: mount.hostPath, ...namesOf(tree, mount) })),
  )
}

/**
 * A driver's file bears its version (`libcuda.so.550.54`), a need its soname (`libcuda.so.1`), which hooks of the CDI file
 * make a link of. Where the file cannot be read, its stem stands for the soname.
 */
function namesOf(tree: Tree, mount: CdiMount): Pick<MountedLibrary, 'names' | 'exists'> {
  const name = nameOf(mount.containerPath)
  const opened = tree.open(mount.hostPath)
  if (failed(opened)) return { names: [name, `${stemOf(name)}.so.1`, `${stemOf(name)}.so`], exists: false }
  try {
    const soname = readOpened(opened, mount.hostPath).object?.soname ?? null
    return { names: soname === null || soname === name ? [name] : [soname, name], exists: true }
  } finally {
    opened.close()
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
