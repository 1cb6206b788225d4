/** The audit as GitHub workflow commands: the worst of each level, for a step shows ten of each. */
import { printable } from '../domain/bytes.ts'
import { groupFindings } from './audit-groups.ts'
import type { FindingGroup } from './audit-groups.ts'
import type { AuditDocument } from './document.ts'
import type { FormatOptions } from './place.ts'
import { placeOf } from './place.ts'

/** Annotations of one level that a step may show (actions/toolkit, docs/problem-matchers.md). */
const MOST = 10

const LEVELS = { error: 'error', warn: 'warning', note: 'notice' } as const

/** One line for each of the worst groups; each group is what one fix clears. */
export function githubAnnotations(document: AuditDocument, options: FormatOptions): string {
  const groups = groupFindings(document)
  const shown = (['error', 'warn', 'note'] as const).flatMap((severity) =>
    groups.filter((group) => group.severity === severity).slice(0, MOST),
  )
  return shown.map((group) => `${annotation(document, group, options)}\n`).join('')
}

function annotation(document: AuditDocument, { findings, severity }: FindingGroup, options: FormatOptions): string {
  const [first] = findings
  if (first === undefined) return ''
  const place = placeOf(document, first, options)
  const more = findings.length === 1 ? '' : ` (and ${findings.length - 1} more that the same fix clears)`
  const fix = document.repairs[first.repairs[0] ?? -1]?.text
  const message = [`${first.message}${more}`, ...(fix === undefined ? [] : [`fix: ${fix}`])].map(printable).join('\n')
  const properties = [
    ...(place === null ? [] : [`file=${property(place.file)}`, `line=${place.line}`]),
    `title=${property(`${first.rule} ${first.name}: ${first.subject}`)}`,
  ]
  return `::${LEVELS[severity]} ${properties.join(',')}::${data(message)}`
}

/** Escapes of workflow commands (actions/toolkit, packages/core/src/command.ts). */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(printable(text)).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
