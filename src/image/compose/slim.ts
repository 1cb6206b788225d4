/** What `--slim` leaves out: libraries of packages that nothing is seen to load. */
import type { ContextAudit } from '../../domain/audit.ts'
import { packageId } from '../../domain/context.ts'
import { failed } from '../../domain/tree.ts'
import type { Tree } from '../../domain/tree.ts'
import type { Composition } from './composition.ts'

/** A library that was left out. */
export interface LeftOut {
  /** Absolute in the image. */
  readonly path: string
  /** `NAME-VERSION`. */
  readonly package: string
  readonly size: number
}

/**
 * Libraries of packages that no program, plugin or Python module of any context loads, in turn or by a name that stands
 * in its bytes. Everything else stays: files that are no ELF, plugins, files of the system, and what any context needs.
 *
 * @param audits in the world of the image
 * @param names what objects and Python files of a context may open by name
 */
export function unreached(
  audits: readonly ContextAudit[],
  names: (audit: ContextAudit) => ReadonlySet<string>,
): readonly LeftOut[] {
  const kept = new Set<string>()
  const found = new Map<string, LeftOut>()
  for (const audit of audits) {
    for (const path of keptIn(audit, names(audit))) kept.add(path)
    for (const { path, owner, role, reading } of audit.objects) {
      if (role === 'library') found.set(path, { path, package: packageId(owner), size: reading.size })
    }
  }
  return [...found.values()].filter(({ path }) => !kept.has(path)).sort((a, b) => (a.path < b.path ? -1 : 1))
}

function keptIn(audit: ContextAudit, names: ReadonlySet<string>): ReadonlySet<string> {
  const closures = new Map((audit.worlds.base?.closures ?? []).map((closure) => [closure.root, closure]))
  const opened = new Set(audit.links.filter(({ path }) => names.has(baseOf(path))).map(({ file }) => file))
  const kept = new Set<string>()
  for (const { path, role, reading } of audit.objects) {
    const named = names.has(baseOf(path)) || names.has(reading.object?.soname ?? '') || opened.has(path)
    if (role !== 'library' || named) kept.add(path)
  }
  // Commands of the system that load files of packages.
  for (const { loads } of audit.worlds.base?.systemTools ?? []) for (const { file } of loads) kept.add(file)
  // The set grows while it is walked.
  for (const path of kept) {
    for (const { file } of closures.get(path)?.objects ?? []) if (file !== null) kept.add(file)
  }
  return kept
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Takes files out of the tree, and links that lead to them. @param tree shows the composition as it was */
export function takeOut(composition: Composition, tree: Tree, left: readonly LeftOut[]): void {
  const gone = new Set(left.map(({ path }) => path))
  if (gone.size === 0) return
  for (const [path, node] of [...composition.nodes]) {
    if (node.kind !== 'link' || node.owner.kind !== 'package') continue
    const found = tree.lookup(`/${path}`)
    if (!failed(found) && gone.has(found.path)) composition.nodes.delete(path)
  }
  for (const path of gone) composition.nodes.delete(path.slice(1))
}
