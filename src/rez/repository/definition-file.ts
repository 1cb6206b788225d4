/** Finds and reads the definition of a package: package.py before package.yaml. */
import { isFault } from './files.ts'
import { readPackagePy } from '../source/package-py.ts'
import { readPackageYaml } from '../source/package-yaml.ts'
import { faultAt } from '../../domain/fault.ts'
import type { DefinitionReading } from '../source/definition.ts'
import type { PackageFiles } from './files.ts'

/** Bytes of a definition; real ones have a few thousand. */
export const DEFINITION_LIMIT: number = 4 * 1024 * 1024

/** Reads one definition file; its suffix tells the format. */
export async function readDefinitionFile(file: string, files: PackageFiles): Promise<DefinitionReading> {
  const text = await files.text(file, DEFINITION_LIMIT)
  if (isFault(text)) return { definition: null, faults: [text] }
  return file.endsWith('.yaml') ? readPackageYaml(text, file) : readPackagePy(text, file)
}

/** Reads the definition in a package folder; a fault where the folder has none. */
export async function readPackageFolder(folder: string, files: PackageFiles): Promise<DefinitionReading> {
  const first = await readDefinitionFile(`${folder}/package.py`, files)
  if (!isAbsent(first)) return first
  const second = await readDefinitionFile(`${folder}/package.yaml`, files)
  if (!isAbsent(second)) return second
  return { definition: null, faults: [faultAt('missing', folder, null, 'has neither package.py nor package.yaml')] }
}

/** Whether the folder has a file that is named like a definition, by at most two questions. */
export async function hasDefinition(folder: string, files: PackageFiles): Promise<boolean> {
  return (
    (await files.kind(`${folder}/package.py`)) === 'file' || (await files.kind(`${folder}/package.yaml`)) === 'file'
  )
}

/** Rez passes over what is no file, such as a folder called package.py. */
function isAbsent(reading: DefinitionReading): boolean {
  const [fault] = reading.faults
  return reading.definition === null && (fault?.kind === 'missing' || fault?.message === 'is no file')
}
