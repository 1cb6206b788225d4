/** A file that a library opens by itself, as something to bring into the image. */
import type { ResolvedWorld } from '../domain/audit.ts'
import type { LibraryOpens } from '../domain/opening.ts'
import type { RepairAction } from '../domain/repair.ts'
import { baseName } from './facts/copies.ts'
import type { Drivers } from './knowledge/lookup.ts'

type OpenedAction = Extract<RepairAction, { kind: 'opened' }>

/** @param file the copy that is there today @param osPackage what owns it */
export function openedAction(
  opens: LibraryOpens,
  file: string,
  osPackage: string | null,
  from: OpenedAction['from'] = { kind: 'host' },
): OpenedAction {
  const { variable, keep, tree } = opens
  const name = openedName(file, opens.any)
  return { kind: 'opened', name, file, from, folder: folderOf(opens.folders, file), osPackage, variable, keep, tree }
}

/** Whether a driver that the base declares brings one of the files. */
export function isBrought({ world }: ResolvedWorld, opens: LibraryOpens, drivers: Drivers): boolean {
  const declared = world.system.declaration?.drivers ?? []
  return opens.any.some((name) => declared.includes(drivers.of(name)?.family.name ?? ''))
}

/** The name that is asked for; the file behind it may have a longer one. */
export function openedName(file: string, names: readonly string[]): string {
  const last = baseName(file)
  return names.find((name) => last.startsWith(name) || file.endsWith(`/${name}`)) ?? last
}

/** Where a copy goes below the folder of grafts. */
function folderOf(folders: readonly string[], file: string): string | null {
  if (folders.length === 0) return null
  const absolute = folders.find((folder) => folder.startsWith('/') && file.startsWith(`${folder}/`))
  return absolute === undefined ? `lib/${folders[0] ?? ''}` : absolute.replace(/^\/(?:usr\/)?/, '')
}
