/** Paragraphs of `Key: value` lines, as dpkg's status file has them (deb822(5)). */

/** The fields named in `wanted` of each paragraph; continuation lines are left out. */
export function* paragraphs(text: string, wanted: readonly string[]): Generator<ReadonlyMap<string, string>> {
  let fields = new Map<string, string>()
  let start = 0
  while (start <= text.length) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    if (end === start) {
      if (fields.size > 0) yield fields
      fields = new Map()
    } else {
      const colon = text.indexOf(':', start)
      const key = colon > start && colon < end ? text.slice(start, colon) : ''
      if (wanted.includes(key)) fields.set(key, text.slice(colon + 1, end).trim())
    }
    start = end + 1
  }
  if (fields.size > 0) yield fields
}
