/** Finds and reads the definition of a package: package.py before package.yaml. */
import { isFault } from './files.ts'
import { readOutline } from '../source/outline.ts'
import { readPackagePy } from '../source/package-py.ts'
import { withParser } from '../python/with-parser.ts'
import { faultAt } from '../../domain/fault.ts'
import type { DefinitionReading } from '../source/definition.ts'
import type { Fault } from '../../domain/fault.ts'
import type { Outline } from '../source/outline.ts'
import type { PackageFiles } from './files.ts'

/** Bytes of a definition; real ones have a few thousand. */
export const DEFINITION_LIMIT: number = 4 * 1024 * 1024

/** A definition as it lies on disk, not yet understood. */
export interface DefinitionText {
  readonly file: string
  readonly text: string
}

/** Reads one definition file; its suffix tells the format. */
export async function readDefinitionFile(file: string, files: PackageFiles): Promise<DefinitionReading> {
  const text = await files.text(file, DEFINITION_LIMIT)
  return definitionOf(isFault(text) ? text : { file, text })
}

/** Reads the definition in a package folder; a fault where the folder has none. */
export async function readPackageFolder(folder: string, files: PackageFiles): Promise<DefinitionReading> {
  return definitionOf(await readPackageText(folder, files))
}

/** Reads the text of the definition in a package folder. */
export async function readPackageText(folder: string, files: PackageFiles): Promise<DefinitionText | Fault> {
  for (const file of [`${folder}/package.py`, `${folder}/package.yaml`]) {
    const text = await files.text(file, DEFINITION_LIMIT)
    if (!isFault(text)) return { file, text }
    // Rez passes over what is no file, such as a folder called package.py.
    if (text.kind !== 'missing' && text.message !== 'is no file') return text
  }
  return faultAt('missing', folder, null, 'has neither package.py nor package.yaml')
}

/** What the text means. */
export async function definitionOf(read: DefinitionText | Fault): Promise<DefinitionReading> {
  if (isFault(read)) return { definition: null, faults: [read] }
  const { text, file } = read
  if (!file.endsWith('.yaml')) return withParser((parse) => readPackagePy(text, file, parse))
  // The reader of YAML takes long to load, and most packages need none.
  const { readPackageYaml } = await import('../source/package-yaml.ts')
  return withParser((parse) => readPackageYaml(text, file, parse))
}

/** What a solver asks of the text; null where it takes the whole definition to tell. */
export function outlineOf(read: DefinitionText | Fault): Outline | null {
  return isFault(read) || read.file.endsWith('.yaml') ? null : readOutline(read.text)
}

/** Whether the folder has a file that is named like a definition, by at most two questions. */
export async function hasDefinition(folder: string, files: PackageFiles): Promise<boolean> {
  return (
    (await files.kind(`${folder}/package.py`)) === 'file' || (await files.kind(`${folder}/package.yaml`)) === 'file'
  )
}
