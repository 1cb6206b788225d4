/** The schema of what `migrate` writes as JSON, airtight/migration/v1: nothing of Airtight reads it back, so only schemas/ needs it. */
import { z } from 'zod'
import type { MigrationPlan } from '../src/migrate/document.ts'
import { MIGRATION_SCHEMA, VERDICTS } from '../src/migrate/document.ts'

const text = z.string()
const texts = z.array(text)
const count = z.int().min(0)

const change = z.strictObject({
  soname: text,
  kind: z.enum(['package', 'bumped', 'gone', 'unknown', 'versions', 'before']),
  solution: z.enum(['os-package', 'graft', 'rebuild', 'unknown', 'none']),
  reason: text,
  os_package: text.nullable(),
  instead: texts,
  versions: texts,
  objects: texts,
  file: text.nullable(),
  grade: text.nullable(),
  source: text.nullable(),
})

const row = z.strictObject({
  package: text,
  variant: z.int().nullable(),
  verdict: z.enum(VERDICTS),
  objects: count,
  changes: z.array(change),
  waits_for: texts,
})

const finding = z.looseObject({ rule: text, severity: text, subject: text, message: text, fingerprint: text })

const target = z.strictObject({
  base: text,
  os: text.nullable(),
  libc: text.nullable(),
  profile: z.boolean(),
  packages: z.array(row),
  totals: z.record(z.enum(VERDICTS), count),
  os_packages: z.array(z.strictObject({ name: text, sonames: texts, packages: texts })),
  grafts: z.array(z.strictObject({ soname: text, files: texts, packages: texts })),
  waves: z.array(texts),
  spared: texts,
  shared: z.array(z.strictObject({ soname: text, packages: texts })),
  findings: z.array(finding),
})

const plan = z.strictObject({
  schema: z.literal(MIGRATION_SCHEMA),
  tool: text,
  contexts: texts,
  from: z.strictObject({ base: text, os: text.nullable(), libc: text.nullable() }),
  prefer: z.enum(['graft', 'rebuild']),
  targets: z.array(target),
  notes: texts,
  incomplete: texts,
})

/** Whether a document of the program's own type meets the schema: the compiler holds the two together. */
export function meetsSchema(document: MigrationPlan): boolean {
  return plan.safeParse(document).success
}

/** JSON Schema (2020-12) of a migration plan. */
export function migrationJsonSchema(): object {
  return { $id: 'urn:airtight:migration:v1', title: MIGRATION_SCHEMA, ...z.toJSONSchema(plan, { io: 'input' }) }
}
