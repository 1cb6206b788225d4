/** What lies at a path that somebody named on the command line or in a file. */
import { statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { faultAt, systemCode, whyUnread } from '../domain/fault.ts'
import type { Fault } from '../domain/fault.ts'

/**
 * The status of what lies at a path, links followed.
 *
 * @returns null where nothing lies there, also below a file; a fault where the system does not tell: a folder on the
 * way that may not be entered, a circle of links, a name that is too long (`throwIfNoEntry` covers ENOENT alone)
 */
export function statusAt(path: string): Stats | Fault | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null
  } catch (error) {
    const code = systemCode(error)
    if (code === null) throw error
    if (code === 'ENOTDIR') return null
    return faultAt('unreadable', path, null, whyUnread(error))
  }
}

/** Whether a file that can be looked at lies at a path. */
export function isFile(path: string): boolean {
  const status = statusAt(path)
  return status !== null && !('message' in status) && status.isFile()
}

/** Whether a folder that can be looked at lies at a path. */
export function isFolder(path: string): boolean {
  const status = statusAt(path)
  return status !== null && !('message' in status) && status.isDirectory()
}
