/** A saved observation, schema airtight/observation/v1: what `observe --format json` writes and `--log` reads again. */
import { z } from 'zod'
import type { Observation } from '../domain/observed.ts'

export const OBSERVATION_SCHEMA = 'airtight/observation/v1'

const path = z.string().nullable()
const load = z.object({
  name: z.string(),
  file: path,
  by: path.describe('the object that asked; null for the program itself, and where that is not known'),
  opened: z.boolean().nullable().describe('asked for with dlopen; null where that is not known'),
  how: z.enum(['path', 'rpath', 'runpath', 'library-path', 'cache', 'default', 'other']).nullable(),
  outcome: z.enum(['loaded', 'again', 'missing']),
})

const shape = z.object({
  schema: z.literal(OBSERVATION_SCHEMA),
  processes: z.array(
    z.object({
      pid: z.int().nullable(),
      parent: z.int().nullable(),
      name: z.string(),
      program: path,
      source: z.enum(['trace', 'maps']),
      loads: z.array(load),
    }),
  ),
  notes: z.array(z.string()),
})

/** The processes of a saved observation, or in one line why it cannot be read. */
export function readObservation(text: string): Pick<Observation, 'processes' | 'notes'> | { readonly error: string } {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return { error: 'begins like JSON and is none' }
  }
  const read = shape.safeParse(data)
  if (read.success) return { processes: read.data.processes, notes: read.data.notes }
  const [first = ''] = read.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`)
  return { error: `is no ${OBSERVATION_SCHEMA}: ${first}` }
}
