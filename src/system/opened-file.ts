/** Files that a library opens by itself: where they are looked for in a world. */
import type { LibraryOpens } from '../domain/opening.ts'
import type { World } from '../domain/system.ts'
import { standardFolders } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'

/**
 * The first file of those that a library opens by folders; null for none.
 *
 * @param library the one that opens: it tells the machine, and with it the system's folders
 * @param value of the variable whose folders stand in place of these, null where it is not set
 */
export function openedFile(
  world: Pick<World, 'lookup' | 'read' | 'system'>,
  library: string,
  opens: LibraryOpens,
  value: string | null,
): string | null {
  for (const folder of foldersOf(world, library, opens, value)) {
    for (const name of opens.any) {
      const found = world.lookup(`${folder}/${name}`)
      if (!failed(found) && found.kind === 'file') return found.path
    }
  }
  return null
}

function foldersOf(
  world: Pick<World, 'read' | 'system'>,
  library: string,
  { folders }: LibraryOpens,
  value: string | null,
): readonly string[] {
  if (value !== null && value !== '') return value.split(':').filter((folder) => folder.startsWith('/'))
  const header = world.read(library).header
  const setup = header === null ? null : world.system.loader(null, header.machine, header.class)
  return folders.flatMap((folder) =>
    folder.startsWith('/') ? [folder] : standardFolders(setup).map((top) => top + folder),
  )
}
