/** The audit document as text: one line for each record, so that two of them can be compared with `diff`. */
import type { AuditDocument } from './document.ts'

const RECORDS = [
  'contexts',
  'packages',
  'names',
  'folders',
  'objects',
  'bindings',
  'findings',
  'repairs',
  'faults',
] as const

/** JSON with its line feed. Bytes that are no text stand as lone surrogates `\udcXX`. */
export function auditJson(document: AuditDocument): string {
  const parts: string[] = []
  for (const [key, value] of Object.entries(document)) {
    parts.push(`  ${JSON.stringify(key)}: ${isRecords(key) ? records(document[key]) : indented(value)}`)
  }
  return `{\n${parts.join(',\n')}\n}\n`
}

function isRecords(key: string): key is (typeof RECORDS)[number] {
  return (RECORDS as readonly string[]).includes(key)
}

function records(items: readonly unknown[]): string {
  if (items.length === 0) return '[]'
  return `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`
}

function indented(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', '\n  ')
}
