/** A Rez `filesystem` repository: families and versions, listed when asked for (`filesystem.py` of Rez). */
import { compareVersions, EMPTY, parseVersion } from '../version/version.ts'
import { faultAt } from '../../domain/fault.ts'
import { isFault } from './files.ts'
import { withIncluded } from './included-files.ts'
import { isPackageName } from '../version/name.ts'
import { isParseError } from '../version/parse-error.ts'
import { definitionOf, hasDefinition, outlineOf, readDefinitionFile, readPackageText } from './definition-file.ts'
import { withParser } from '../python/with-parser.ts'
import { combinedDefinition, combinedVersions } from './combined.ts'
import type { Definition, DefinitionReading } from '../source/definition.ts'
import type { DefinitionText } from './definition-file.ts'
import type { Fault } from '../../domain/fault.ts'
import type { FolderEntry, PackageFiles } from './files.ts'
import type { Outline } from '../source/outline.ts'
import type { Version } from '../version/version.ts'

/** A package of a repository, known by name and version; its definition is read when asked for. */
export interface PackageEntry {
  readonly name: string
  readonly version: Version
  /** Location of the repository. */
  readonly repository: string
  /** `base`: the folder of the definition; null for a package of a combined family, which has no payload. */
  readonly folder: string | null
  /** Reads the definition, once. */
  definition(): Promise<DefinitionReading>
  /** The definition with the modules that its functions include. */
  withIncluded(definition: Definition): Promise<Definition>
  /** What a solver asks of the definition, without the rest; null where it takes {@link definition} to tell. */
  outline(): Promise<Outline | null>
}

export interface Family {
  readonly name: string
  /** Ascending by version. */
  readonly packages: readonly PackageEntry[]
  readonly faults: readonly Fault[]
}

export interface Repository {
  readonly location: string
  /** The family of that name, listed once; null where the repository has none. */
  family(name: string): Promise<Family | null>
  /** The package at `NAME/VERSION` without listing its family, as a context names it; version empty: `NAME` itself. */
  entry(name: string, version: string): PackageEntry
  /** The package of the combined family in `NAME.EXTENSION`. */
  combinedEntry(name: string, version: string, extension: string): PackageEntry
}

const BUILDING = '.building'
const IGNORE = '.ignore'

/** Reserved for settings of the repository itself, of which none concerns a reader. */
const SETTINGS = 'settings'

/**
 * A repository at `location`, an absolute path; nothing is read yet. Packages without a version do not count where
 * `unversioned` is false (`allow_unversioned_packages`).
 */
export function openRepository(location: string, files: PackageFiles, unversioned = true): Repository {
  const families = new Map<string, Promise<Family | null>>()
  const combined = new Map<string, Promise<DefinitionReading>>()
  const readCombined = (file: string): Promise<DefinitionReading> =>
    remember(combined, file, () => readDefinitionFile(file, files))
  return {
    location,
    family: (name) => remember(families, name, () => listFamily({ location, files, readCombined, unversioned }, name)),
    entry: (name, version) => folderEntry({ location, files }, name, version),
    combinedEntry: (name, version, extension) =>
      combinedEntry({ location, readCombined }, name, version, `${location}/${name}.${extension}`),
  }
}

interface Access {
  readonly location: string
  readonly files: PackageFiles
  readonly unversioned: boolean
  readCombined(file: string): Promise<DefinitionReading>
}

async function listFamily(access: Access, name: string): Promise<Family | null> {
  if (!isPackageName(name)) return null
  const folder = `${access.location}/${name}`
  const entries = await access.files.list(folder)
  if (isFault(entries)) {
    if (entries.kind !== 'missing') return { name, packages: [], faults: [entries] }
    return listCombined(access, name)
  }
  if (access.unversioned && (await isUnversioned(access, folder, entries))) {
    return { name, packages: [folderEntry(access, name, '')], faults: [] }
  }
  return listVersions(access, name, folder, entries)
}

async function isUnversioned(access: Access, folder: string, entries: readonly FolderEntry[]): Promise<boolean> {
  for (const entry of entries) {
    if (entry.name !== 'package.py' && entry.name !== 'package.yaml') continue
    if (entry.kind === 'file') return true
    if (entry.kind === 'link' && (await access.files.kind(`${folder}/${entry.name}`)) === 'file') return true
  }
  return false
}

