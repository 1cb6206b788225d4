/** What the parts of a session hand each other: files as judged and as opened, places to search, answers. */
import type { How } from '../domain/closure.ts'
import type { ElfReading, Need } from '../domain/object.ts'
import type { Errno } from '../domain/tree.ts'
import type { Acceptance } from './accept.ts'
import type { SearchList } from './search-list.ts'

/** A file that some candidate path led to, judged once. */
export interface FileRecord {
  /** Small number, equal for equal identity. */
  readonly id: number
  /** Path without links. */
  readonly file: string
  readonly reading: ElfReading
  readonly acceptance: Acceptance
  /** Why it cannot be mapped as a dependency; null when it can. */
  readonly mapError: string | null
}

/** One list to search, and the object whose run path it is. */
export interface Stage {
  readonly how: How
  readonly list: SearchList
  readonly origin: string | null
}

/** Where one object looks: its stages up to the cache, and whether system folders count. */
export interface Scope {
  readonly stages: readonly Stage[]
  readonly nodeflib: boolean
  readonly memo: Map<number, Found>
}

export interface FoundFile {
  readonly kind: 'found'
  readonly path: string
  readonly record: FileRecord
  readonly how: How
  /** Filled by the first link map that takes it. */
  file: OpenedFile | null
}

export type Found =
  | FoundFile
  | { readonly kind: 'missing'; readonly otherClass: boolean; readonly errno: Errno }
  | { readonly kind: 'fatal'; readonly message: string }

/** A DT_NEEDED, DT_FILTER or DT_AUXILIARY with its tokens expanded; null where a token has no value. */
export interface NeedRecord {
  readonly kind: Need['kind']
  readonly name: string | null
  readonly nameId: number
  readonly slash: boolean
}

/** A file as opened by one path: `$ORIGIN` depends on it, and so do its run paths. */
export interface OpenedFile {
  readonly path: string
  readonly pathId: number
  readonly record: FileRecord
  /** Value of `$ORIGIN`. */
  readonly origin: string
  readonly sonameId: number
  readonly needs: readonly NeedRecord[]
  /** Names of the files that versions are demanded of. */
  readonly demands: readonly number[]
  readonly rpath: SearchList | null
  readonly runpath: SearchList | null
  /** DT_RUNPATH is present, though it may be empty: RPATHs then do not count. */
  readonly hasRunpath: boolean
  readonly nodeflib: boolean
  /** The scopes of an object with DT_RUNPATH, by library path: tokens in that depend on the program. */
  readonly ownScopes: Map<number, Scope>
}
