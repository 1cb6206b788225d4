/** Walks a folder of this machine without following a link, and keeps what a layer says of each entry. */
import type { BigIntStats } from 'node:fs'
import { access, lstat, readdir, readlink } from 'node:fs/promises'
import { constants } from 'node:fs'
import { decodeBytes, encodeBytes, isRaw } from '../../domain/bytes.ts'
import type { Fault } from '../../domain/fault.ts'
import { errorCode, faultAt } from '../../domain/fault.ts'
import type { Permissions } from '../model.ts'

interface Status extends Permissions {
  /** Relative to the folder that is walked; empty for itself. */
  readonly relative: string
  /** Absolute on this machine. */
  readonly path: string
  readonly modifiedNs: bigint
}

/** One entry as lstat shows it. */
export type DiskEntry =
  | (Status & { readonly kind: 'folder' })
  | (Status & { readonly kind: 'link'; readonly target: string })
  /** `identity` is that of the file where it has several names, else null. */
  | (Status & { readonly kind: 'file'; readonly size: number; readonly identity: string | null })

export interface DiskWalk {
  /** Sorted by the bytes of their paths, folders before what is in them. */
  readonly entries: readonly DiskEntry[]
  /** Devices, sockets and pipes, which no image can hold. */
  readonly skipped: readonly string[]
  readonly faults: readonly Fault[]
}

/**
 * Walks `top` and all below it. Questions to the file system overlap, for the folder may be a network share.
 *
 * @param leaveOut true for an absolute path that is passed over with what is below it
 */
export async function walkDisk(top: string, leaveOut: (path: string) => boolean = () => false): Promise<DiskWalk> {
  const entries: DiskEntry[] = []
  const skipped: string[] = []
  const faults: Fault[] = []
  const checks = process.getuid?.() !== 0
  const fault = (path: string, error: unknown): void => {
    const code = errorCode(error)
    faults.push(faultAt('unreadable', path, null, `cannot be read for the image (${code})`))
  }
  const visit = async (path: string, relative: string): Promise<void> => {
    try {
      const stats = await lstat(raw(path), { bigint: true })
      const status = statusOf(stats, path, relative)
      if (stats.isDirectory()) {
        entries.push({ ...status, kind: 'folder' })
        const names = await readdir(raw(path), { encoding: 'buffer' })
        await Promise.all(
          names.map(async (bytes) => {
            const name = decodeBytes(bytes)
            const below = path === '/' ? `/${name}` : `${path}/${name}`
            if (!leaveOut(below)) await visit(below, relative === '' ? name : `${relative}/${name}`)
          }),
        )
      } else if (stats.isSymbolicLink()) {
        const target = decodeBytes(await readlink(raw(path), { encoding: 'buffer' }))
        entries.push({ ...status, kind: 'link', target })
      } else if (stats.isFile()) {
        if (checks) await access(raw(path), constants.R_OK)
        const identity = stats.nlink > 1n ? `${stats.dev}:${stats.ino}` : null
        entries.push({ ...status, kind: 'file', size: Number(stats.size), identity })
      } else skipped.push(path)
    } catch (error) {
      fault(path, error)
    }
  }
  await visit(top, '')
  entries.sort((a, b) => comparePaths(a.relative, b.relative))
  faults.sort((a, b) => comparePaths(a.file, b.file))
  return { entries, skipped: skipped.sort(comparePaths), faults }
}

/** Byte strings that are not all text go to the system as bytes. */
function raw(path: string): string | Buffer {
  return isRaw(path) ? Buffer.from(encodeBytes(path)) : path
}

function statusOf(stats: BigIntStats, path: string, relative: string): Status {
  return {
    relative,
    path,
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    modifiedNs: stats.mtimeNs,
  }
}

/** The order of the bytes of two paths. */
export function comparePaths(a: string, b: string): number {
  if (a === b) return 0
  // Code units order as bytes do, except where surrogates meet what lies above them.
  if (/^[\0-\x7f]*$/.test(a) && /^[\0-\x7f]*$/.test(b)) return a < b ? -1 : 1
  return Buffer.compare(encodeBytes(a), encodeBytes(b))
}
