/** The folders of the packages in a repository, as Rez lays them out: NAME/VERSION, or NAME for an unversioned package. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isParseError } from '../rez/version/parse-error.ts'
import { compareVersions, parseVersion } from '../rez/version/version.ts'

const DEFINITIONS = ['package.py', 'package.yaml']

/**
 * Every package folder, sorted by repository, name and version.
 *
 * @param latest only the newest version of each name in each repository
 */
export function packageFolders(repositories: readonly string[], latest: boolean): readonly string[] {
  return repositories.flatMap((repository) =>
    folders(repository).flatMap((name) => {
      const family = join(repository, name)
      if (isPackage(family)) return [family]
      const versions = folders(family)
        .filter((version) => isPackage(join(family, version)))
        .sort(byVersion)
      return (latest ? versions.slice(-1) : versions).map((version) => join(family, version))
    }),
  )
}

function isPackage(folder: string): boolean {
  return DEFINITIONS.some((name) => existsSync(join(folder, name)))
}

/** Folders that may hold packages; none where the folder cannot be read. */
function folders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith('.') && !entry.isFile())
      .map((entry) => entry.name)
      .sort()
  } catch {
    return []
  }
}

function byVersion(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)]
  if (isParseError(left) || isParseError(right)) return a < b ? -1 : 1
  return compareVersions(left, right)
}
