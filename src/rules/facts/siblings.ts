/** Other versions of a package in its repository: whether they have a library. Looked at only where a range admits them. */
import type { ContextAudit } from '../../domain/audit.ts'
import type { Package } from '../../domain/context.ts'
import type { Tree } from '../../domain/tree.ts'
import { failed } from '../../domain/tree.ts'
import { isParseError } from '../../rez/version/parse-error.ts'
import { parseRequirement } from '../../rez/version/requirement.ts'
import { compareVersions, parseVersion } from '../../rez/version/version.ts'
import type { Version } from '../../rez/version/version.ts'

/** One version of a package that is not the one of the context. */
export interface Sibling {
  readonly version: Version
  readonly folder: string
}

/** Folders that are looked into for one version; a package that has more is not judged. */
const MOST_FOLDERS = 400
const DEPTH = 6

/**
 * Versions in the repository of `item` that a requirement admits, ascending, its own left out; empty where the
 * requirement names no such package.
 */
export function admittedSiblings(audit: ContextAudit, item: Package, requirement: string): readonly Sibling[] {
  const wanted = parseRequirement(requirement)
  if (isParseError(wanted) || wanted.name !== item.name || item.version === '') return []
  const { range } = wanted
  const family = `${item.repository}/${item.name}`
  const children = audit.machine.children(family)
  if (range === null || failed(children)) return []
  return children
    .flatMap(({ name, kind }): readonly Sibling[] => {
      if (kind === 'file' || name === item.version || name.startsWith('.')) return []
      const version = parseVersion(name)
      return isParseError(version) || !range.contains(version) ? [] : [{ version, folder: `${family}/${name}` }]
    })
    .sort((a, b) => compareVersions(a.version, b.version))
}

/**
 * Where a version has a library: a path that ends in its name; null where it has libraries and not this one;
 * undefined where it has none at all, or too many folders to look through.
 */
export function libraryOf(tree: Tree, sibling: Sibling, like: string, name: string): string | null | undefined {
  // Mostly it stands where this version has it.
  const near = `${sibling.folder}/${like}`
  if (!failed(tree.lookup(near))) return near
  let folders = 0
  let anyLibrary = false
  const queue: { readonly path: string; readonly depth: number }[] = [{ path: sibling.folder, depth: 0 }]
  for (const { path, depth } of queue) {
    folders += 1
    if (folders > MOST_FOLDERS) return undefined
    const children = tree.children(path)
    if (failed(children)) return undefined
    for (const child of children) {
      if (child.name === name) return `${path}/${child.name}`
      if (/^lib.*\.so\b/.test(child.name)) anyLibrary = true
      if (child.kind === 'folder' && depth < DEPTH) queue.push({ path: `${path}/${child.name}`, depth: depth + 1 })
    }
  }
  return anyLibrary ? null : undefined
}
