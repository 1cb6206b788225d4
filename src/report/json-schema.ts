/** The frozen schema of the audit document, airtight/audit/v1: what a saved audit is checked against. */
import { z } from 'zod'
import type { AuditDocument } from './document.ts'
import { AUDIT_SCHEMA } from './document.ts'

const index = z.int().min(0)
const text = z.string()
const texts = z.array(text)
const world = z.enum(['host', 'base'])
const hows = [
  'root',
  'loaded',
  'path',
  'preload',
  'rpath',
  'library-path',
  'runpath',
  'cache',
  'default',
  'interpreter',
  'musl-libc',
] as const

const system = z.strictObject({
  label: text,
  os: text.nullable(),
  libc: text.nullable(),
  declared: z.boolean(),
  notes: texts,
})

const context = z.strictObject({
  name: text,
  requests: texts,
  packages: z.array(index),
  subjects: z.array(index).exactOptional(),
  environment: z.record(text, text),
  aliases: z.record(text, text),
  unevaluated: z.array(z.strictObject({ file: text, line: index, code: text, reason: text })),
  files: index,
  objects: index,
  ignored: index,
  unopened: z.record(text, index),
  notes: texts,
})

const summary = z.strictObject({
  packages: index,
  objects: index,
  elf_files: index,
  findings: z.strictObject({ error: index, warn: index, note: index }),
  rules: z.record(text, z.strictObject({ name: text, subjects: index, findings: index })),
  suppressed: index.exactOptional(),
  baseline: z
    .strictObject({ file: text, new: index, known: index, fixed: index, expired: index, gone: texts })
    .exactOptional(),
  faults: index,
  incomplete: texts,
  not_judged: texts,
  notes: texts,
})

const packages = z.strictObject({
  name: text,
  version: text,
  variant: index.nullable(),
  root: text,
  payload: texts,
  requires: texts,
  tools: texts,
  environment: z.array(z.strictObject({ name: text, value: text })),
  definition: text.exactOptional(),
  lines: z.record(text, index).exactOptional(),
})

const object = z.strictObject({
  path: text,
  owner: index.nullable(),
  world: world.nullable(),
  os_package: text.nullable(),
  role: z.enum(['program', 'library', 'plugin', 'python-module']).nullable(),
  public: z.boolean(),
  foreign: z.boolean(),
  soname: text.nullable(),
  build_id: text.nullable(),
  size: index,
  sha256: text.exactOptional(),
})

const candidate = z.strictObject({
  stage: z.enum(hows),
  folder: index,
  file: text.exactOptional(),
  verdict: z.enum([
    'won',
    'absent',
    'unreadable',
    'wrong-class',
    'wrong-machine',
    'wrong-flags',
    'kernel-too-new',
    'below-system-folder',
    'list-ended',
    'fatal',
  ]),
  origin: index.exactOptional(),
  reason: text.exactOptional(),
})

const binding = z.strictObject({
  context: index,
  object: index,
  world,
  name: index,
  file: index.nullable(),
  how: z.enum([...hows, 'missing']),
  provider: z.enum(['own', 'required', 'unrequired', 'base', 'host', 'driver']).nullable(),
  optional: z.literal(true).exactOptional(),
  alone: z.literal(true).exactOptional(),
  met_elsewhere: z.literal(true).exactOptional(),
  by_accident: z.literal(true).exactOptional(),
  trail: z.array(candidate).exactOptional(),
})

const finding = z.strictObject({
  rule: text,
  name: text,
  severity: z.enum(['error', 'warn', 'note']),
  confidence: z.enum(['exact', 'inferred', 'heuristic']),
  contexts: texts,
  world: z.enum(['host', 'base', 'both']),
  package: text.nullable(),
  variant: index.nullable(),
  subject: text,
  message: text,
  objects: texts,
  evidence: z.record(text, z.unknown()),
  repairs: z.array(index),
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  suppressed: z
    .strictObject({
      reason: text.nullable(),
      owner: text.nullable(),
      ticket: text.nullable(),
      expires: text.nullable(),
      file: text,
      line: index.nullable(),
    })
    .exactOptional(),
  baseline: z.enum(['new', 'known']).exactOptional(),
})

