/** What libraries open by themselves at run time: it stands in no DT_NEEDED. */
import type { Closure } from './closure.ts'

/** Files of which a library opens one by itself when it is used. */
export interface LibraryOpens {
  /** Soname of the library. */
  readonly library: string
  /** Names; one of them is enough. */
  readonly any: readonly string[]
  /** A glob: where the library needs a name like that it opens none. */
  readonly unless: string | null
  /** A symbol: where the library does not define it, it is another one of that name, and opens none. */
  readonly defines: string | null
  /** Where they lie, a relative one below each system folder; empty for what is searched as a soname is. */
  readonly folders: readonly string[]
  /** The variable whose folders stand in place of these. */
  readonly variable: string | null
  /** Folders that the variable has to name as well, so that what lies there is found as before. */
  readonly keep: readonly string[]
  /** The file is one of many that belong together: a copy of it alone does not help. */
  readonly tree: boolean
  /** The library says so itself, and that it does not work without (`.note.dlopen`, required). */
  readonly required: boolean
  readonly reason: string
  readonly source: string
}

/** One library of a world that is known to open files, and what it would get there. */
export interface KnownOpening {
  readonly opens: LibraryOpens
  /** The library, links followed. */
  readonly library: string
  /** A root in whose process it is loaded. */
  readonly root: string
  /** The file it gets, links followed; null for none. */
  readonly file: string | null
  /** What that file loads in turn inside the process; null where it is no library. */
  readonly closure: Closure | null
}
