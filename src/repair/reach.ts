/** How objects of packages come to load a graft that stands in a folder of its own: a link where they look already, else a run path. */
import type { ContextAudit, PackageObject } from '../domain/audit.ts'
import { libraryFolders } from '../domain/context.ts'
import { ET_EXEC } from '../domain/object.ts'
import { failed } from '../domain/tree.ts'
import type { Tree } from '../domain/tree.ts'
import { expandTokens } from '../loader/tokens.ts'
import { folderName } from '../rules/facts/copies.ts'
import { normalPath } from '../rules/facts/presence.ts'
import { packagePath, privateFolder } from './paths.ts'
import type { PlannedEntry, Remedies, Want } from './planned.ts'
import { runPathEntry, runPathOf } from './run-path-entry.ts'

/** Objects of packages that have to find another file for a want than they do now, in the order of the audit. */
export function askersOf(audit: ContextAudit, { name, lacking }: Want): readonly PackageObject[] {
  const base = audit.worlds.base
  if (base === undefined) return []
  const files = new Set<string>()
  if (lacking === null) {
    for (const need of base.needs) if (need.name === name && need.file === null) files.add(need.object.path)
  } else {
    const demanding = new Set(lacking.demandedBy)
    for (const { objects, bindings } of base.closures) {
      if (!objects.some(({ file }) => file !== null && demanding.has(file))) continue
      // Whoever asks first in a process decides for all that follow.
      for (const { from, to, name: asked } of bindings) {
        const file = objects[from]?.file ?? null
        if (asked === name && file !== null && objects[to]?.file === lacking.provider) files.add(file)
      }
    }
  }
  return audit.objects.filter(({ path }) => files.has(path))
}

export interface ReachSetting extends Pick<Remedies, 'never'> {
  readonly audit: ContextAudit
  readonly machine: Tree
}

type Way = Omit<PlannedEntry, 'clears'>

/**
 * The entry by which an object finds a graft.
 *
 * @param dest the path of the copy, below `{graft}`
 * @returns a phrase that says why there is no way
 */
export function wayTo(object: PackageObject, name: string, dest: string, setting: ReachSetting): Way | string {
  const folder = setting.never.has('symlinks') ? null : ownFolder(object, name, setting)
  if (folder !== null)
    return {
      owner: null,
      keys: ['symlinks', `${folder}/${name}`],
      value: { target: dest, because: `${object.relative} needs ${name}` },
    }
  if (setting.never.has('rpath')) return `${object.relative} finds it by a run path alone, and none may be set`
  const drawn = runPathEntry(object, setting.machine, (before) => [privateFolder(name), ...before])
  if (drawn === null) return `${object.relative} cannot be read where the packages lie`
  const risk = object.reading.header?.type === ET_EXEC ? drawn.risks.at(-1) : undefined
  if (risk !== undefined) return `${object.relative}: ${risk}`
  const because = 'what it finds there is for those alone that are led to it'
  return { owner: object.owner, keys: ['rpath', drawn.key], value: { ...drawn.entry, because } }
}

/** A folder of its own package that the object searches and that is on no library path, as repair files write it. */
function ownFolder(object: PackageObject, name: string, { audit, machine }: ReachSetting): string | null {
  const shared = new Set(libraryFolders(audit.context.environment).map(normalPath))
  for (const element of runPathOf(object.reading.object)) {
    if (!/^\$(?:ORIGIN\b|\{ORIGIN\})/.test(element)) continue
    const text = expandTokens(element, { origin: folderName(object.path), lib: '', platform: null })
    const folder = text === null || text.includes('$') ? null : normalPath(text)
    if (folder === null || shared.has(folder)) continue
    const found = machine.lookup(folder)
    if (failed(found) || found.kind !== 'folder' || !failed(machine.lookup(`${folder}/${name}`))) continue
    const path = packagePath(object.owner, folder, machine)
    if (path !== null) return path
  }
  return null
}
