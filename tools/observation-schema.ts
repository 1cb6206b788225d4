/** The schema of what `observe` writes as JSON, airtight/observation/v1. What `--log` reads back is a part of it. */
import { z } from 'zod'
import type { ObservationDocument } from '../src/report/observation.ts'
import { OBSERVATION_SCHEMA } from '../src/runtime/observation-file.ts'

const text = z.string()
const texts = z.array(text)
const count = z.int().min(0)

const load = z.strictObject({
  name: text,
  file: text.nullable().describe('null for what was not found'),
  by: text.nullable().describe('the object that asked; null for the program itself, and where that is not known'),
  opened: z.boolean().nullable().describe('asked for with dlopen; null where that is not known'),
  how: z.enum(['path', 'rpath', 'runpath', 'library-path', 'cache', 'default', 'other']).nullable(),
  outcome: z.enum(['loaded', 'again', 'missing']),
  owner: text.nullable().exactOptional().describe('NAME-VERSION; absent where no context was named'),
})

const document = z.strictObject({
  schema: z.literal(OBSERVATION_SCHEMA),
  tool: text,
  command: texts.exactOptional(),
  exit: z.int().exactOptional(),
  processes: z.array(
    z.strictObject({
      pid: z.int().nullable(),
      parent: z.int().nullable(),
      name: text,
      program: text.nullable(),
      source: z.enum(['trace', 'maps']),
      loads: z.array(load),
    }),
  ),
  comparisons: z
    .array(
      z.strictObject({
        context: text,
        world: z.enum(['host', 'base']),
        system: text,
        asked: count,
        agreed: count,
        files: count,
        unnamed: texts,
      }),
    )
    .exactOptional(),
  findings: z
    .array(
      z.strictObject({
        rule: text,
        name: text,
        severity: z.enum(['error', 'warn', 'note']),
        confidence: z.enum(['exact', 'inferred', 'heuristic']),
        contexts: texts,
        package: text.nullable(),
        subject: text,
        message: text,
        objects: texts,
        evidence: z.record(text, z.unknown()),
        repairs: texts,
        fingerprint: text,
        suppressed: z.boolean(),
      }),
    )
    .exactOptional(),
  faults: texts,
  notes: texts,
})

/** Held equal to {@link ObservationDocument} by the compiler. */
export const observationDocumentSchema: z.ZodType<ObservationDocument> = document

/** JSON Schema (2020-12) of the document. */
export function observationJsonSchema(): object {
  return {
    $id: 'urn:airtight:observation:v1',
    title: OBSERVATION_SCHEMA,
    ...z.toJSONSchema(document, { io: 'input' }),
  }
}
