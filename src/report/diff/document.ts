/** What changed between two saved audits, schema airtight/diff/v1. */
import type { WorldName } from '../../domain/audit.ts'
import type { DocumentFinding } from '../document.ts'

export const DIFF_SCHEMA = 'airtight/diff/v1'

export interface DiffDocument {
  readonly schema: typeof DIFF_SCHEMA
  readonly old: DiffSide
  readonly new: DiffSide
  readonly packages: {
    /** `NAME-VERSION`. */
    readonly added: readonly string[]
    readonly removed: readonly string[]
    readonly changed: readonly { readonly name: string; readonly old: string; readonly new: string }[]
  }
  /** Sorted by world, kind and name. */
  readonly changes: readonly Change[]
  readonly findings: {
    readonly new: readonly DiffFinding[]
    readonly gone: readonly DiffFinding[]
  }
  /** What could not be compared, in sentences. */
  readonly notes: readonly string[]
}

export interface DiffSide {
  readonly tool: string
  readonly contexts: readonly string[]
  readonly host: string | null
  readonly base: string | null
}

/**
 * `lost` and `found`: no longer, or at last, answered by a file; `file`: another file answers; `content`: the same file
 * with other bytes; `owner`: the same bytes of another owner; `asked` and `dropped`: the need itself is new, or gone.
 */
export type ChangeKind = 'lost' | 'found' | 'file' | 'content' | 'owner' | 'asked' | 'dropped'

/** One answer that changed, with all who get it. */
export interface Change {
  readonly kind: ChangeKind
  readonly world: WorldName
  /** The name asked for. */
  readonly name: string
  /** Null where nothing answered, or nobody asked. */
  readonly old: FileFacts | null
  readonly new: FileFacts | null
  /** Who asks for it: `PACKAGE FILE`, or after these the path of a system's file; sorted. */
  readonly direct: readonly string[]
  /** Objects of packages that load one of these in turn, sorted. */
  readonly indirect: readonly string[]
}

export interface FileFacts {
  readonly path: string
  /** `NAME-VERSION` of the package, `MANAGER NAME VERSION` of the OS package, or the system's name. */
  readonly owner: string
  readonly build_id: string | null
  readonly sha256: string | null
  readonly size: number
}

export type DiffFinding = Pick<
  DocumentFinding,
  'rule' | 'name' | 'severity' | 'package' | 'subject' | 'message' | 'fingerprint'
>
