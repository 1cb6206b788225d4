/** What a path of the world is: there, not there, a folder, and whose. */
import type { ContextAudit, WorldName } from '../../domain/audit.ts'
import type { Package } from '../../domain/context.ts'
import { failed } from '../../domain/tree.ts'

export interface Place {
  readonly kind: 'file' | 'folder' | 'other'
  /** Links followed. */
  readonly path: string
  /** The package that owns it, null for the system's. */
  readonly owner: Package | null
}

/** What stands at an absolute path of a world, null where nothing does. */
export function placeAt(audit: ContextAudit, world: WorldName, path: string): Place | null {
  const found = audit.worlds[world]?.world.lookup(path) ?? null
  if (found === null || failed(found)) return null
  // Owners are told by the folder of a file: a payload root belongs to its own package.
  const owner = audit.owner(found.kind === 'folder' ? `${found.path}/.` : found.path)
  return { kind: found.kind, path: found.path, owner }
}

/** An absolute path without `.`, `..`, repeated and trailing slashes; links are not followed. */
export function normalPath(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return `/${parts.join('/')}`
}

/** Whether a path is a folder or lies below it; both normal. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)
}
