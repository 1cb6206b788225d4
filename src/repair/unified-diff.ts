/** A unified diff of two texts, as patch(1) reads it. */

const CONTEXT = 3
/** Lines beyond which a shortest difference is not looked for: everything between equal ends counts as changed. */
const MAX_LINES = 4000

interface Edit {
  readonly sign: ' ' | '-' | '+'
  readonly line: string
}

/** The diff with its two header lines; empty for equal texts. */
export function unifiedDiff(before: string, after: string, names: readonly [before: string, after: string]): string {
  if (before === after) return ''
  const edits = editsOf(linesOf(before), linesOf(after))
  const hunks = hunksOf(edits)
  return [`--- ${names[0]}`, `+++ ${names[1]}`, ...hunks, ''].join('\n')
}

/** Lines with their ends marked: the last one may lack a newline. */
function linesOf(text: string): readonly string[] {
  if (text === '') return []
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  else lines[lines.length - 1] = `${lines.at(-1) ?? ''}\n\\ No newline at end of file`
  return lines
}

function editsOf(a: readonly string[], b: readonly string[]): readonly Edit[] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1
  const same = (lines: readonly string[]): Edit[] => lines.map((line) => ({ sign: ' ', line }))
  return [
    ...same(a.slice(0, start)),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...same(end === 0 ? [] : a.slice(-end)),
  ]
}

/** Longest common subsequence by the usual table. */
function middle(a: readonly string[], b: readonly string[]): readonly Edit[] {
  const minus = (line: string): Edit => ({ sign: '-', line })
  const plus = (line: string): Edit => ({ sign: '+', line })
  if (a.length > MAX_LINES || b.length > MAX_LINES) return [...a.map(minus), ...b.map(plus)]
  const width = b.length + 1
  const lengths = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let k = b.length - 1; k >= 0; k -= 1) {
      const at = i * width + k
      lengths[at] =
        a[i] === b[k] ? (lengths[at + width + 1] ?? 0) + 1 : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0)
    }
  }
  const out: Edit[] = []
  let [i, k] = [0, 0]
  while (i < a.length && k < b.length) {
    if (a[i] === b[k]) {
      out.push({ sign: ' ', line: a[i] ?? '' })
      i += 1
      k += 1
    } else if ((lengths[(i + 1) * width + k] ?? 0) >= (lengths[i * width + k + 1] ?? 0)) {
      out.push(minus(a[i] ?? ''))
      i += 1
    } else {
      out.push(plus(b[k] ?? ''))
      k += 1
    }
  }
  return [...out, ...a.slice(i).map(minus), ...b.slice(k).map(plus)]
}

function hunksOf(edits: readonly Edit[]): readonly string[] {
  const out: string[] = []
  let [oldLine, newLine] = [1, 1]
  for (let at = 0; at < edits.length;) {
    const first = edits.findIndex((edit, index) => index >= at && edit.sign !== ' ')
    if (first < 0) break
    const from = Math.max(at, first - CONTEXT)
    oldLine += from - at
    newLine += from - at
    const to = hunkEnd(edits, first)
    const part = edits.slice(from, to)
    const olds = part.filter((edit) => edit.sign !== '+').length
    const news = part.filter((edit) => edit.sign !== '-').length
    const place = (line: number, count: number): string => `${count === 0 ? line - 1 : line},${count}`
    out.push(`@@ -${place(oldLine, olds)} +${place(newLine, news)} @@`)
    out.push(...part.map((edit) => edit.sign + edit.line))
    oldLine += olds
    newLine += news
    at = to
  }
  return out
}

/** The end of the hunk that begins with a change: changes closer than twice the context belong together. */
function hunkEnd(edits: readonly Edit[], first: number): number {
  let last = first
  for (let at = first; at < edits.length && at <= last + CONTEXT * 2; at += 1) {
    if (edits[at]?.sign !== ' ') last = at
  }
  return Math.min(edits.length, last + CONTEXT + 1)
}
