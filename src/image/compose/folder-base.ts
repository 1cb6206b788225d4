/** A base that is a folder of this machine: all its entries, with their owners, modes and hard links. */
import type { Fault } from '../../domain/fault.ts'
import type { Composition, Node } from './composition.ts'
import type { Clock } from './clock.ts'
import type { DiskEntry } from './disk.ts'
import { walkDisk } from './disk.ts'

export interface AddedBase {
  readonly notes: readonly string[]
  readonly faults: readonly Fault[]
}

/**
 * Puts a root folder into an empty tree. Where the folder itself belongs to somebody else than root, as after unpacking
 * without privileges, root takes the place of that user and that group.
 */
export async function addFolderBase(composition: Composition, root: string, clock: Clock): Promise<AddedBase> {
  const { entries, skipped, faults } = await walkDisk(root)
  const top = entries[0]
  const mapped = (id: number, own: number | undefined): number => (id === own ? 0 : id)
  for (const entry of entries) {
    if (entry.relative === '') continue
    const uid = mapped(entry.uid, top?.uid)
    const gid = mapped(entry.gid, top?.gid)
    composition.nodes.set(entry.relative, baseNode(entry, { uid, gid, modified: clock.clamped(entry.modifiedNs) }))
  }
  const count = skipped.length
  const notes = [
    ...(count === 0 ? [] : [`${count} device${count === 1 ? '' : 's'}, sockets or pipes of the base are left out`]),
    ...(top === undefined || (top.uid === 0 && top.gid === 0)
      ? []
      : [`the base's folder belongs to user ${top.uid} and group ${top.gid}: in the image that is root`]),
  ]
  return { notes, faults }
}

function baseNode(entry: DiskEntry, owned: { uid: number; gid: number; modified: number }): Node {
  const status = { owner: { kind: 'base' as const }, mode: entry.mode, ...owned }
  switch (entry.kind) {
    case 'folder':
      return { ...status, kind: 'folder' }
    case 'link':
      return { ...status, kind: 'link', target: entry.target }
    case 'file': {
      const { path, size, identity, modifiedNs } = entry
      return { ...status, kind: 'file', size, identity, content: { kind: 'disk', path, modifiedNs } }
    }
  }
}
