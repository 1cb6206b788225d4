/** Makes what was written stay where it is when the machine loses its power. */
import { open } from 'node:fs/promises'

/** The names in a folder. Some file systems refuse that for folders, and need it least. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch {
    // The names are there; only how long a loss of power could undo them is not known.
  }
}
