/** What changed between two audits, for a person: as text and as Markdown. */
import { printable } from '../../domain/bytes.ts'
import { count, some } from '../layout.ts'
import type { Style } from '../style.ts'
import type { Change, ChangeKind, DiffDocument, DiffFinding, FileFacts } from './document.ts'

export interface DiffTextOptions {
  readonly style: Style
  /** Every user of a change. */
  readonly all: boolean
}

const USERS = 4

const SAYS: Record<ChangeKind, string> = {
  lost: 'is no longer found',
  found: 'is found at last',
  file: 'comes from another file',
  content: 'has other bytes',
  owner: 'has another owner',
  asked: 'is asked for anew',
  dropped: 'is no longer asked for',
}

/** The changes as text, with the last line feed. */
export function diffText(diff: DiffDocument, options: DiffTextOptions): string {
  const blocks = [
    packageLines(diff).join('\n'),
    ...diff.changes.map((change) => changeLines(change, options).join('\n')),
    findingLines('new', diff.findings.new, options.style).join('\n'),
    findingLines('gone', diff.findings.gone, options.style).join('\n'),
    [summaryLine(diff), ...diff.notes.map((note) => `note: ${printable(note)}`)].join('\n'),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function packageLines(diff: DiffDocument): readonly string[] {
  const { added, removed, changed } = diff.packages
  return [
    ...changed.map((item) => `package  ${printable(item.old)} -> ${printable(item.new)}`),
    ...added.map((item) => `package  ${printable(item)} is new`),
    ...removed.map((item) => `package  ${printable(item)} is gone`),
  ]
}

function changeLines(change: Change, { style, all }: DiffTextOptions): readonly string[] {
  const mark = change.kind === 'lost' ? style.missing : style.strong
  const through = change.indirect.length === 0 ? '' : `, and ${count(change.indirect.length, 'object')} through them`
  const direct = some(change.direct, all ? Infinity : USERS)
  return [
    `${change.world}  ${mark(`${printable(change.name)} ${SAYS[change.kind]}`)}`,
    ...sideLine('was', change.old, change),
    ...sideLine('is', change.new, change),
    `      for  ${direct}${through}`,
    ...(all ? change.indirect.map((label) => `           ${printable(label)}`) : []),
  ]
}

function sideLine(word: 'was' | 'is', file: FileFacts | null, change: Change): readonly string[] {
  if (file === null)
    return change.kind === (word === 'was' ? 'found' : 'lost') ? [`      ${word.padEnd(3)}  missing`] : []
  return [`      ${word.padEnd(3)}  ${printable(fileText(file))}`]
}

function fileText(file: FileFacts): string {
  const mark = file.build_id ?? file.sha256
  return `${file.path} (${file.owner}, ${mark === null ? '' : `${mark.slice(0, 12)}, `}${file.size} bytes)`
}

function findingLines(word: 'new' | 'gone', findings: readonly DiffFinding[], style: Style): readonly string[] {
  return findings.map((finding) => {
    const accent = word === 'gone' ? style.faint : finding.severity === 'error' ? style.missing : style.leak
    const where = finding.package === null ? '' : ` in ${printable(finding.package)}`
    const head = `${word.padEnd(4)}  ${finding.severity} ${finding.rule} ${finding.name}`
    return `${accent(head)}  ${printable(finding.subject)}${where}`
  })
}

function summaryLine(diff: DiffDocument): string {
  const { changes, findings } = diff
  if (changes.length + findings.new.length + findings.gone.length === 0) return 'Nothing that is loaded has changed.'
  const objects = new Set(changes.flatMap((change) => [...change.direct, ...change.indirect]))
  return [
    `${count(changes.length, 'change')} for ${count(objects.size, 'object')}`,
    count(findings.new.length, 'new finding'),
    `${count(findings.gone.length, 'finding')} gone`,
  ].join(', ')
}

/** The changes as Markdown: a table that a pull request can show. */
export function diffMarkdown(diff: DiffDocument): string {
  const lines = ['# What is loaded now that was not', '', summaryLine(diff), '']
  const packages = packageLines(diff).map((line) => `- ${escapeCell(line.replace(/^package +/, ''))}`)
  if (packages.length > 0) lines.push('## Packages', '', ...packages, '')
  if (diff.changes.length > 0) {
    lines.push('## Files', '', '| world | name | change | was | is | for |', '| --- | --- | --- | --- | --- | --- |')
    for (const change of diff.changes) lines.push(`| ${changeCells(change).map(escapeCell).join(' | ')} |`)
    lines.push('')
  }
  for (const word of ['new', 'gone'] as const) {
    const findings = diff.findings[word]
    if (findings.length === 0) continue
    lines.push(`## Findings ${word}`, '')
    for (const finding of findings) {
      lines.push(escapeCell(`- ${finding.severity} ${finding.rule} ${finding.name}: ${finding.message}`))
    }
    lines.push('')
  }
  for (const note of diff.notes) lines.push(`Note: ${escapeCell(note)}`)
  return `${lines.join('\n').trimEnd()}\n`
}

function changeCells(change: Change): readonly string[] {
  const through = change.indirect.length === 0 ? '' : ` and ${count(change.indirect.length, 'object')} through them`
  const side = (file: FileFacts | null): string => (file === null ? '' : fileText(file))
  return [
    change.world,
    change.name,
    SAYS[change.kind],
    side(change.old),
    side(change.new),
    some(change.direct, USERS) + through,
  ]
}

/** Text that stays text in Markdown and in the HTML made of it. */
function escapeCell(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>|#]/g, String.raw`\$&`)
}
