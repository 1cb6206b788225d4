/** Walks the payload of one package: every file and link below its roots, nested variants and ignored paths left out. */
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { Tree } from '../domain/tree.ts'
import { failed } from '../domain/tree.ts'

/** One thing below a payload root. */
export interface PayloadEntry {
  readonly kind: 'file' | 'link'
  readonly name: string
  /** The folder's path without links. */
  readonly folder: string
  readonly path: string
  /** Relative to the payload root. */
  readonly relative: string
  /** The folder relative to the payload root, empty at the top. */
  readonly relativeFolder: string
}

export interface Payload {
  readonly entries: readonly PayloadEntry[]
  /** Payload roots without links, in order. */
  readonly roots: readonly string[]
  readonly ignored: number
  readonly faults: readonly Fault[]
}

/**
 * @param tree where the packages lie, seen as the worlds see them
 * @param ignores true for a path relative to a payload root that policy leaves out
 * @param only the folders to look at, without links and without what lies below them; null for all
 */
export function walkPayload(
  tree: Tree,
  item: Pick<Package, 'name' | 'version' | 'payload' | 'excluded'>,
  ignores: (relative: string) => boolean,
  only: ReadonlySet<string> | null = null,
): Payload {
  const entries: PayloadEntry[] = []
  const faults: Fault[] = []
  const roots: string[] = []
  let ignored = 0
  const excluded = new Set<string>()
  for (const folder of item.excluded) {
    const found = tree.lookup(folder)
    if (!failed(found)) excluded.add(found.path)
  }
  const seen = new Set<string>()
  for (const root of item.payload) {
    const found = tree.lookup(root)
    if (failed(found) || found.kind !== 'folder') {
      const why = failed(found) ? found.errno : 'not a folder'
      faults.push(faultAt('missing', root, null, `payload root of ${packageId(item)} cannot be read (${why})`))
    } else if (!seen.has(found.path)) {
      roots.push(found.path)
      if (only === null) visit(found.path, '')
      else for (const folder of foldersBelow(found.path, only)) visit(folder, folder.slice(found.path.length + 1))
    }
  }
  return { entries, roots, ignored, faults }

  function visit(folder: string, relativeFolder: string): void {
    if (seen.has(folder) || excluded.has(folder)) return
    seen.add(folder)
    const children = tree.children(folder)
    if (failed(children)) {
      faults.push(
        faultAt('unreadable', folder, null, `folder of ${packageId(item)} cannot be read (${children.errno})`),
      )
      return
    }
    for (const child of children) {
      const relative = relativeFolder === '' ? child.name : `${relativeFolder}/${child.name}`
      const path = `${folder === '/' ? '' : folder}/${child.name}`
      if (child.kind === 'other') continue
      if (ignores(relative)) ignored += 1
      else if (child.kind !== 'folder')
        entries.push({ kind: child.kind, name: child.name, folder, path, relative, relativeFolder })
      else if (only === null) visit(path, relative)
    }
  }
}

/** Those of some folders that lie in a payload root, or are it, sorted. */
function foldersBelow(root: string, folders: ReadonlySet<string>): readonly string[] {
  return [...folders].filter((folder) => folder === root || folder.startsWith(`${root}/`)).sort()
}
