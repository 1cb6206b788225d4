/** What the helper answers, checked: it comes from another program, and from the packages that it runs. */
import { z } from 'zod'
import type { Parsed } from '../version/parse-error.ts'

/** A package of an answer. */
export interface AskedPackage {
  readonly name: string
  readonly version: string
  readonly index: number | null
  readonly root: string | null
  readonly base: string | null
  readonly location: string | null
  readonly repository_type: string | null
  readonly extension: string | null
  readonly requires: readonly string[]
  readonly tools: readonly string[]
}

/** A context of an answer. */
export interface AskedContext {
  readonly packages: readonly AskedPackage[]
  readonly requests: readonly string[]
  /** Null where a command failed, which `environment_error` says. */
  readonly environment: Readonly<Record<string, string>> | null
  readonly environment_error: string | null
  readonly aliases: readonly (readonly [string, string])[]
}

const PACKAGE: z.ZodType<AskedPackage> = z.object({
  name: z.string(),
  version: z.string(),
  index: z.int().nonnegative().nullable(),
  root: z.string().nullable(),
  base: z.string().nullable(),
  location: z.string().nullable(),
  repository_type: z.string().nullable(),
  extension: z.string().nullable(),
  requires: z.array(z.string()),
  tools: z.array(z.string()),
})

const RESOLVED: z.ZodType<AskedContext> = z.object({
  packages: z.array(PACKAGE),
  requests: z.array(z.string()),
  environment: z.record(z.string(), z.string()).nullable(),
  environment_error: z.string().nullable(),
  aliases: z.array(z.tuple([z.string(), z.string()])),
})

const REFUSED: z.ZodType<{ readonly error: string }> = z.object({ error: z.string() })

/** The answers in the order of the tasks. */
export interface RezAnswers {
  /** Version of Rez. */
  readonly rez: string
  readonly answers: readonly (AskedContext | { readonly error: string })[]
}

const ANSWERS: z.ZodType<RezAnswers> = z.object({ rez: z.string(), answers: z.array(z.union([RESOLVED, REFUSED])) })

/** The answers in `text`, as many as there were tasks; an error in one line where they are of another shape. */
export function readAnswers(text: string, tasks: number): Parsed<RezAnswers> {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    const begin = text.trim().slice(0, 60)
    return { error: begin === '' ? 'Rez answered nothing' : `Rez answered no JSON: ${begin}` }
  }
  const read = ANSWERS.safeParse(data)
  if (!read.success) {
    const [issue] = read.error.issues
    return { error: `Rez answered in another shape: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` }
  }
  const { answers } = read.data
  if (answers.length !== tasks) return { error: `Rez gave ${answers.length} answers to ${tasks} questions` }
  return read.data
}
