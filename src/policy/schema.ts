/** The shape of airtight.yaml: one schema gives the types, the check and the published JSON Schema. */
import { z } from 'zod'
import type { RepairHint, Severity } from '../domain/audit.ts'
import type { SuppressionDemand } from './policy.ts'

const POLICY_SCHEMA = 'airtight/policy/v1'

const text = z.string().min(1)
const texts = z.array(text)
/** A list adds to what was inherited; `override` replaces it. */
const list = z.union([texts, z.strictObject({ override: texts })])
const oneOrMore = z.union([text, texts.min(1)])
const severity = z.enum(['error', 'warn', 'note', 'off'])
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date such as 2027-01-31')

/** Which findings an entry is about; all that is given must hold. */
const where = z.strictObject({
  package: oneOrMore.optional().describe('names of packages, globs allowed'),
  version: text.optional().describe('a range of versions as Rez writes it, such as 2024+<2026'),
  variant: z.int().min(0).optional().describe('index of the variant'),
  subject: oneOrMore.optional().describe('what the finding is about, such as a soname; globs allowed'),
  file: oneOrMore.optional().describe('globs over paths inside the package; every witness must match'),
  context: oneOrMore.optional().describe('names of contexts, globs allowed; every context must match'),
  world: z.enum(['host', 'base', 'both']).optional(),
  fingerprint: text.optional(),
})

const setting = z.strictObject({ severity, when: where.optional() })
const settings = z.union([severity, setting, z.array(setting).min(1)])
const demand = z.enum(['reason', 'owner', 'ticket', 'expires'])

const allow = z.strictObject({
  from: z.enum(['base', 'host', 'driver']).optional().describe('where it may come from; base unless said'),
  sonames: list.optional().describe('sonames, globs allowed'),
  must_exist: z.boolean().optional().describe('it is a fault when the base lacks one'),
  reason: text.optional(),
  source: text.optional(),
})

const driver = z.strictObject({
  sonames: list.optional(),
  device: text.optional().describe('the CDI device that brings them, such as nvidia.com/gpu=all'),
  stubs: list.optional().describe('globs over paths of link-time stubs'),
  reason: text.optional(),
  source: text.optional(),
})

const plugin = z.strictObject({
  match: list.optional().describe('globs over paths inside a package'),
  host: text.optional().describe('file name of the program that opens them'),
  reason: text.optional(),
  source: text.optional(),
})

const suppression = z.strictObject({
  rule: text,
  where,
  reason: text.optional(),
  owner: text.optional(),
  ticket: text.optional(),
  expires: date.optional(),
})

const packageSettings = z.strictObject({
  payload: list.optional().describe('further payload folders; {version}, {version.major} are filled in'),
  rules: z.record(text, settings).optional(),
  vendor: z.boolean().optional().describe('a vendor made its files: what only a change of them would clear is a note'),
})

const repairKinds = [
  'os-package',
  'graft',
  'requires',
  'environment',
  'rpath',
  'symlink',
  'bind',
  'exclude',
  'advice',
] as const

/** What touches files of packages or copies files: a studio may forbid these. */
const forbiddable = ['os-package', 'graft', 'rpath', 'symlink', 'exclude'] as const

const shape = z.strictObject({
  schema: z.literal(POLICY_SCHEMA),
  extends: texts.optional().describe('files relative to this one, or builtin:NAME'),
  host: text.optional(),
  base: text.optional(),
  repos: list.optional(),
  baseline: text.optional(),
  allow: z.record(text, allow).optional(),
  drivers: z.record(text, driver).optional(),
  singletons: z.record(text, list).optional().describe('libraries of which one process may hold one copy only'),
  plugins: z.record(text, plugin).optional(),
  private_dirs: list.optional(),
  ignore_paths: list.optional(),
  rules: z.record(text, settings).optional().describe('severities by id or name of a rule'),
  remedies: z.record(text, text).optional().describe('a sentence of your own for what a rule finds'),
  require: z
    .strictObject({
      suppression: z.array(demand).optional(),
      max_age_days: z.int().min(1).optional(),
    })
    .optional(),
  suppress: z.array(suppression).optional(),
  packages: z.record(text, packageSettings).optional(),
  repair: z
    .strictObject({
      prefer: z.array(z.enum(repairKinds)).min(1).optional().describe('kinds of repairs, the preferred first'),
      never: z.array(z.enum(forbiddable)).optional().describe('kinds of repairs that are not planned'),
      graft_from: texts
        .min(1)
        .optional()
        .describe('where copies of libraries come from, best first: host, another base or a package, as NAME=SOURCE'),
    })
    .optional(),
  parent_environment: z
    .record(text, z.union([z.string(), z.null()]))
    .optional()
    .describe('variables of the shell that starts a context; null where it has none of that name'),
  runtime: z
    .strictObject({
      mounts: list.optional().describe('SRC, SRC:DEST or SRC:DEST:ro'),
      licence_variables: list.optional(),
    })
    .optional(),
})

