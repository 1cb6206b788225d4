/** The colours of a terminal: two accents that mean something (leak, missing), and weight. */
import { Chalk } from 'chalk'
import type { Style } from '../report/style.ts'

const chalk = new Chalk({ level: 1 })

export const colourStyle: Style = {
  missing: (text) => chalk.red(text),
  leak: (text) => chalk.yellow(text),
  strong: (text) => chalk.bold(text),
  faint: (text) => chalk.dim(text),
}
