/** Whether a system has the OS packages that repair files name, as new as they ask. */
import type { OsPackageEntry } from '../domain/repair.ts'
import type { OsPackage, System } from '../domain/system.ts'
import { compareVersions } from '../system/index-entries.ts'

type Versioned = Pick<OsPackageEntry, 'version'>

/** The oldest version that will do; null for any. */
export function oldestOf({ version }: Versioned): string | null {
  const match = /^>=\s*(.+)$/.exec(version ?? '')
  return match?.[1] ?? null
}

/** What is written where nothing older than this version will do. */
export function atLeast(version: string): string {
  return `>=${version}`
}

/** Whether the package is there with its files, and not too old. */
export function isInstalled(system: System, name: string, entry: Versioned): boolean {
  if (system.packageFiles(name).length === 0) return false
  const oldest = oldestOf(entry)
  const there = system.packages().find((item) => item.name === name)
  return oldest === null || (there !== undefined && !isOlder(there, oldest))
}

/** Whether the package that is there is older than a version. */
export function isOlder({ version }: Pick<OsPackage, 'version'>, than: string): boolean {
  return compareVersions(version, than) < 0
}

/** Names of the OS packages that a base has. */
export function installedNames(base: System): ReadonlySet<string> {
  return new Set(base.packages().map((item) => item.name))
}
