/** Reads rules/bases and rules/sonames, and makes the module of what is known of built-in bases. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { HistoryEntry, Profile } from '../src/system/profile-types.ts'

const root = join(import.meta.dirname, '..')
const text = z.string().min(1)
const grade = z.enum(['sourced', 'derived', 'unverified'])
const sources = z.record(text, text)
const versions = z.partialRecord(
  z.enum(['GLIBC', 'GLIBCXX', 'CXXABI', 'GCC', 'ZLIB', 'LIBATOMIC']),
  z.array(text).min(1),
)

const basesFile = z.strictObject({
  schema: z.literal('airtight/bases/v1'),
  sources,
  version_sets: z
    .array(z.strictObject({ name: text, source: text, extends: text.optional(), versions: versions }))
    .optional(),
  bases: z.array(
    z.strictObject({
      name: text.regex(/^[a-z][a-z0-9_-]*$/),
      title: text,
      image: text.optional(),
      os: z.strictObject({ id: text, version: text }).optional(),
      history: text.optional(),
      glibc: z.strictObject({ version: text.regex(/^\d+\.\d+$/), grade, source: text }).optional(),
      versions: text.optional(),
      adds: versions.optional(),
      complete: z.record(text, text).optional(),
      library_path: z.array(text).optional(),
      allowed: z.array(text).optional(),
      facts: z.array(z.strictObject({ item: text, version: text, grade, source: text })).min(1),
    }),
  ),
})

const fact = z.strictObject({
  package: text.optional(),
  gone: z.literal(true).optional(),
  version: text.optional(),
  repository: text.optional(),
  now: text.optional(),
  grade,
  source: text,
})

const sonamesFile = z.strictObject({
  schema: z.literal('airtight/sonames/v1'),
  name: text,
  releases: z.array(text).min(1),
  sources,
  sonames: z.array(
    z
      .strictObject({
        names: z.array(text).min(1),
        note: text.optional(),
        never_carry: text.optional(),
        stable: text.optional(),
        grade: grade.optional(),
        since: z.record(text, text).optional(),
      })
      .catchall(fact),
  ),
})

function files(folder: string): string[] {
  return readdirSync(join(root, 'rules', folder))
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(root, 'rules', folder, name))
}

function read<T>(schema: z.ZodType<T>, path: string): T {
  const result = schema.safeParse(parse(readFileSync(path, 'utf8')))
  if (!result.success) throw new Error(`${path}: ${z.prettifyError(result.error)}`)
  return result.data
}

/** A source by its short name, or as it is written; a word that stands for nothing is a mistake. */
function sourceText(path: string, table: Readonly<Record<string, string>>, name: string): string {
  const found = table[name]
  if (found === undefined && /^\w+$/.test(name)) throw new Error(`${path}: no source is called ${name}`)
  return found ?? name
}

type Versions = Readonly<Record<string, readonly string[]>>

interface VersionSet {
  readonly versions: Versions
  readonly source: string
}

function joined(a: Versions, b: Versions): Versions {
  const all: Record<string, readonly string[]> = { ...a }
  for (const [family, names] of Object.entries(b)) all[family] = [...(all[family] ?? []), ...names]
  return all
}

/** GLIBC nodes up to the version of the C library: a set may be that of a newer one. */
function upTo(sets: Versions, version: string): Versions {
  const rank = (text: string): number => {
    const [major = '0', minor = '0', patch = '0'] = text.split('.')
    return Number(major) * 1e6 + Number(minor) * 1e3 + Number(patch)
  }
  const { GLIBC: nodes = [], ...others } = sets
  return { GLIBC: nodes.filter((node) => rank(node) <= rank(version)), ...others }
}

