/** The index of OS packages that a run is given. */
import type { Fault } from '../domain/fault.ts'
import type { PackageIndex } from '../domain/package-index.ts'

/** Null where none is named; a fault where the file is none. */
export async function openIndex(file: string | null): Promise<PackageIndex | Fault | null> {
  if (file === null) return null
  const { readIndexFile } = await import('../system/package-index.ts')
  return readIndexFile(file)
}
