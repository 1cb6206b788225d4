/** Items added at the end of a list of strings in a Python text, in the list's own style. */

/** Text to put in at an offset. */
export interface Insertion {
  readonly at: number
  readonly added: string
}

interface Span {
  readonly from: number
  readonly to: number
}

/**
 * What to insert so that the list at `list.at`, brackets included, holds `added` as well: one item a line where it is
 * written so, with its indentation, quotes and habit of a last comma. Null where the end of the list is not plain.
 */
export function listInsertion(
  text: string,
  list: { readonly at: Span; readonly items: readonly Span[] },
  added: readonly string[],
  outerIndent: string,
): readonly Insertion[] | null {
  const close = list.at.to - 1
  const last = list.items.at(-1)
  const quote = last === undefined ? "'" : (/['"]/.exec(text.slice(last.from, last.to))?.[0] ?? "'")
  const items = added.map((item) => quote + item + quote)
  if (last === undefined) return intoEmpty(text, { from: list.at.from + 1, to: close }, items, outerIndent)
  const comma = commaIn(text, last.to, close)
  if (comma === null) return null
  const before = lineStart(text, last.from)
  const indent = /^[ \t]*/.exec(text.slice(before, last.from))?.[0] ?? ''
  if (
    before > list.at.from &&
    lineStart(text, close) > last.to &&
    /^\s*$/.test(text.slice(lineStart(text, close), close))
  ) {
    return lines(text, { last, comma }, items, indent)
  }
  // Several lines whose last one ends with the bracket, the items below each other.
  if (before > list.at.from && before + indent.length === last.from) {
    const joined = items.map((item) => `\n${indent}${item}`).join(',')
    return comma < 0 ? [{ at: last.to, added: `,${joined}` }] : [{ at: comma + 1, added: `${joined},` }]
  }
  const between = list.items.at(-2)
  const space = between !== undefined && /^,\S/.test(text.slice(between.to)) ? '' : ' '
  if (comma < 0) return [{ at: last.to, added: items.map((item) => `,${space}${item}`).join('') }]
  return [{ at: comma + 1, added: items.map((item) => `${space}${item},`).join('') }]
}

/** A list whose bracket stands on a line of its own: new lines behind the last item's line and its comment. */
function lines(
  text: string,
  { last, comma }: { readonly last: Span; readonly comma: number },
  items: readonly string[],
  indent: string,
): readonly Insertion[] {
  const at = text.indexOf('\n', Math.max(last.to, comma))
  const joined = items.map((item) => `\n${indent}${item}`).join(',')
  if (comma >= 0) return [{ at, added: `${joined},` }]
  return [
    { at: last.to, added: ',' },
    { at, added: joined },
  ]
}

function intoEmpty(
  text: string,
  gap: Span,
  items: readonly string[],
  outerIndent: string,
): readonly Insertion[] | null {
  const content = text.slice(gap.from, gap.to)
  if (!content.includes('\n')) return [{ at: gap.from, added: items.join(', ') }]
  const line = lineStart(text, gap.to)
  if (!/^\s*$/.test(text.slice(line, gap.to))) return null
  return [{ at: line, added: items.map((item) => `${outerIndent}    ${item},\n`).join('') }]
}

/** Offset of the one comma between the last item and the bracket, -1 without; null where something else stands there. */
function commaIn(text: string, from: number, to: number): number | null {
  let comma = -1
  for (let at = from; at < to; at += 1) {
    const char = text[at] ?? ''
    if (char === '#') {
      const end = text.indexOf('\n', at)
      at = end < 0 ? to : end
    } else if (char === ',' && comma < 0) comma = at
    else if (!/\s/.test(char)) return null
  }
  return comma
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1
}
