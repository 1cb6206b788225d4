/** Python text to syntax trees, without the grammar where the text is plain: loading it takes longer than most commands. */
import type { Fault } from '../../domain/fault.ts'
import { plainStatements } from './plain-statements.ts'
import type { Statement } from './syntax.ts'

/** Larger texts are no package definitions. */
export const MAX_TEXT: number = 1 << 20

/** A module's statements, or the fault for which there are none. */
export interface Module {
  /** The text that the spans of `statements` point into. */
  readonly text: string
  readonly statements: readonly Statement[]
  readonly fault: Fault | null
}

/** Reads the text of `file`, whose first line has the number `firstLine` (1 where it is left out). */
export type Parse = (text: string, file: string, firstLine?: number) => Module

/** A text whose last line ends, without what is white space to Python and unknown to the grammar. */
export function cleaned(text: string): string {
  const clean = text
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/\f/g, ' ')
    .replace(/\0/g, '\ufffd')
  return clean.endsWith('\n') ? clean : `${clean}\n`
}

/** The module that plain text holds; null for a text that it takes the grammar to read. */
export function parsePlain(text: string, firstLine = 1): Module | null {
  if (text.length > MAX_TEXT) return null
  const clean = cleaned(text)
  const statements = plainStatements(clean, firstLine)
  return statements === null ? null : { text: clean, statements, fault: null }
}
