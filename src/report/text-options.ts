/** How a text report is to look. */
import type { Style } from './style.ts'

export interface TextOptions {
  readonly style: Style
  /** Columns of the terminal, null for a pipe or a file: nothing is wrapped or shortened then. */
  readonly width: number | null
  /** Everything: notes, quiet packages, all rows. */
  readonly all: boolean
  /** Names what could not be read or evaluated. */
  readonly faults: boolean
}
