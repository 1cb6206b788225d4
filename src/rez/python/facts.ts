/** What is known of the machine, and of the shell, in which Rez runs the code. */
import { callerMark, lost, markedValue } from './caller-text.ts'
import type { Unset } from './caller-text.ts'
import { str } from './runtime.ts'
import type { Rt } from './runtime.ts'

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

/** What becomes of references to variables of the caller. */
export interface References {
  /** Whether one to this variable, made now, stands for the caller's value. */
  stands(name: string): boolean
  /** Told of a variable that code reads and does not go on without. */
  needs(name: string): void
}

/** The shell that starts the context, as code asks for it. */
export class Parent {
  readonly #known: ParentEnvironment
  /** Null where references are no use. */
  readonly #references: References | null
  /** Bodies of `try` that are being run: what Python raises there does not end the code. */
  tries = 0

  constructor(known: ParentEnvironment = new Map(), references: References | null = null) {
    this.#known = known
    this.#references = references
  }

  /** The value, null where there is no such variable, undefined where that is not known. */
  known(name: string): string | null | undefined {
    return this.#known.get(name)
  }

  /** The value, null where there is no such variable; ends the statement where that is not known. */
  value(name: string): string | null {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    return lost(name)
  }

  /** As {@link value}, as text: one that refers to the variable where its value is not known. */
  text(name: string, unset: Unset): Rt | null {
    const known = this.#known.get(name)
    if (known === undefined && this.#mayRefer(name, unset)) {
      if (unset === 'fails') this.#references?.needs(name)
      return markedValue(callerMark(name, unset))
    }
    const value = this.value(name)
    return value === null ? null : str(value)
  }

  /** Whether code may go on with what `os.environ.get` gives while nobody knows what that is. */
  canWait(name: string): boolean {
    return this.#references !== null && !this.#known.has(name)
  }

  #mayRefer(name: string, unset: Unset): boolean {
    if (unset === 'fails' && this.tries > 0) return false
    return /^[A-Za-z_]\w*$/.test(name) && this.#references?.stands(name) === true
  }

  /** A path that may begin with `~`, as `os.path.expanduser` gives it; null where that home is not known. */
  withHome(path: string): string | null {
    if (!path.startsWith('~')) return path
    const home = /^~(?:\/|$)/.test(path) ? this.#known.get('HOME') : null
    return home === null || home === undefined ? null : home.replace(/\/+$/, '') + path.slice(1) || '/'
  }
}