/** Every built-in base, sorted by name. */
export function readProfiles(): readonly Profile[] {
  const documents = files('bases').map((path) => ({ path, ...read(basesFile, path) }))
  const sets = new Map<string, VersionSet>()
  for (const { path, sources: table, version_sets: list } of documents) {
    for (const set of list ?? []) {
      const below = set.extends === undefined ? undefined : sets.get(set.extends)
      if (set.extends !== undefined && below === undefined) throw new Error(`${path}: no set is called ${set.extends}`)
      sets.set(set.name, {
        versions: joined(below?.versions ?? {}, set.versions),
        source: `${sourceText(path, table, set.source)} (${set.name})`,
      })
    }
  }
  return documents
    .flatMap(({ path, sources: table, bases }) =>
      bases.map((base): Profile => {
        const set = base.versions === undefined ? undefined : sets.get(base.versions)
        if (base.versions !== undefined && set === undefined)
          throw new Error(`${path}: no set is called ${base.versions}`)
        const all = joined(set?.versions ?? {}, base.adds ?? {})
        const source = (name: string): string => sourceText(path, table, name)
        return {
          name: base.name,
          title: base.title,
          image: base.image ?? null,
          os: base.os ?? null,
          history: base.history ?? null,
          glibc: base.glibc === undefined ? null : { item: 'glibc', ...base.glibc, source: source(base.glibc.source) },
          versions: base.glibc === undefined ? all : upTo(all, base.glibc.version),
          versionsSource: set?.source ?? '',
          complete: Object.fromEntries(
            Object.entries(base.complete ?? {}).map(([family, name]) => [family, source(name)]),
          ),
          libraryPath: base.library_path ?? [],
          allowed: base.allowed ?? [],
          facts: base.facts.map((item) => ({ ...item, source: source(item.source) })),
        }
      }),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** What each release does about sonames, by the name of its column. */
export function readHistories(): Readonly<Record<string, readonly HistoryEntry[]>> {
  const histories: Record<string, HistoryEntry[]> = {}
  for (const path of files('sonames')) {
    const { releases, sources: table, sonames } = read(sonamesFile, path)
    for (const release of releases) histories[release] ??= []
    for (const entry of sonames) {
      const { names, note, never_carry: neverCarry, stable, since, grade: stableGrade, ...facts } = entry
      const both = { names, note: note ?? null, neverCarry: neverCarry ?? null }
      const add = (release: string, found: z.infer<typeof fact>): void => {
        const list = histories[release]
        if (list === undefined || !releases.includes(release)) throw new Error(`${path}: ${release} is no release`)
        if ((found.package === undefined) === (found.gone === undefined))
          throw new Error(`${path}: ${names.join(' ')} ${release}: either a package, or gone`)
        list.push({
          ...both,
          gone: found.gone ?? false,
          package: found.package ?? null,
          version: found.version ?? null,
          repository: found.repository ?? null,
          now: found.now ?? null,
          grade: found.grade,
          source: sourceText(path, table, found.source),
        })
      }
      for (const [release, found] of Object.entries(facts)) add(release, found)
      if (stable === undefined) continue
      for (const [release, source] of Object.entries(since ?? {}))
        add(release, { package: stable, grade: stableGrade ?? 'sourced', source })
    }
  }
  return histories
}

/** The module's text. Each entry stands on one line: it is read from rules/. */
export function profilesModule(): string {
  const list = (entries: readonly unknown[]): string =>
    `[\n${entries.map((e) => `  ${JSON.stringify(e)},\n`).join('')}]`
  const histories = Object.entries(readHistories()).map(
    ([release, entries]) => `  ${JSON.stringify(release)}: ${list(entries).replaceAll('\n', '\n  ')},\n`,
  )
  return [
    '/** What is known of built-in bases. Generated from rules/bases and rules/sonames by tools/generate-knowledge.ts. */',
    "import type { HistoryEntry, Profile } from './profile-types.ts'",
    '',
    '// prettier-ignore',
    `export const profiles: readonly Profile[] = ${list(readProfiles())}`,
    '',
    '// prettier-ignore',
    `export const histories: Readonly<Record<string, readonly HistoryEntry[]>> = {\n${histories.join('')}}`,
    '',
  ].join('\n')
}
