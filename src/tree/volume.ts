/** The port below a tree: one place that holds files, addressed by clean relative paths, where nothing is followed. */
import type { Child, FileStatus, LookupFailure, OpenFile } from '../domain/tree.ts'

/** Paths are relative, without links, `.` or `..`; the empty path is the volume's top. Nothing here throws. */
export interface Volume {
  /** In any order. Who asks must not change it. */
  children(folder: string): ReadonlyMap<string, Child['kind']> | LookupFailure
  /** The kind of one entry, asked for only where the folder above it cannot be listed. */
  kind(path: string): Child['kind'] | LookupFailure
  link(path: string): string | null
  status(path: string): FileStatus | LookupFailure
  open(path: string): OpenFile | LookupFailure
}

/** `folder/name`, where the top is the empty path. */
export function joinInner(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}
