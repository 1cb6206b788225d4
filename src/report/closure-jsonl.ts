/** The closure as one JSON line for each root: what the loader's own trace prints, and nothing else. */

import type { SymbolData } from './closure-symbols.ts'

/** What one line is made of; a name with a null path was not found. */
export interface TraceLine {
  readonly root: string
  readonly loaded: readonly { readonly name: string; readonly path: string | null }[]
  readonly fatal: string | null
  /** With `--symbols`. */
  readonly symbols?: SymbolData
}

/** Writes lines; the text of each (name, path) is made once, for many roots load the same libraries. */
export class TraceWriter {
  readonly #pairs = new Map<string, Map<string | null, string>>()

  /** One line with its line feed. */
  line(trace: TraceLine): string {
    let loaded = ''
    for (const { name, path } of trace.loaded) loaded += (loaded === '' ? '' : ', ') + this.#pair(name, path)
    const fatal = trace.fatal === null ? '' : `, "fatal": ${JSON.stringify(trace.fatal)}`
    return `{"object": ${JSON.stringify(trace.root)}, "loaded": [${loaded}]${fatal}${symbolText(trace.symbols)}}\n`
  }

  #pair(name: string, path: string | null): string {
    let paths = this.#pairs.get(name)
    if (paths === undefined) this.#pairs.set(name, (paths = new Map<string | null, string>()))
    let text = paths.get(path)
    if (text === undefined) paths.set(path, (text = `[${JSON.stringify(name)}, ${JSON.stringify(path)}]`))
    return text
  }
}

function symbolText(symbols: SymbolData | undefined): string {
  if (symbols === undefined) return ''
  const { version_errors: versions, undefined: missing, unread } = symbols
  const lists = `, "version_errors": ${JSON.stringify(versions)}, "undefined": ${JSON.stringify(missing)}`
  return unread === undefined ? lists : `${lists}, "unread": ${JSON.stringify(unread)}`
}
