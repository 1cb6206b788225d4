/** Questions to the knowledge about drivers and core libraries. */
import type { BaseDeclaration } from '../../domain/system.ts'
import { anyGlob, globTest } from '../../policy/glob.ts'
import type { AllowPolicy, DriverPolicy, Policy } from '../../policy/policy.ts'
import { coreLibraries, driverFamilies } from './data.ts'
import type { CoreLibrary, DriverFamily, DriverLibrary } from './types.ts'

export interface DriverMatch {
  readonly family: DriverFamily
  readonly library: DriverLibrary
}

/** Questions about the libraries that a driver of the machine supplies at run time. */
export interface Drivers {
  /** The driver that supplies a soname, null for any other library. */
  of(soname: string): DriverMatch | null
  /** Whether a path is that of a link-time stub of a driver library. */
  isStub(path: string): boolean
}

/**
 * The built-in drivers, and those that a policy or a declared base adds: the policy's own drivers come first, those of the
 * base and what the policy lets the machine bring last.
 */
export function driversWith(
  policy: Pick<Policy, 'drivers' | 'allow'>,
  base: Pick<BaseDeclaration, 'name' | 'drivers'> | null = null,
): Drivers {
  const declared = base === null ? [] : declaredFamily(base)
  return policy.drivers.length + declared.length === 0 && policy.allow.every(({ from }) => from === 'base')
    ? builtinDrivers
    : driversOf([
        ...policy.drivers.map(familyOf),
        ...driverFamilies,
        ...declared,
        ...policy.allow.flatMap(allowedFamily),
      ])
}

/** The sonames among the `drivers` of a base; a name of a built-in driver adds nothing to what is known of it. */
function declaredFamily({ name, drivers }: Pick<BaseDeclaration, 'name' | 'drivers'>): readonly DriverFamily[] {
  const sonames = drivers.filter((entry) => driverFamilies.every((family) => family.name !== entry))
  if (sonames.length === 0) return []
  const library = { class: 'driver', reason: 'named by the declared base', source: 'base.yaml, drivers' }
  return [{ name, device: '', stubs: [], libraries: sonames.map((soname) => ({ soname, ...library })) }]
}

function driversOf(families: readonly DriverFamily[]): Drivers {
  const libraries = families.flatMap((family) =>
    family.libraries.map((library) => ({ family, library, test: globTest(library.soname) })),
  )
  const any = anyGlob(libraries.map(({ library }) => library.soname))
  const stub = anyGlob(families.flatMap((family) => family.stubs))
  const of = (soname: string): DriverMatch | null =>
    any(soname) ? (libraries.find((entry) => entry.test(soname)) ?? null) : null
  return { of, isStub: (path) => stub(path) && of(path.slice(path.lastIndexOf('/') + 1)) !== null }
}

function familyOf({ name, device, sonames, stubs, reason }: DriverPolicy): DriverFamily {
  const library = { class: 'driver', reason: reason ?? 'named by the policy', source: 'policy, drivers' }
  return { name, device: device ?? '', stubs, libraries: sonames.map((soname) => ({ soname, ...library })) }
}

function allowedFamily({ name, from, sonames, reason }: AllowPolicy): readonly DriverFamily[] {
  if (from === 'base') return []
  const library = { class: from, reason: reason ?? 'named by the policy', source: 'policy, allow' }
  return [{ name, device: '', stubs: [], allowed: true, libraries: sonames.map((soname) => ({ soname, ...library })) }]
}

/** The drivers that are known without a policy. GLVND dispatchers are no driver libraries. */
export const builtinDrivers: Drivers = driversOf(driverFamilies)

const libc = anyGlob(familyNames('libc'))
const core = anyGlob([...familyNames('libc'), ...familyNames('compiler')])

function familyNames(family: CoreLibrary['family']): string[] {
  return coreLibraries.filter((library) => library.family === family).map((library) => library.soname)
}

/** The loader and the C library's own family. */
export function isLibc(soname: string): boolean {
  return libc(soname)
}

/** What every system gives: loader, C library, libgcc_s, libstdc++. */
export function isCore(soname: string): boolean {
  return core(soname)
}
