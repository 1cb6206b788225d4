/** Words of a POSIX shell (sh(1), Quoting). */

/** A text in single quotes, whatever is in it. */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** A text as one word, quoted where a shell would take it for something else. */
export function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : singleQuoted(text)
}
