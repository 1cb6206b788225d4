/** Questions to the knowledge about drivers and core libraries. */
import { anyGlob, globTest } from '../../policy/glob.ts'
import { coreLibraries, driverFamilies } from './data.ts'
import type { CoreLibrary, DriverFamily, DriverLibrary } from './types.ts'

export interface DriverMatch {
  readonly family: DriverFamily
  readonly library: DriverLibrary
}

const driverTests = driverFamilies.flatMap((family) =>
  family.libraries.map((library) => ({ family, library, test: globTest(library.soname) })),
)
const anyDriver = anyGlob(driverFamilies.flatMap((family) => family.libraries.map((library) => library.soname)))
const anyStub = anyGlob(driverFamilies.flatMap((family) => family.stubs))
const libc = anyGlob(familyNames('libc'))
const core = anyGlob([...familyNames('libc'), ...familyNames('compiler')])

function familyNames(family: CoreLibrary['family']): string[] {
  return coreLibraries.filter((library) => library.family === family).map((library) => library.soname)
}

/** The driver that supplies a soname, null for any other library. GLVND dispatchers are no driver libraries. */
export function driverOf(soname: string): DriverMatch | null {
  if (!anyDriver(soname)) return null
  return driverTests.find((entry) => entry.test(soname)) ?? null
}

/** Whether a path is that of a link-time stub of a driver library. */
export function isStub(path: string): boolean {
  return anyStub(path) && driverOf(path.slice(path.lastIndexOf('/') + 1)) !== null
}

/** The loader and the C library's own family. */
export function isLibc(soname: string): boolean {
  return libc(soname)
}

/** What every system gives: loader, C library, libgcc_s, libstdc++. */
export function isCore(soname: string): boolean {
  return core(soname)
}
