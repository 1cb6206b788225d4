/** Looks into a zod schema: what stands at a path, and which keys are known there. */
import { z } from 'zod'

/** The schema at a path of data; null where the path leaves what the schema knows. */
export function schemaAt(schema: unknown, path: readonly (string | number)[]): unknown {
  let at: unknown = schema
  for (const key of path) {
    const options = branches(at)
    at = null
    for (const option of options) {
      const below = step(option, key)
      if (below !== null) at = below
    }
    if (at === null) return null
  }
  return at
}

/** Every key that the schema knows at its top. */
export function keysOf(schema: unknown): readonly string[] {
  return branches(schema).flatMap((option) => (option instanceof z.ZodObject ? Object.keys(option.shape) : []))
}

function step(schema: unknown, key: string | number): unknown {
  if (schema instanceof z.ZodObject) return (schema.shape as Record<string, unknown>)[String(key)] ?? null
  if (schema instanceof z.ZodRecord) return schema.valueType
  if (schema instanceof z.ZodArray) return schema.element
  return null
}

/** The forms a value may have, wrappers taken off. */
function branches(schema: unknown): readonly unknown[] {
  if (schema instanceof z.ZodOptional) return branches(schema.unwrap())
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(branches)
  return [schema]
}
