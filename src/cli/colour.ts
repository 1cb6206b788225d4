/** The marks of a terminal: two accents that mean something (leak, missing), weight, and links to files. */
import { hostname } from 'node:os'
import { Chalk } from 'chalk'
import supportsHyperlinks from 'supports-hyperlinks'
import { encodeBytes } from '../domain/bytes.ts'
import type { Style } from '../report/style.ts'

const chalk = new Chalk({ level: 1 })

export const colourStyle: Style = {
  missing: (text) => chalk.red(text),
  leak: (text) => chalk.yellow(text),
  strong: (text) => chalk.bold(text),
  faint: (text) => chalk.dim(text),
  file: supportsHyperlinks.stdout ? fileLink : (text) => text,
}

/** OSC 8 with a file URL; it carries the host's name, so that a terminal does not follow it on another machine. */
export function fileLink(text: string, path: string): string {
  return `\x1b]8;;${fileUrl(path)}\x1b\\${text}\x1b]8;;\x1b\\`
}

/** Every byte that RFC 3986 does not leave alone is percent-coded: a file name can never end the sequence. */
function fileUrl(path: string): string {
  const coded = Array.from(encodeBytes(path), (byte) => {
    const character = String.fromCharCode(byte)
    return /[\w.~/-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  })
  return `file://${hostname()}${coded.join('')}`
}