const repair = z.strictObject({
  kind: z.enum(['os-package', 'graft', 'requires', 'environment', 'rpath', 'symlink', 'bind', 'exclude', 'advice']),
  target: text,
  text,
})

const fault = z.strictObject({
  kind: z.enum(['missing', 'unreadable', 'truncated', 'malformed', 'unsupported']),
  file: text,
  offset: index.nullable(),
  line: index.nullable(),
  message: text,
})

const document = z.strictObject({
  schema: z.literal(AUDIT_SCHEMA),
  tool: text,
  contexts: z.array(context),
  base: system.nullable(),
  host: system.nullable(),
  summary,
  packages: z.array(packages),
  names: texts,
  folders: texts,
  objects: z.array(object),
  bindings: z.array(binding),
  findings: z.array(finding),
  repairs: z.array(repair),
  faults: z.array(fault),
})

/** The schema as zod knows it; the type of {@link AuditDocument} and this one are held equal by the compiler. */
const auditDocumentSchema: z.ZodType<AuditDocument> = document

/** JSON Schema (2020-12) of the audit document. */
export function auditJsonSchema(): object {
  const schema = z.toJSONSchema(document, { io: 'input' })
  return { $id: 'urn:airtight:audit:v1', title: AUDIT_SCHEMA, ...schema, patternProperties: { '^x-': {} } }
}

/**
 * Checks a saved audit: shape, and that each index leads somewhere. Top-level `x-` keys are dropped.
 *
 * @returns the document, or the first thing that is wrong with its place in the file
 */
export function parseAuditDocument(data: unknown): AuditDocument | { readonly problem: string } {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return { problem: 'is no audit document' }
  const known = Object.fromEntries(Object.entries(data).filter(([key]) => !key.startsWith('x-')))
  if (known['schema'] !== AUDIT_SCHEMA) {
    return { problem: `schema: expected ${AUDIT_SCHEMA}, this says ${String(known['schema'] ?? 'nothing')}` }
  }
  const result = auditDocumentSchema.safeParse(known)
  if (!result.success) {
    const issue = result.error.issues[0]
    return { problem: `${issue?.path.map(String).join('.') || 'document'}: ${issue?.message ?? 'is malformed'}` }
  }
  const problem = danglingIndex(result.data)
  return problem === null ? result.data : { problem }
}

/** An index that leads nowhere would make a report silently poorer. */
function danglingIndex(audit: AuditDocument): string | null {
  const outside = (at: number | null, list: readonly unknown[]): boolean => at !== null && at >= list.length
  const { contexts, packages: items, objects, names, folders, bindings, findings, repairs } = audit
  const wrong = (kind: string, at: number): string => `${kind}.${at}: an index leads nowhere`
  const context = contexts.findIndex((entry) =>
    [...entry.packages, ...(entry.subjects ?? [])].some((at) => outside(at, items)),
  )
  if (context >= 0) return wrong('contexts', context)
  const owned = objects.findIndex((entry) => outside(entry.owner, items))
  if (owned >= 0) return wrong('objects', owned)
  const bound = bindings.findIndex(
    (entry) =>
      outside(entry.context, contexts) ||
      outside(entry.object, objects) ||
      outside(entry.name, names) ||
      outside(entry.file, objects) ||
      (entry.trail ?? []).some((step) => outside(step.folder, folders) || outside(step.origin ?? null, objects)),
  )
  if (bound >= 0) return wrong('bindings', bound)
  const found = findings.findIndex((entry) => entry.repairs.some((at) => outside(at, repairs)))
  return found >= 0 ? wrong('findings', found) : null
}
