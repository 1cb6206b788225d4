/** YAML as Rez reads it (PyYAML: version 1.1) as plain data, for files of which no places are kept. */
import { LineCounter, parseDocument } from 'yaml'
import { faultAt, faultAtLine } from '../../domain/fault.ts'
import type { Fault } from '../../domain/fault.ts'

/**
 * The data in the text of `file`.
 *
 * @param none how the fault begins that tells what the text is not
 */
export function yamlData(text: string, file: string, none = 'is no YAML'): { readonly data: unknown } | Fault {
  const lines = new LineCounter()
  const options = { version: '1.1', logLevel: 'silent', prettyErrors: false, lineCounter: lines } as const
  try {
    const document = parseDocument(text, options)
    const [error] = document.errors
    if (error === undefined) return { data: document.toJS({ maxAliasCount: 100 }) as unknown }
    const { line } = lines.linePos(error.pos[0])
    return faultAtLine('malformed', file, line, `${none}: ${error.message.replace(/\n.*/s, '')}`)
  } catch (error) {
    // The library recurses into nested collections, and refuses aliases that multiply.
    return faultAt('malformed', file, null, `is no YAML of ordinary size and depth: ${(error as Error).message}`)
  }
}