async function listVersions(
  access: Access,
  name: string,
  folder: string,
  entries: readonly FolderEntry[],
): Promise<Family> {
  const faults: Fault[] = []
  const packages: PackageEntry[] = []
  const marks = new Set(entries.filter((entry) => entry.name.startsWith('.')).map((entry) => entry.name))
  for (const entry of entries) {
    if (entry.name.startsWith('.') || (entry.kind !== 'folder' && entry.kind !== 'link')) continue
    if (marks.has(`${IGNORE}${entry.name}`)) continue
    const path = `${folder}/${entry.name}`
    if (entry.kind === 'link' && (await access.files.kind(path)) !== 'folder') continue
    // A build in progress hides its version until the definition is there; a failed one leaves the mark behind.
    if (marks.has(`${BUILDING}${entry.name}`) && !(await hasDefinition(path, access.files))) continue
    const version = parseVersion(entry.name)
    if (isParseError(version)) faults.push(faultAt('malformed', path, null, version.error))
    else packages.push(folderEntry(access, name, entry.name, version))
  }
  return { name, packages: packages.sort(byVersion), faults }
}

async function listCombined(access: Access, name: string): Promise<Family | null> {
  for (const extension of ['py', 'yaml']) {
    if (name === SETTINGS && extension === 'yaml') continue
    const file = `${access.location}/${name}.${extension}`
    const answer = await access.readCombined(file)
    if (answer.definition === null) {
      if (answer.faults.every((fault) => fault.kind === 'missing' && fault.file === file)) continue
      return { name, packages: [], faults: answer.faults }
    }
    const versions = combinedVersions(answer.definition)
    const packages = versions.versions.map((version) => combinedEntry(access, name, version.text, file, version))
    return { name, packages: packages.sort(byVersion), faults: [...answer.faults, ...versions.faults] }
  }
  return null
}

function folderEntry(
  access: Pick<Access, 'location' | 'files'>,
  name: string,
  folderName: string,
  version?: Version,
): PackageEntry {
  const folder = folderName === '' ? `${access.location}/${name}` : `${access.location}/${name}/${folderName}`
  let text: Promise<DefinitionText | Fault> | null = null
  let reading: Promise<DefinitionReading> | null = null
  const read = (): Promise<DefinitionText | Fault> => (text ??= readPackageText(folder, access.files))
  return {
    name,
    version: version ?? versionOrEmpty(folderName),
    repository: access.location,
    folder,
    definition: () => (reading ??= read().then(definitionOf)),
    withIncluded: (definition) => withIncluded(definition, folder, access.files),
    outline: () => read().then(outlineOf),
  }
}

function combinedEntry(
  access: Pick<Access, 'location' | 'readCombined'>,
  name: string,
  versionText: string,
  file: string,
  version?: Version,
): PackageEntry {
  const known = version ?? versionOrEmpty(versionText)
  let reading: Promise<DefinitionReading> | null = null
  const read = async (): Promise<DefinitionReading> => {
    const answer = await access.readCombined(file)
    if (answer.definition === null) return answer
    const family = answer.definition
    return { definition: await withParser((parse) => combinedDefinition(family, known, parse)), faults: answer.faults }
  }
  return {
    name,
    version: known,
    repository: access.location,
    folder: null,
    definition: () => (reading ??= read()),
    withIncluded: (definition) => Promise.resolve(definition),
    outline: () => Promise.resolve(null),
  }
}

function byVersion(a: PackageEntry, b: PackageEntry): number {
  return compareVersions(a.version, b.version) || (a.version.text < b.version.text ? -1 : 1)
}

function versionOrEmpty(text: string): Version {
  const version = parseVersion(text)
  return isParseError(version) ? { ...EMPTY, text } : version
}

function remember<Answer>(
  known: Map<string, Promise<Answer>>,
  key: string,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const before = known.get(key)
  if (before !== undefined) return before
  const answer = ask()
  known.set(key, answer)
  return answer
}
