/** The difference of two bases for a person, and as Markdown. */
import { printable } from '../domain/bytes.ts'
import type { BaseDiff, SonameOf } from '../migrate/base-diff.ts'
import { some } from './layout.ts'
import type { Style } from './style.ts'

/** Names that are shown of one list before the rest is counted. */
const SHOWN_NODES = 8

type Row = readonly string[]

interface Section {
  readonly title: string
  readonly head: Row
  readonly rows: readonly Row[]
}

/** One section for each kind of difference; empty ones are left out. */
export function baseDiffText(diff: BaseDiff, style: Style): string {
  const lines = [
    style.strong(`${printable(diff.a)} -> ${printable(diff.b)}`),
    ...headLines(diff).map((line) => `  ${line}`),
  ]
  for (const { title, rows } of sections(diff)) {
    if (rows.length === 0) continue
    lines.push('', style.strong(`${title} (${rows.length})`))
    const width = Math.max(...rows.map(([first = '']) => printable(first).length))
    for (const [first = '', ...rest] of rows) {
      const text = rest
        .filter((cell) => cell !== '')
        .map(printable)
        .join('  ')
      lines.push(`  ${text === '' ? printable(first) : `${printable(first).padEnd(width)}  ${text}`}`)
    }
  }
  lines.push('', `${diff.same} sonames are the same in both, with the same OS package and version nodes.`)
  return `${lines.join('\n')}\n`
}

/** The same as Markdown: one table for each kind of difference. */
export function baseDiffMarkdown(diff: BaseDiff): string {
  const lines = [`# ${cell(diff.a)} to ${cell(diff.b)}`, '', ...headLines(diff).map((line) => `- ${cell(line)}`)]
  for (const { title, head, rows } of sections(diff)) {
    if (rows.length === 0) continue
    lines.push('', `## ${title} (${rows.length})`, '', `| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`)
    for (const row of rows) lines.push(`| ${row.map(cell).join(' | ')} |`)
  }
  lines.push('', `${diff.same} sonames are the same in both, with the same OS package and version nodes.`)
  return `${lines.join('\n')}\n`
}

function headLines(diff: BaseDiff): readonly string[] {
  const { interpreter, libc, folders } = diff
  return [
    ...(libc === null ? [] : [`libc: ${libc.a ?? 'none'} -> ${libc.b ?? 'none'}`]),
    ...(interpreter === null ? [] : [`loader: ${interpreter.a ?? 'none'} -> ${interpreter.b ?? 'none'}`]),
    ...(folders.gone.length === 0 ? [] : [`no longer searched: ${folders.gone.join(' ')}`]),
    ...(folders.new.length === 0 ? [] : [`newly searched: ${folders.new.join(' ')}`]),
  ]
}

function sections(diff: BaseDiff): readonly Section[] {
  const owned = ({ soname, package: owner }: SonameOf): Row => [soname, owner ?? '']
  const { packages } = diff
  return [
    { title: 'Sonames gone', head: ['soname', 'OS package'], rows: diff.gone.map(owned) },
    {
      title: 'Sonames bumped',
      head: ['soname', 'OS package', 'now'],
      rows: diff.bumped.map((item) => [...owned(item), `-> ${item.now.map(nameWithOwner).join(', ')}`]),
    },
    {
      title: 'Moved to another OS package',
      head: ['soname', 'from', 'to'],
      rows: diff.moved.map(({ soname, a, b }) => [soname, a, `-> ${b}`]),
    },
    {
      title: 'Version nodes',
      head: ['soname', 'lost', 'won'],
      rows: diff.versions.map(({ soname, lost, won }) => [soname, nodes('lost', lost), nodes('won', won)]),
    },
    { title: 'Sonames new', head: ['soname', 'OS package'], rows: diff.new.map(owned) },
    { title: 'OS packages gone', head: ['package'], rows: packages.gone.map((name) => [name]) },
    { title: 'OS packages new', head: ['package'], rows: packages.new.map((name) => [name]) },
    {
      title: 'OS packages in another version',
      head: ['package', 'from', 'to'],
      rows: packages.changed.map(({ name, a, b }) => [name, a, `-> ${b}`]),
    },
  ]
}

function nameWithOwner({ soname, package: owner }: SonameOf): string {
  return owner === null ? soname : `${soname} (${owner})`
}

function nodes(word: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `${word} ${some(names, SHOWN_NODES)}`
}

/** A cell that breaks no table and starts no markup. */
function cell(text: string): string {
  return printable(text).replace(/[\\`*_[\]<>|]/g, String.raw`\$&`)
}
