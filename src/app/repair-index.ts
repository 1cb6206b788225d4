/** The index of OS packages that a run is given. */
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { PackageIndex } from '../domain/package-index.ts'
import type { System } from '../domain/system.ts'

/** Null where none is named; a fault where the file is none, or is of another package manager than the base's. */
export async function openIndex(file: string | null, base: System | null): Promise<PackageIndex | Fault | null> {
  if (file === null) return null
  const { readIndexFile } = await import('../system/package-index.ts')
  const index = readIndexFile(file)
  const manager = base?.packages()[0]?.manager ?? null
  if ('message' in index || manager === null || manager === index.manager) return index
  const message = `lists packages of ${index.manager}, and those of ${base?.label ?? 'the base'} are of ${manager}`
  return faultAt('malformed', file, null, `${message}; make one of the base's distribution with airtight base index`)
}
