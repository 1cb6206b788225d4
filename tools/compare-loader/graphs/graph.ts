/** A graph: a tiny root file system with libraries in it, and the programs that are asked about. Plain data. */
import type { ElfSpec } from '../../../test/support/elf/spec.ts'

/** What stands at one path of the root. */
export type Content =
  | { readonly kind: 'elf'; readonly spec: ElfSpec }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'hard'; readonly of: string }
  | { readonly kind: 'folder' }
  /** The dynamic loader, or libc.so.6, of the release. */
  | { readonly kind: 'loader' }
  | { readonly kind: 'libc' }

/** One change of the root after ldconfig has run; null takes the path away. */
export interface Change {
  readonly path: string
  readonly content: Content | null
}

/** One program or library, started once for its trace and once for real. */
export interface Run {
  readonly path: string
  /** Through the kernel and PT_INTERP, or by naming the loader. */
  readonly by: 'kernel' | 'loader'
  readonly libraryPath: string | null
  readonly preload: string | null
  readonly cwd: string
  /** Level of the processor, lowered by a tunable; null leaves the machine's own. */
  readonly level: 1 | 2 | null
}

/** How ldconfig is called. */
export interface CacheMaking {
  readonly release: string
  readonly args: readonly string[]
}

export interface Graph {
  readonly seed: number
  readonly release: string
  /** In the order of making; a path stands here once. */
  readonly files: readonly (readonly [path: string, content: Content])[]
  readonly cache: CacheMaking | null
  readonly changes: readonly Change[]
  readonly runs: readonly Run[]
}

/** Where the loader and the C library of a root lie. */
export const LOADER = '/lib64/ld-linux-x86-64.so.2'
export const SYSTEM_FOLDER = '/lib/x86_64-linux-gnu'
