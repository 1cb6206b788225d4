/** The machine's lock of one repair file, schema `airtight/repair-lock/v1`: what was generated, what was declined, and from what. */
import { parse } from 'yaml'
import { z } from 'zod'
import type { VerifySection } from '../domain/repair.ts'
import type { KeyedEntry } from './entries.ts'
import { entriesOf, sectionsOf } from './entries.ts'
import type { Declined } from './merge.ts'
import type { Forbiddable, Remedy } from './planned.ts'
import { DEFAULT_PREFERENCE, FORBIDDABLE } from './planned.ts'
import { verifySection } from './schema.ts'
import { SECTIONS } from './sections.ts'
import { writeData } from './write.ts'

export const LOCK_SCHEMA = 'airtight/repair-lock/v1'

/** What a run was started with, so that `verify`, `check`, `diff` and `apply` need not be told again. */
export interface LockInputs {
  readonly contexts: readonly string[]
  readonly repositories: readonly string[]
  readonly host: string | null
  readonly base: string | null
  readonly index: string | null
  readonly env: string | null
  readonly implicit: readonly string[] | null
  readonly cpu: string | null
  readonly name: string | null
  /** `--prefer` and `--never`; what the policy says besides is read anew. */
  readonly prefer: readonly Remedy[] | null
  readonly never: readonly Forbiddable[]
  /** `--graft-from`, empty where it was not given. */
  readonly graftFrom: readonly string[]
}

export interface Lock {
  readonly tool: string
  /** By the context that wanted it; a context file has its own name alone. */
  readonly generated: ReadonlyMap<string, readonly KeyedEntry[]>
  readonly verify: VerifySection | null
  readonly declined: readonly Declined[]
  /** In the lock of a context only. */
  readonly inputs: LockInputs | null
  /** Payload roots of the packages by `NAME`, in the lock of a context only. */
  readonly places: Readonly<Record<string, readonly string[]>>
  /** Where other sources of grafts than the host are, by the name that grafts give them, in the lock of a context only. */
  readonly sources: Readonly<Record<string, string>>
}

const data = z.record(z.string(), z.unknown())
const entries = z.record(z.string(), data)
/** Sections by their names, the entries as they are: `env` has one level more. */
const sections = z.object({
  ...Object.fromEntries(SECTIONS.map((name) => [name, entries.optional()])),
  env: z.record(z.string(), entries).optional(),
})
const texts = z.array(z.string())

const lockFile = z.object({
  schema: z.literal(LOCK_SCHEMA),
  tool: z.string(),
  generated: z.record(z.string(), sections),
  verify: verifySection.optional(),
  declined: sections.optional(),
  inputs: z
    .object({
      contexts: texts,
      repositories: texts,
      host: z.string().nullable(),
      base: z.string().nullable(),
      index: z.string().nullable(),
      env: z.string().nullable(),
      implicit: texts.nullable(),
      cpu: z.string().nullable(),
      name: z.string().nullable(),
      prefer: z.array(z.enum(DEFAULT_PREFERENCE)).nullable().default(null),
      never: z.array(z.enum(FORBIDDABLE)).default([]),
      graft_from: texts.default([]),
    })
    .optional(),
  places: z.record(z.string(), texts).optional(),
  sources: z.record(z.string(), z.string()).optional(),
})

/** The lock in a text, null where it is none: then nothing is known of earlier runs. */
export function parseLock(text: string): Lock | null {
  let plain: unknown
  try {
    plain = parse(text, { maxAliasCount: 0, logLevel: 'error' })
  } catch {
    return null
  }
  const result = lockFile.safeParse(plain)
  if (!result.success) return null
  const { tool, generated, verify, declined, inputs, places, sources } = result.data
  return {
    tool,
    generated: new Map(Object.entries(generated).map(([name, written]) => [name, entriesOf(written)])),
    verify: verify ?? null,
    declined: entriesOf(declined ?? {}).map(({ keys, value }) => ({
      keys,
      evidence: String(value['evidence']),
      ...(typeof value['reason'] === 'string' ? { reason: value['reason'] } : {}),
    })),
    inputs: inputs === undefined ? null : inputsOf(inputs),
    places: places ?? {},
    sources: sources ?? {},
  }
}

function inputsOf({ graft_from: graftFrom, ...inputs }: NonNullable<z.infer<typeof lockFile>['inputs']>): LockInputs {
  return { ...inputs, graftFrom }
}

/** The text of a lock. */
export function writeLock(lock: Lock): string {
  const declined = lock.declined.map(({ keys, evidence, reason }) => ({
    keys,
    value: { evidence, ...(reason === undefined ? {} : { reason }) },
  }))
  const text = writeData({
    schema: LOCK_SCHEMA,
    tool: lock.tool,
    generated: Object.fromEntries([...lock.generated].map(([name, entries]) => [name, sectionsOf(entries)])),
    ...(lock.verify === null ? {} : { verify: lock.verify }),
    ...(declined.length === 0 ? {} : { declined: sectionsOf(declined) }),
    ...(lock.inputs === null ? {} : { inputs: writtenInputs(lock.inputs) }),
    ...(Object.keys(lock.places).length === 0 ? {} : { places: lock.places }),
    ...(Object.keys(lock.sources).length === 0 ? {} : { sources: lock.sources }),
  })
  return `# Written by airtight repair; edit the repair file instead. A reason may be added below declined.\n${text}`
}

function writtenInputs({ graftFrom, ...inputs }: LockInputs): object {
  return graftFrom.length === 0 ? inputs : { ...inputs, graft_from: graftFrom }
}
