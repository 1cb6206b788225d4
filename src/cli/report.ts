/** `airtight report`: a saved audit in another format. */
import { readFileSync, statSync } from 'node:fs'
import { printable } from '../domain/bytes.ts'
import type { AuditDocument } from '../report/document.ts'
import { auditExit, show, showOptions } from './audit.ts'
import { UsageError } from './exit.ts'
import type { Command } from './spec.ts'

/** No audit of a studio comes near it; what is larger is no audit. */
const MAX_SIZE = 512 * 1024 * 1024

export const command: Command = {
  spec: {
    name: 'report',
    summary: 'a saved audit (audit --format json) in another format',
    details: ['Needs neither the packages nor the systems any more. Exits as the audit did.'],
    argument: { name: 'AUDIT.json', required: true, many: false, help: 'what audit --format json wrote' },
    options: showOptions,
    examples: [{ says: 'everything that was found', command: 'airtight report audit.json --all' }],
  },
  run: async (args, output) => {
    const document = await readDocument(args.positionals[0] ?? '')
    await show(document, args, output)
    return auditExit(document, args.value('fail-on') ?? 'error')
  },
}

async function readDocument(file: string): Promise<AuditDocument> {
  const name = printable(file)
  const data = parse(readText(file, name), name)
  const { parseAuditDocument } = await import('../report/json-schema.ts')
  const document = parseAuditDocument(data)
  if ('problem' in document) {
    throw new UsageError(`${name}: ${document.problem}`, 'airtight audit ... --format json -o FILE writes such a file')
  }
  return document
}

function readText(file: string, name: string): string {
  const status = statSync(file, { throwIfNoEntry: false })
  if (status === undefined) throw new UsageError(`${name}: no such file`)
  if (status.isDirectory()) throw new UsageError(`${name} is a folder, a saved audit is wanted`)
  if (status.size > MAX_SIZE) throw new UsageError(`${name} is larger than ${MAX_SIZE} bytes`)
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error'
    throw new UsageError(`${name} cannot be read (${code})`)
  }
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : ''
    throw new UsageError(`${name} is no JSON: ${reason}`, 'airtight audit ... --format json -o FILE writes such a file')
  }
}
