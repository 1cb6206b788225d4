/** Reads a saved audit: what `audit --format json` wrote. */
import { readFileSync } from 'node:fs'
import { printable } from '../domain/bytes.ts'
import { whyUnread } from '../domain/fault.ts'
import type { AuditDocument } from '../report/document.ts'
import { statusAt } from '../tree/status.ts'
import { UsageError } from './exit.ts'

/** No audit of a studio comes near it; what is larger is no audit. */
const MAX_SIZE = 512 * 1024 * 1024

const HOW = 'airtight audit ... --format json -o FILE writes such a file'

/**
 * The document of a file.
 *
 * @throws UsageError that says what is wrong with the file, and how such a file is made
 */
export async function readAudit(file: string): Promise<AuditDocument> {
  const name = printable(file)
  const data = parse(readText(file, name), name)
  const { parseAuditDocument } = await import('../report/json-schema.ts')
  const document = parseAuditDocument(data)
  if ('problem' in document) {
    throw new UsageError(`${name}: ${document.problem}`, HOW)
  }
  return document
}

function readText(file: string, name: string): string {
  const status = statusAt(file)
  if (status === null) throw new UsageError(`${name}: does not exist`, HOW)
  if ('message' in status) throw new UsageError(`${name}: ${status.message}`)
  if (status.isDirectory()) throw new UsageError(`${name}: is a folder, a saved audit is wanted`)
  if (status.size > MAX_SIZE) throw new UsageError(`${name}: is larger than ${MAX_SIZE} bytes`)
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${name}: ${whyUnread(error)}`)
  }
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : ''
    throw new UsageError(`${name}: is no JSON: ${reason}`, HOW)
  }
}
