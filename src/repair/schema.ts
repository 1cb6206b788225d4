/** The format of repair files, schema `airtight/repair/v1`: what is checked when one is read, and what editors complete. */
import { z } from 'zod'
import type { RepairFile, VerifySection } from '../domain/repair.ts'
import type { SectionName } from './sections.ts'
import { SECTIONS } from './sections.ts'

export const REPAIR_SCHEMA = 'airtight/repair/v1'

const text = z.string().min(1)
const texts = z.array(text)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected the 64 hex digits of a sha256')
const fixes = z.array(z.string().regex(/^[A-Z]{3}\d{3}$/, 'expected the id of a rule, such as HST002')).optional()

/** Fields of every entry that a run may write. */
const common = { fixes, because: text.optional(), pin: z.boolean().optional() }

const entrySchemas = {
  os_packages: z.strictObject({
    manager: z.enum(['rpm', 'dpkg', 'apk']),
    version: text.optional(),
    repo: text.optional(),
    provides: texts,
    ...common,
  }),
  grafts: z.strictObject({
    source: z.strictObject({
      kind: z.enum(['host', 'base', 'package', 'archive']),
      ref: text.optional(),
      path: z.string().startsWith('/', 'expected an absolute path inside the source'),
    }),
    sha256,
    build_id: z
      .string()
      .regex(/^[0-9a-f]+$/, 'expected a build id in hex')
      .optional(),
    dest: z.string().startsWith('{graft}/', 'expected a path below {graft}'),
    symlinks: z.record(text, text).optional(),
    rpath: texts.optional(),
    visible_to: texts.min(1),
    closure: texts.optional(),
    licence: z.strictObject({
      package: text.optional(),
      redistribution: z.enum(['review', 'allowed', 'forbidden']),
    }),
    ...common,
  }),
  requires: z.strictObject({
    range: z.string(),
    found: z.string(),
    confidence: z.enum(['exact', 'inferred', 'heuristic']),
    ...common,
  }),
  env: z.strictObject({ op: z.enum(['append', 'prepend', 'remove', 'set']), ...common }),
  rpath: z.strictObject({
    // An empty element is one of the faults that an entry mends.
    guard: z.strictObject({ sha256, runpath: z.array(z.string()) }),
    set: z.strictObject({ tag: z.enum(['runpath', 'rpath']), value: texts }),
    ...common,
  }),
  symlinks: z.strictObject({ target: text, ...common }),
  binds: z.strictObject({ cdi: text.optional(), sonames: texts, ...common }),
  remove_files: z.strictObject({ reason: text, sha256, ...common }),
  accept: z.strictObject({
    rule: text,
    where: z.strictObject({ package: text.optional(), subject: text.optional(), file: text.optional() }).optional(),
    reason: text,
    owner: text.optional(),
    ticket: text.optional(),
    expires: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a day, such as "2027-06-30"')
      .optional(),
  }),
}

const verify = z.strictObject({
  resolve: texts.optional(),
  run: z.record(text, texts.min(1)).optional(),
  expect: z.strictObject({ errors: z.number().int().min(0).optional() }).optional(),
})
export const verifySection: z.ZodType<VerifySection> = verify as unknown as z.ZodType<VerifySection>

const packageSubject = z.strictObject({ package: text, version: z.string().optional(), variant: texts.optional() })
const contextSubject = z.strictObject({ context: text, requests: texts, packages: z.record(text, z.string()) })

const shared = {
  schema: z.literal(REPAIR_SCHEMA),
  base: z.strictObject({ name: text, image: text.optional() }).optional(),
  includes: texts.optional(),
  os_packages: z.record(text, entrySchemas.os_packages).optional(),
  grafts: z.record(text, entrySchemas.grafts).optional(),
  requires: z.record(text, entrySchemas.requires).optional(),
  env: z.record(text, z.record(text, entrySchemas.env)).optional(),
  rpath: z.record(text, entrySchemas.rpath).optional(),
  symlinks: z.record(text, entrySchemas.symlinks).optional(),
  binds: z.record(text, entrySchemas.binds).optional(),
  remove_files: z.record(text, entrySchemas.remove_files).optional(),
  accept: z.record(text, entrySchemas.accept).optional(),
  verify: verify.optional(),
}

const packageFile = z.strictObject({ ...shared, kind: z.literal('package'), subject: packageSubject })
const contextFile = z.strictObject({ ...shared, kind: z.literal('context'), subject: contextSubject })

/** The schema of a whole file, without `x-` keys. */
export const repairFileSchema: z.ZodType<RepairFile & { schema: typeof REPAIR_SCHEMA }> = z.discriminatedUnion('kind', [
  packageFile,
  contextFile,
]) as unknown as z.ZodType<RepairFile & { schema: typeof REPAIR_SCHEMA }>

/** Top keys in the order in which they are written. */
export const TOP_KEYS: readonly string[] = ['schema', 'kind', 'subject', 'base', 'includes', ...SECTIONS, 'verify']

/** Fields of an entry in the order in which they are written. */
export function entryKeys(section: SectionName): readonly string[] {
  return Object.keys(entrySchemas[section].shape)
}

/** The JSON Schema of repair files; `x-` keys are allowed everywhere a key of our own stands. */
export function repairJsonSchema(): Record<string, unknown> {
  const made = z.toJSONSchema(z.discriminatedUnion('kind', [packageFile, contextFile]), { io: 'input' })
  return {
    ...(withExtensions(made) as Record<string, unknown>),
    $id: 'urn:airtight:repair:v1',
    title: 'A repair file of Airtight',
  }
}

/** Objects that forbid other keys let those through that begin with `x-`. */
function withExtensions(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withExtensions)
  if (node === null || typeof node !== 'object') return node
  const out = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withExtensions(value)]))
  if (out['additionalProperties'] === false) return { ...out, patternProperties: { '^x-': {} } }
  return out
}
