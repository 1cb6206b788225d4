/** The use case of `base check`. */
import { resolve } from 'node:path'
import type { Fault } from '../domain/fault.ts'
import { faultAtLine } from '../domain/fault.ts'
import type { System } from '../domain/system.ts'
import { checkBase } from '../migrate/base-check.ts'
import type { BaseCheck } from '../migrate/base-check.ts'
import { checkDrivers } from '../migrate/driver-check.ts'
import { readBaseFile } from '../system/base.ts'
import { readCdi } from '../system/cdi.ts'
import { nativeCpu } from '../system/cpu.ts'
import { isAlwaysCovered, namePattern } from '../system/covered.ts'
import { inventoryOf } from '../system/inventory.ts'
import type { Inventory } from '../system/inventory.ts'
import { openSource } from '../system/source.ts'
import { declaredDrivers, mountedLibraries } from './base-drivers.ts'

/**
 * Holds a machine or an image against a declared base.
 *
 * @param base a `base.yaml`; where it names a capture or a root, versions are compared with those of it
 * @param root any source of a system
 * @param machine the root is that of a machine that runs images; `/` is one anyway
 */
export async function checkSource(
  base: string,
  root: string,
  machine = false,
): Promise<{ readonly check: BaseCheck; readonly faults: readonly Fault[] } | Fault> {
  const file = readBaseFile(base)
  if (!('declaration' in file)) return file[0] ?? faultAtLine('malformed', base, null, 'is no declared base')
  const declared = declaredDrivers(file.declaration.drivers, base)
  if ('message' in declared) return declared
  const own = file.root ?? file.capture
  const reference = own === null ? null : await openSource(own, null, 'rpm')
  if (reference !== null && 'message' in reference) return reference
  const system = await openSource(root, null, 'rpm')
  if ('message' in system) return system
  const inventory = inventoryOf(system)
  const isHere = resolve(root) === '/'
  const candidate = {
    label: root,
    machine: machine || isHere,
    os: system.os,
    inventory,
    libraryPackages: libraryPackages(inventory),
    cpu: isHere ? nativeCpu().level : null,
  }
  const covers = (pattern: string, soname: string): boolean => namePattern(pattern).test(soname)
  const cdi = candidate.machine ? readCdi(system.tree) : { specs: [], faults: [] }
  const mounted = mountedLibraries(system.tree, cdi.specs)
  const drivers = checkDrivers(declared, { machine: candidate.machine, inventory, mounted })
  const against = reference === null ? null : inventoryOf(reference)
  const check = checkBase(file.declaration, candidate, against, covers, drivers)
  return { check, faults: [...faultsOf(system, reference), ...cdi.faults] }
}

function faultsOf(system: System, reference: System | null): readonly Fault[] {
  return [...(reference?.faults ?? []), ...system.faults]
}

/** OS packages with a library that a need finds by name, those that every base has left out; sorted. */
function libraryPackages({ libraries }: Inventory): readonly string[] {
  const names = new Set<string>()
  // Whatever else the package of the C library brings, every base has it.
  const libc = libraries.get('libc.so.6')?.owner?.name
  for (const { soname, owner } of libraries.values()) {
    if (owner !== null && owner.name !== libc && !isAlwaysCovered(soname)) names.add(owner.name)
  }
  return [...names].sort()
}
