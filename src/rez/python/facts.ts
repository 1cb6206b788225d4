/** What is known of the machine, and of the shell, in which Rez runs the code. */
import { unknown } from './runtime.ts'

/**
 * Variables of the shell that starts the context (`parent_environ` of Rez): null where it surely has none of that name;
 * of others nothing is known.
 */
export type ParentEnvironment = ReadonlyMap<string, string | null>

export interface MachineFacts {
  /** Rez's name of the platform, such as `linux`; null is unknown. */
  readonly platform: string | null
  /** Rez's name of the processor, such as `x86_64`; null is unknown. */
  readonly arch: string | null
  /** Answers `os.path.exists` and its like, null for a path of which nothing is known; null leaves all unevaluated. */
  readonly exists: ((path: string, kind: 'any' | 'file' | 'folder') => boolean | null) | null
  /** Answers `os.listdir`: null for a folder of which nothing is known, `missing` where there is none. */
  readonly list: ((folder: string) => readonly string[] | 'missing' | null) | null
  readonly parent: Parent
  /** The working folder, null where it is not known. */
  readonly folder: string | null
  /** What the code has put on `sys.path`, the first folder first. */
  readonly searchPath: string[]
}

/** Nothing is known. */
export function unknownMachine(): MachineFacts {
  return { platform: null, arch: null, exists: null, list: null, parent: new Parent(), folder: null, searchPath: [] }
}

/** The shell that starts the context, as code asks for it. */
export class Parent {
  readonly #known: ParentEnvironment
  /** Variables that code needed and that are not known. */
  readonly missed: Set<string> = new Set<string>()

  constructor(known: ParentEnvironment = new Map()) {
    this.#known = known
  }

  /** The value, null where there is no such variable, undefined where that is not known. */
  known(name: string): string | null | undefined {
    return this.#known.get(name)
  }

  /** The value, null where there is no such variable; ends the statement where that is not known. */
  value(name: string): string | null {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    this.missed.add(name)
    return unknown(`$${name} comes from the caller's environment`)
  }

  /** A path that may begin with `~`, as `os.path.expanduser` gives it; null where that home is not known. */
  withHome(path: string): string | null {
    if (!path.startsWith('~')) return path
    const home = /^~(?:\/|$)/.test(path) ? this.#known.get('HOME') : null
    return home === null || home === undefined ? null : home.replace(/\/+$/, '') + path.slice(1) || '/'
  }
}
