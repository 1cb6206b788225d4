/** Views of the grammar's nodes: children without comments, their texts and lines, and lists split at a separator. */
import type { SyntaxNode } from '@lezer/common'
import type { Span } from './syntax.ts'

/** Nesting beyond this is named as unsupported; Python itself stops at about a hundred brackets. */
export const MAX_DEPTH = 300

/** A parsed text with what is needed to name places in it. */
export interface Source {
  readonly text: string
  /** Number of the text's first line in its file. */
  readonly firstLine: number
  /** Offsets at which lines begin. */
  readonly lines: readonly number[]
}

/** Prepares a text for {@link lineAt}. */
export function sourceOf(text: string, firstLine: number): Source {
  const lines = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.push(at + 1)
  return { text, firstLine, lines }
}

/** Line of the file that holds an offset of the text. */
export function lineAt(source: Source, offset: number): number {
  let low = 0
  let high = source.lines.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (demanded(source.lines[middle]) <= offset) low = middle
    else high = middle - 1
  }
  return source.firstLine + low
}

/** Column of an offset, from 0; a tab counts to the next multiple of eight, as Python's tokenizer counts it. */
export function columnAt(source: Source, offset: number): number {
  const start = source.text.lastIndexOf('\n', offset - 1) + 1
  let column = 0
  for (let i = start; i < offset; i += 1) column = source.text[i] === '\t' ? (column | 7) + 1 : column + 1
  return column
}

export function span(source: Source, from: number, to: number): Span {
  return { line: lineAt(source, from), from, to }
}

export function textOf(source: Source, node: SyntaxNode): string {
  return source.text.slice(node.from, node.to)
}

/** The node's children in order, comments left out. */
export function children(node: SyntaxNode): SyntaxNode[] {
  const out: SyntaxNode[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'Comment') out.push(child)
  }
  return out
}

/** The children of a bracketed node without its first and last child. */
export function inside(node: SyntaxNode): SyntaxNode[] {
  return children(node).slice(1, -1)
}

/**
 * What the grammar demands where it stands, so that it is there in every tree without errors.
 *
 * @throws RangeError where it is not, for which a text counts as unreadable
 */
export function demanded<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new RangeError('a node lacks a part of its kind')
  return part
}

/** Splits a flat list at its separators; a separator at the end makes no empty last group. */
export function split(nodes: readonly SyntaxNode[], separator: string): SyntaxNode[][] {
  const groups: SyntaxNode[][] = []
  let group: SyntaxNode[] = []
  for (const node of nodes) {
    if (node.name === separator) {
      groups.push(group)
      group = []
    } else group.push(node)
  }
  if (group.length > 0) groups.push(group)
  return groups
}