export type ListFile = string[] | { override: string[] }
export type NamesFile = string | string[]
type Maybe<T> = T | undefined

export interface WhereFile {
  package?: Maybe<NamesFile>
  version?: Maybe<string>
  variant?: Maybe<number>
  subject?: Maybe<NamesFile>
  file?: Maybe<NamesFile>
  context?: Maybe<NamesFile>
  world?: Maybe<'host' | 'base' | 'both'>
  fingerprint?: Maybe<string>
}

export interface SettingFile {
  severity: Severity
  when?: Maybe<WhereFile>
}

export type SettingsFile = Severity | SettingFile | SettingFile[]

export interface SuppressionFile {
  rule: string
  where: WhereFile
  reason?: Maybe<string>
  owner?: Maybe<string>
  ticket?: Maybe<string>
  expires?: Maybe<string>
}

/** Entries of maps by name share these fields; each map has some of them. */
interface EntryFile {
  reason?: Maybe<string>
  source?: Maybe<string>
}

/** airtight.yaml as it stands in the file; the compiler holds it equal to the schema. */
export interface PolicyFile {
  schema: typeof POLICY_SCHEMA
  extends?: Maybe<string[]>
  host?: Maybe<string>
  base?: Maybe<string>
  repos?: Maybe<ListFile>
  baseline?: Maybe<string>
  allow?: Maybe<
    Record<
      string,
      EntryFile & {
        from?: Maybe<'base' | 'host' | 'driver'>
        sonames?: Maybe<ListFile>
        must_exist?: Maybe<boolean>
      }
    >
  >
  drivers?: Maybe<
    Record<string, EntryFile & { sonames?: Maybe<ListFile>; device?: Maybe<string>; stubs?: Maybe<ListFile> }>
  >
  singletons?: Maybe<Record<string, ListFile>>
  plugins?: Maybe<Record<string, EntryFile & { match?: Maybe<ListFile>; host?: Maybe<string> }>>
  private_dirs?: Maybe<ListFile>
  ignore_paths?: Maybe<ListFile>
  rules?: Maybe<Record<string, SettingsFile>>
  remedies?: Maybe<Record<string, string>>
  require?: Maybe<{ suppression?: Maybe<SuppressionDemand[]>; max_age_days?: Maybe<number> }>
  suppress?: Maybe<SuppressionFile[]>
  packages?: Maybe<
    Record<string, { payload?: Maybe<ListFile>; rules?: Maybe<Record<string, SettingsFile>>; vendor?: Maybe<boolean> }>
  >
  repair?: Maybe<{
    prefer?: Maybe<RepairHint['kind'][]>
    never?: Maybe<(typeof forbiddable)[number][]>
    graft_from?: Maybe<string[]>
  }>
  parent_environment?: Maybe<Record<string, string | null>>
  runtime?: Maybe<{ mounts?: Maybe<ListFile>; licence_variables?: Maybe<ListFile> }>
}

/** The schema that a policy file is checked against. */
export const policyFile: z.ZodType<PolicyFile> = shape

/** JSON Schema (2020-12) of airtight.yaml, for editors. */
export function policyJsonSchema(): object {
  const schema = z.toJSONSchema(shape, { io: 'input' })
  return { $id: 'urn:airtight:policy:v1', title: POLICY_SCHEMA, ...schema, patternProperties: { '^x-': {} } }
}
