/** The range for a requirement: from the oldest version that has what is needed up to the next change of a soname. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { RepairAction, RequireEntry } from '../domain/repair.ts'
import { readElf } from '../elf/read.ts'
import { isParseError } from '../rez/version/parse-error.ts'
import { compareVersions, parseVersion } from '../rez/version/version.ts'
import { failed } from '../domain/tree.ts'
import type { Tree } from '../domain/tree.ts'

type RequiresAction = Extract<RepairAction, { kind: 'requires' }>
type Range = Pick<RequireEntry, 'range' | 'found' | 'confidence'>

/** Versions that are looked at on either side of the one in use: a repository on a network share answers slowly. */
const MAX_VERSIONS = 40

/**
 * The range of versions that would do, as far as the repository tells: each version is looked at in the same folder of
 * its payload. Where no version with another soname is there yet, the next major number is the bound.
 */
export function rangeOf(action: RequiresAction, machine: Tree): Range | null {
  const { provider } = action
  if (provider.version === '') return { range: '', found: '', confidence: 'inferred' }
  const folders = libraryFolders(action)
  const versions = versionsOf(provider.repository, provider.name)
  const at = versions.indexOf(provider.version)
  const needed = demandedVersions(action, machine)
  const fits = (version: string): boolean =>
    action.sonames.every((soname) => has({ action, machine, version, soname, folders, needed }))
  const older = at < 0 ? [] : versions.slice(Math.max(0, at - MAX_VERSIONS), at).reverse()
  const newer = at < 0 ? [] : versions.slice(at + 1, at + 1 + MAX_VERSIONS)
  let lowest = provider.version
  for (const version of older) {
    if (!fits(version)) break
    lowest = version
  }
  const cap = newer.find((version) => !fits(version)) ?? nextMajor(newer.at(-1) ?? provider.version)
  return {
    range: cap === null ? `${lowest}+` : `${lowest}+<${cap}`,
    found: provider.version,
    confidence: folders.size === action.sonames.length ? 'exact' : 'inferred',
  }
}

/** Folders, relative to the payload root, where the version in use has each soname. */
function libraryFolders({ provider, sonames }: RequiresAction): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const soname of sonames) {
    const folder = ['lib', 'lib64', '.'].find((name) => existsSync(join(provider.root, name, soname)))
    if (folder !== undefined) found.set(soname, folder)
  }
  return found
}

function versionsOf(repository: string, name: string): readonly string[] {
  let names: readonly string[]
  try {
    names = readdirSync(join(repository, name))
  } catch {
    return []
  }
  return names
    .filter((item) => !item.startsWith('.') && existsSync(join(repository, name, item, 'package.py')))
    .flatMap((text) => {
      const version = parseVersion(text)
      return isParseError(version) ? [] : [{ text, version }]
    })
    .sort((a, b) => compareVersions(a.version, b.version))
    .map(({ text }) => text)
}

/** Version nodes that the objects demand, by soname. */
function demandedVersions(
  { objects, sonames }: RequiresAction,
  machine: Tree,
): ReadonlyMap<string, ReadonlySet<string>> {
  const demanded = new Map<string, Set<string>>(sonames.map((soname) => [soname, new Set<string>()]))
  for (const path of objects) {
    for (const need of read(machine, path)?.versionNeeds ?? []) {
      if (!need.weak) demanded.get(need.file)?.add(need.version)
    }
  }
  return demanded
}

interface Question {
  readonly action: RequiresAction
  readonly machine: Tree
  readonly version: string
  readonly soname: string
  readonly folders: ReadonlyMap<string, string>
  readonly needed: ReadonlyMap<string, ReadonlySet<string>>
}

function has({ action, machine, version, soname, folders, needed }: Question): boolean {
  const { provider } = action
  const folder = folders.get(soname)
  if (folder === undefined) return false
  const inside = provider.root.slice(provider.base.length)
  const object = read(machine, join(provider.repository, provider.name, version, inside, folder, soname))
  if (object === null) return false
  const defined = new Set(object.versionDefinitions.map((definition) => definition.name))
  return !object.hasVersionDefinitions || [...(needed.get(soname) ?? [])].every((node) => defined.has(node))
}

function read(machine: Tree, path: string): ReturnType<typeof readElf>['object'] {
  const file = machine.open(path)
  if (failed(file)) return null
  try {
    return readElf(file, path).object
  } finally {
    file.close()
  }
}

/** The first number plus one; null where the version begins with something else. */
function nextMajor(version: string): string | null {
  const major = /^\d+/.exec(version)?.[0]
  return major === undefined ? null : String(Number(major) + 1)
}
