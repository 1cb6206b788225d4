/** Names in recipes: what a shell takes as one word, and what no recipe can say. */

/** One word of a POSIX shell. */
export function shellQuoted(text: string): string {
  return /^[\w./:@%+=,~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** COPY takes these for patterns or variables, and a line ends at a line feed; bytes that are no text cannot be written. */
export function oddPath(path: string): boolean {
  return /[*?[\]\\$"\x00-\x1f\x7f\ud800-\udfff]/.test(path)
}
