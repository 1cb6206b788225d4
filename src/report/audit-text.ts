/** The audit for a person: header, findings, packages, summary. A pure function of the document. */
import { printable } from '../domain/bytes.ts'
import { findingBlocks } from './audit-findings.ts'
import { packageTable } from './audit-packages.ts'
import { pickUpTable } from './audit-pickups.ts'
import { summaryLines } from './audit-summary.ts'
import type { AuditDocument, DocumentSystem } from './document.ts'
import { count, wrap } from './layout.ts'
import type { TextOptions } from './text-options.ts'

/** Longer names of contexts stand out of the column. */
const LABEL = 24

/** The whole report with its line feed. */
export function auditText(document: AuditDocument, options: TextOptions): string {
  const parts = [
    header(document, options).join('\n'),
    ...findingBlocks(document, options),
    document.packages.length === 0 ? '' : packageTable(document, options).join('\n'),
    document.base === null && document.host !== null ? pickUpTable(document, options).join('\n') : '',
    summaryLines(document, options).join('\n'),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function header(document: AuditDocument, options: TextOptions): readonly string[] {
  const contexts = document.contexts.map((context) => ({
    label: printable(context.name),
    text: `${count(context.packages.length, 'package')}, ${count(context.objects, 'object')}`,
  }))
  const systems = [
    { label: 'host', text: systemText(document.host) },
    { label: 'base', text: systemText(document.base) },
  ]
  const rows = [...contexts, ...systems]
  const width = Math.min(LABEL, Math.max(...rows.map((row) => row.label.length)))
  return rows.map((row, index) => {
    const label = row.label.padEnd(width)
    const line = wrap(row.text, options.width, `${label}  `, width + 2)
    return index < contexts.length ? options.style.strong(label) + line.slice(label.length) : line
  })
}

function systemText(system: DocumentSystem | null): string {
  if (system === null) return 'none'
  // A distribution's code name tells nothing that its version does not.
  const os = system.os?.replace(/ \([^()]*\)$/, '') ?? null
  const facts = [os, system.libc, system.declared ? 'declared' : null].filter((fact) => fact !== null)
  return printable(facts.length === 0 ? system.label : `${system.label} (${facts.join(', ')})`)
}
