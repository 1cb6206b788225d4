/** The schema of what `diff` writes as JSON, airtight/diff/v1: nothing of Airtight reads it back, so only schemas/ needs it. */
import { z } from 'zod'
import type { DiffDocument } from '../src/report/diff/document.ts'
import { DIFF_SCHEMA } from '../src/report/diff/document.ts'

const text = z.string()
const texts = z.array(text)

const side = z.strictObject({ tool: text, contexts: texts, host: text.nullable(), base: text.nullable() })

const file = z.strictObject({
  path: text,
  owner: text,
  build_id: text.nullable(),
  sha256: text.nullable(),
  size: z.int().min(0),
})

const change = z.strictObject({
  kind: z.enum(['lost', 'found', 'file', 'content', 'owner', 'asked', 'dropped']),
  world: z.enum(['host', 'base']),
  name: text,
  old: file.nullable(),
  new: file.nullable(),
  direct: texts,
  indirect: texts,
})

const finding = z.strictObject({
  rule: text,
  name: text,
  severity: z.enum(['error', 'warn', 'note']),
  package: text.nullable(),
  subject: text,
  message: text,
  fingerprint: text,
})

const document = z.strictObject({
  schema: z.literal(DIFF_SCHEMA),
  old: side,
  new: side,
  packages: z.strictObject({
    added: texts,
    removed: texts,
    changed: z.array(z.strictObject({ name: text, old: text, new: text })),
  }),
  changes: z.array(change),
  findings: z.strictObject({ new: z.array(finding), gone: z.array(finding) }),
  notes: texts,
})

/** Held equal to {@link DiffDocument} by the compiler. */
export const diffDocumentSchema: z.ZodType<DiffDocument> = document

/** JSON Schema (2020-12) of the document. */
export function diffJsonSchema(): object {
  return { $id: 'urn:airtight:diff:v1', title: DIFF_SCHEMA, ...z.toJSONSchema(document, { io: 'input' }) }
}
