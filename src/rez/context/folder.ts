/** A package folder as a context: which package it is, and each of its variants. */
import { posix } from 'node:path'
import { faultAt } from '../../domain/fault.ts'
import { isFault } from '../repository/files.ts'
import { isPackageName } from '../version/name.ts'
import { isParseError } from '../version/parse-error.ts'
import { loadPackage, pickVariant } from '../repository/package.ts'
import { parseVersion } from '../version/version.ts'
import { withIncluded } from '../repository/included-files.ts'
import { readPackageFolder } from '../repository/definition-file.ts'
import { textAttribute } from '../source/definition.ts'
import type { Fault } from '../../domain/fault.ts'
import type { Faults } from './request.ts'
import type { LoadedVariant } from '../repository/package.ts'
import type { PackageEntry } from '../repository/repository.ts'
import type { PackageFiles } from '../repository/files.ts'

/**
 * The variants of the package whose definition lies in `folder`, an absolute path without links. `includePath` is where
 * modules for `@include` are that no copy was made of yet (`package_definition_python_path`).
 */
export async function folderVariants(
  folder: string,
  files: PackageFiles,
  includePath: string | null = null,
): Promise<readonly LoadedVariant[] | Faults> {
  const reading = await readPackageFolder(folder, files)
  if (reading.definition === null) {
    if (reading.faults.some((fault) => fault.kind !== 'missing')) return { faults: reading.faults }
    return { faults: [await explain(folder, files)] }
  }
  const { definition } = reading
  const name = textAttribute(definition, 'name')
  if (name === null || !isPackageName(name)) {
    const found = name === null ? 'no name' : `the name "${name}"`
    return { faults: [faultAt('malformed', definition.file, null, `has ${found}: name = 'package' was expected`)] }
  }
  const version = parseVersion(textAttribute(definition, 'version') ?? '')
  if (isParseError(version)) return { faults: [faultAt('malformed', definition.file, null, version.error)] }
  const repository = repositoryOf(folder, name, version.text)
  const whole = await withIncluded(definition, folder, files, includePath)
  const entry: PackageEntry = {
    name,
    version,
    repository,
    folder,
    definition: () => Promise.resolve({ ...reading, definition: whole }),
    withIncluded: (own) => withIncluded(own, folder, files, includePath),
    outline: () => Promise.resolve(null),
  }
  const loaded = await loadPackage(entry)
  if ('faults' in loaded) return loaded
  const picked = loaded.variants.map((variant) => pickVariant(loaded, variant.index))
  const faults = picked.filter(isFault)
  return faults.length > 0 ? { faults } : picked.flatMap((one) => (isFault(one) ? [] : [one]))
}

/** The folder above NAME/VERSION or NAME; the folder above any other one, such as a checkout. */
function repositoryOf(folder: string, name: string, version: string): string {
  const parent = posix.dirname(folder)
  const versioned = version !== '' && posix.basename(folder) === version && posix.basename(parent) === name
  return versioned ? posix.dirname(parent) : parent
}

/** Why a path is no package folder, and what the user may have meant. */
async function explain(folder: string, files: PackageFiles): Promise<Fault> {
  const entries = await files.list(folder)
  if (isFault(entries)) {
    if (entries.kind !== 'missing') return entries
    const isFile = (await files.kind(folder)) !== null
    const message = isFile ? 'is a file: a package folder or a .rxt file was expected' : 'is not there'
    return faultAt(isFile ? 'malformed' : 'missing', folder, null, message)
  }
  if (entries.length === 0) return faultAt('malformed', folder, null, 'is empty: a folder with package.py was expected')
  for (const entry of entries) {
    if (entry.kind !== 'folder' || entry.name.startsWith('.')) continue
    const below = await files.kind(`${folder}/${entry.name}/package.py`)
    if (below === 'file') {
      return faultAt(
        'malformed',
        folder,
        null,
        `has no package.py, but its folders have: name one, such as ${entry.name}`,
      )
    }
  }
  return faultAt('malformed', folder, null, 'has neither package.py nor package.yaml')
}
