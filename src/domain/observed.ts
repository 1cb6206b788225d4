/** What a running program was seen to load, and where that differs from the answer that was computed. */
import type { Package } from './context.ts'
import type { Fault } from './fault.ts'

/** Where a search was told to look when it found a file, in the loader's words. */
export type ObservedHow = 'path' | 'rpath' | 'runpath' | 'library-path' | 'cache' | 'default' | 'other'

/** One request that a process made of its loader. */
export interface ObservedLoad {
  /** As asked for; for a map the path itself. */
  readonly name: string
  /** The path that was opened, as the loader built it; null when nothing was found. */
  readonly file: string | null
  /** The object that asked, by its path; null for the program itself, and for what a map cannot tell. */
  readonly by: string | null
  /** Asked for while the program ran (dlopen); null where that is not known. */
  readonly opened: boolean | null
  /** How the search found it; null where that is not known. */
  readonly how: ObservedHow | null
  /** `again`: the file was there already, under another name. */
  readonly outcome: 'loaded' | 'again' | 'missing'
}

/** One program in one process: a process that starts another program in its place is two of these. */
export interface ObservedProcess {
  /** Null for a map that does not tell. */
  readonly pid: number | null
  /** The pid that started it, where it was seen. */
  readonly parent: number | null
  /** The program as it was called, its path where nothing else is known. */
  readonly name: string
  /** The path of its executable, links followed; null where that is not known. */
  readonly program: string | null
  /** Who tells: the loader's own trace, or the map of the process's memory. */
  readonly source: 'trace' | 'maps'
  /** In the order in which they were made. */
  readonly loads: readonly ObservedLoad[]
}

/** Everything that some logs or a run tell. */
export interface Observation {
  readonly processes: readonly ObservedProcess[]
  readonly faults: readonly Fault[]
  readonly notes: readonly string[]
}

/** One load by an object of a package that the computed answer does not have. */
export interface ObservedUse {
  /** Another file than computed, one of the system, or one that neither a package nor the system owns. */
  readonly kind: 'elsewhere' | 'system' | 'outside'
  /** The package of the object that asked, and that object below its payload root. */
  readonly owner: Package
  readonly witness: string
  /** The path of the object that asked, links followed. */
  readonly object: string
  readonly name: string
  /** The file seen, links followed; null when nothing was found. */
  readonly file: string | null
  /** The file computed, links followed; null when nothing was, or nothing is known. */
  readonly expected: string | null
  readonly how: ObservedHow | null
  readonly opened: boolean
  /** The program in whose process it was seen. */
  readonly program: string
}

/** An observation held against one world of a context. */
export interface ObservedFacts {
  readonly world: 'host' | 'base'
  readonly processes: number
  /** Different files that were loaded. */
  readonly files: number
  /** Requests by objects of packages, and how many of them went where they were computed to go. */
  readonly asked: number
  readonly agreed: number
  /** Files that are no object of a package and in no computed closure, links followed, sorted. */
  readonly unnamed: readonly string[]
  readonly uses: readonly ObservedUse[]
}
