/** Words for a POSIX shell, quoted where they must be. */
import { encodeBytes, printable } from '../domain/bytes.ts'
import { shellQuoted } from '../domain/shell.ts'

/** A text as one word of a shell command. Bytes that cannot be shown are written as bash, ksh and zsh read them. */
export function shellWord(text: string): string {
  if (printable(text) === text) return shellQuoted(text)
  let out = ''
  for (const byte of encodeBytes(text)) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c
    out += plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
  }
  return `$'${out}'`
}

/** `NAME=value` before a command. */
export function assignment(name: string, value: string): string {
  return `${name}=${shellWord(value)}`
}

/** A command for a POSIX shell; unlike single words it may hold scripts of several lines, kept as they are. */
export function shellCommand(words: readonly string[]): string {
  return words
    .map((word) => (word.split('\n').every((line) => printable(line) === line) ? shellQuoted(word) : shellWord(word)))
    .join(' ')
}
