/** Reads repair files: every fault names the line, and the key that was probably meant. `x-` keys are passed over. */
import { LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import type { z } from 'zod'
import { closest } from '../domain/closest.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAtLine } from '../domain/fault.ts'
import type { RepairFile } from '../domain/repair.ts'
import { REPAIR_SCHEMA, keysAt, repairFileSchema } from './schema.ts'

/** Bytes of the largest file that is read: a plan for thousands of libraries stays far below. */
export const MAX_REPAIR_FILE: number = 16 * 1024 * 1024

/**
 * The repair file in a text.
 *
 * @param path its name, for messages
 * @returns faults in the order of the file where it is none
 */
export function parseRepairFile(text: string, path: string): RepairFile | readonly Fault[] {
  if (text.length > MAX_REPAIR_FILE) {
    return [faultAtLine('unsupported', path, null, `larger than ${MAX_REPAIR_FILE} bytes`)]
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const source: Source = { document, lines, path }
  const broken = document.errors.map((error) =>
    faultAtLine('malformed', path, lines.linePos(error.pos[0]).line, firstLine(error.message)),
  )
  if (broken.length > 0) return broken
  const plain = plainData(source)
  if ('fault' in plain) return [plain.fault]
  const result = repairFileSchema.safeParse(plain.data)
  if (!result.success) return result.error.issues.flatMap((issue) => issueFaults(issue, source))
  return withoutSchema(result.data)
}

function withoutSchema(data: RepairFile & { schema?: string }): RepairFile {
  const file = { ...data }
  delete file.schema
  return file
}

/** Tells faults from a file. */
export function isRepairFile(value: RepairFile | readonly Fault[]): value is RepairFile {
  return 'kind' in value
}

interface Source {
  readonly document: Document.Parsed
  readonly lines: LineCounter
  readonly path: string
}

function plainData({ document, path }: Source): { readonly data: unknown } | { readonly fault: Fault } {
  try {
    const data: unknown = document.toJS({ maxAliasCount: 100 })
    if (data !== null && typeof data === 'object' && !Array.isArray(data)) return { data: withoutExtensions(data) }
    return {
      fault: faultAtLine('malformed', path, 1, `expected a mapping that begins with schema: ${REPAIR_SCHEMA}`),
    }
  } catch (error) {
    const message = error instanceof Error ? firstLine(error.message) : String(error)
    return { fault: faultAtLine('malformed', path, null, message) }
  }
}

/** The data without `x-` keys, at any depth. */
export function withoutExtensions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtensions)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith('x-'))
      .map(([key, item]) => [key, withoutExtensions(item)]),
  )
}

function issueFaults(issue: z.core.$ZodIssue, source: Source): readonly Fault[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const known = keysAt(path)
      const near = closest(key, known)
      const advice =
        near === null ? `known keys: ${known.join(', ')}; begin your own with x-` : `did you mean '${near}'?`
      return faultAtLine('malformed', source.path, lineOf(source, [...path, key]), `unknown key '${key}'; ${advice}`)
    })
  }
  const where = path.length === 0 ? '' : `${path.join('.')}: `
  return [faultAtLine('malformed', source.path, lineOf(source, path), `${where}${firstLine(issue.message)}`)]
}

/** Line of the deepest key of the path that stands in the document. */
function lineOf({ document, lines }: Source, path: readonly string[]): number {
  let node: unknown = document.contents
  let offset = document.contents?.range[0] ?? 0
  for (const key of path) {
    if (isSeq(node)) {
      node = node.items[Number(key)]
      if (isScalar(node)) offset = node.range?.[0] ?? offset
    } else if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      if (pair === undefined) break
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset
      node = pair.value
    } else break
  }
  return lines.linePos(offset).line
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text
}
