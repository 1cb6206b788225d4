/** Ports to a file tree that is not trusted: links never lead out of it. Paths are absolute inside the tree. */
import type { ElfReading } from './object.ts'
import type { ByteSource } from './source.ts'

export type Errno = 'ENOENT' | 'EACCES' | 'ENOTDIR' | 'ELOOP' | 'ENAMETOOLONG' | 'EIO'

export type EntryKind = 'file' | 'folder' | 'other'

/** What a path leads to when every link is followed as the kernel would inside the tree. */
export interface Entry {
  readonly kind: EntryKind
  /** The path without links, `.` or `..`. */
  readonly path: string
}

export interface LookupFailure {
  readonly kind: 'failure'
  readonly errno: Errno
}

export type Lookup = Entry | LookupFailure

/** A folder's child before links are followed. */
export interface Child {
  readonly name: string
  readonly kind: EntryKind | 'link'
}

export interface FileStatus {
  /** Equal for two names of one file (device and inode), and only for these. */
  readonly identity: string
  readonly size: number
  /** Seconds since 1970. */
  readonly modified: number
  /** Permission bits. */
  readonly mode: number
}

/** A file opened for reading; `close` it. */
export interface OpenFile extends ByteSource {
  /** As in {@link FileStatus}. */
  readonly identity: string
  /** What the file is as ELF, where that is known without its bytes: an object of a profile. */
  readonly reading?: ElfReading
  close(): void
}

/** A folder as a search looks at it: one listing, asked for many names. */
export interface Folder {
  /** The path without links. */
  readonly path: string
  /** Whether a lookup of this child could give anything but ENOENT. */
  has(name: string): boolean
  /** The names for which it could, but for those that a listing does not show; null where it cannot be listed. */
  names(): Iterable<string> | null
}

/** A file tree as a root: absolute links restart at the root, `..` stops there, 40 links at most (path_resolution(7)). */
export interface Tree {
  /** What a person calls it: a folder, an image, a capture. */
  readonly label: string
  /** Follows every link. Never throws. */
  lookup(path: string): Lookup
  /** A folder by its path, links followed; a failure for what is no folder. */
  folder(path: string): Folder | LookupFailure
  /** The target of a link as written; the last component is not followed. Null for what is no link. */
  link(path: string): string | null
  /** The children of a folder sorted by name; a failure for what is no readable folder. */
  children(path: string): readonly Child[] | LookupFailure
  /** Size, time and identity of what `path` (links followed) leads to. */
  status(path: string): FileStatus | LookupFailure
  open(path: string): OpenFile | LookupFailure
  /** The whole content, or a failure; `EIO` also where the file is larger than `limit` bytes. */
  content(path: string, limit: number): Uint8Array | LookupFailure
  /** This tree with folders of other trees laid over it; the deepest mount wins, as in mount(2). */
  mount(mounts: readonly Mount[]): Tree
  /**
   * This tree with single entries laid over it or taken away, by absolute path. Links in the folders of a path are
   * followed in the tree below; folders that are absent are made, and what is no folder there gives way to one.
   */
  overlay(entries: Overlay): Tree
}

/** What stands at each absolute path in place of what a tree has there. */
export type Overlay = ReadonlyMap<string, OverlayEntry>

/**
 * One entry of an overlay: bytes, an object that is known without bytes, the file (links followed) of another tree, a
 * link, a folder that is made where there is none, or nothing at all.
 */
export type OverlayEntry =
  | {
      readonly kind: 'file'
      readonly content: ByteSource
      readonly mode?: number
      /** What it is as ELF where that differs from its bytes, as after a change of its run path. */
      readonly reading?: ElfReading
    }
  | { readonly kind: 'object'; readonly reading: ElfReading }
  | { readonly kind: 'from'; readonly source: Tree; readonly path: string }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'folder' }
  | { readonly kind: 'removed' }

/** A folder of one tree that appears at an absolute path of another. */
export interface Mount {
  readonly source: Tree
  /** Path inside `source`; `/` for all of it. */
  readonly folder: string
  readonly at: string
}

/** Tells a failure from any value of the tree's ports. */
export function failed(value: object): value is LookupFailure {
  return 'errno' in value
}
