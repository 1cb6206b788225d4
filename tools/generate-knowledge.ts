/**
 * Writes src/rules/knowledge/data.ts and opens.ts, src/policy/packs.ts and src/system/profile-data.ts from the YAML files under rules/: knowledge is kept where
 * people read and edit it, and the program starts without parsing it. `--check` only compares.
 * Run: npx tsx tools/generate-knowledge.ts
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { parse } from 'yaml'
import { z } from 'zod'
import { profilesModule } from './generate-profiles.ts'

const root = join(import.meta.dirname, '..')
const target = join(root, 'src/rules/knowledge/data.ts')
const opensTarget = join(root, 'src/rules/knowledge/opens.ts')
const packsTarget = join(root, 'src/policy/packs.ts')
const profilesTarget = join(root, 'src/system/profile-data.ts')
const text = z.string().min(1)

const driverFile = z.strictObject({
  schema: z.literal('airtight/drivers/v1'),
  name: text,
  device: text,
  stubs: z.array(text),
  libraries: z.array(z.strictObject({ soname: text, class: text, reason: text, source: text })).min(1),
  needs: z.array(z.strictObject({ soname: text, version: text, reason: text, source: text })).default([]),
})

const allowFile = z.strictObject({
  schema: z.literal('airtight/allow/v1'),
  name: text,
  libraries: z
    .array(z.strictObject({ soname: text, family: z.enum(['libc', 'compiler']), reason: text, source: text }))
    .min(1),
})

const toolsFile = z.strictObject({
  schema: z.literal('airtight/tools/v1'),
  name: text,
  tools: z.array(z.strictObject({ path: text.startsWith('/'), reason: text, source: text })).min(1),
})

const singletonsFile = z.strictObject({
  schema: z.literal('airtight/singletons/v1'),
  name: text,
  singletons: z
    .array(
      z.strictObject({
        name: text,
        title: text,
        libraries: z.array(text).min(1),
        severity: z.enum(['error', 'warn']),
        reason: text,
        source: text,
        flavours: z.array(z.strictObject({ name: text, defines: text, imports: text })).default([]),
      }),
    )
    .min(1),
})

const releasesFile = z.strictObject({
  schema: z.literal('airtight/releases/v1'),
  name: text,
  releases: z
    .array(z.strictObject({ os: text, version: text, glibc: z.string().regex(/^\d+\.\d+$/), source: text }))
    .min(1),
})

const buildTreesFile = z.strictObject({
  schema: z.literal('airtight/build-trees/v1'),
  name: text,
  folders: z.array(z.strictObject({ path: text, reason: text, source: text })).min(1),
})

const opensFile = z.strictObject({
  schema: z.literal('airtight/opens/v1'),
  name: text,
  opens: z
    .array(
      z.strictObject({
        library: text,
        any: z.array(text).min(1),
        unless: text.nullable().default(null),
        defines: text.nullable().default(null),
        folders: z.array(text).default([]),
        variable: text.nullable().default(null),
        keep: z.array(text.startsWith('/')).default([]),
        tree: z.boolean().default(false),
        reason: text,
        source: text,
      }),
    )
    .min(1),
})

function yamlFiles(folder: string): string[] {
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

/** The module's text, formatted. */
export async function knowledgeModule(): Promise<string> {
  const drivers = yamlFiles('drivers').map((path) => read(driverFile, path))
  const core = read(allowFile, join(root, 'rules/allow/core.yaml'))
  const tools = read(toolsFile, join(root, 'rules/allow/system-tools.yaml'))
  const trees = read(buildTreesFile, join(root, 'rules/paths/build-trees.yaml'))
  const releases = read(releasesFile, join(root, 'rules/releases/glibc.yaml')).releases
  const singletons = yamlFiles('singletons').flatMap((path) => read(singletonsFile, path).singletons)
  const lines = [
    '/** Knowledge of drivers and of what every system gives. Generated from rules/ by tools/generate-knowledge.ts. */',
    "import type { BuildTree, CoreLibrary, DriverFamily, OsRelease, Singleton } from './types.ts'",
    '',
    `export const driverFamilies: readonly DriverFamily[] = ${JSON.stringify(drivers.map(({ name, device, stubs, libraries, needs }) => ({ name, device, stubs, libraries, needs })))}`,
    '',
    `export const coreLibraries: readonly CoreLibrary[] = ${JSON.stringify(core.libraries)}`,
    '',
    '/** Paths of commands that run inside Rez environments. */',
    `export const systemToolPaths: readonly string[] = ${JSON.stringify(tools.tools.map((tool) => tool.path))}`,
    '',
    '/** Libraries of which a process must have one copy. */',
    `export const singletons: readonly Singleton[] = ${JSON.stringify(singletons.map(({ name, title, libraries, severity, reason, flavours }) => ({ name, title, libraries, severity, reason, flavours })))}`,
    '',
    '/** The C library of operating systems. */',
    `export const osReleases: readonly OsRelease[] = ${JSON.stringify(releases.map(({ os, version, glibc }) => ({ os, version, glibc: glibc.split('.').map(Number) })))}`,
    '',
    '/** Folders that exist only where software is built. */',
    `export const buildTrees: readonly BuildTree[] = ${JSON.stringify(trees.folders.map(({ path, reason }) => ({ path, reason })))}`,
    '',
  ]
  return format(lines.join('\n'), { ...(await resolveConfig(target)), filepath: target })
}

/** What libraries open by themselves, as a module's text. */
export async function opensModule(): Promise<string> {
  const opens = yamlFiles('opens').flatMap((path) => read(opensFile, path).opens)
  const lines = [
    '/** What libraries open by themselves at run time. Generated from rules/opens/ by tools/generate-knowledge.ts. */',
    "import type { LibraryOpens } from '../../domain/opening.ts'",
    '',
    `export const libraryOpens: readonly LibraryOpens[] = ${JSON.stringify(opens.map((item) => ({ ...item, required: false })))}`,
  ]
  return format(lines.join('\n'), { ...(await resolveConfig(opensTarget)), filepath: opensTarget })
}

/** The policies that others can extend as `builtin:NAME`, as text: what they set is told with its line. */
export async function packsModule(): Promise<string> {
  const packs = yamlFiles('packs').map((path) => [basename(path, '.yaml'), readFileSync(path, 'utf8')])
  const lines = [
    '/** Policies to extend, by name. Generated from rules/packs/ by tools/generate-knowledge.ts. */',
    `export const policyPacks: Readonly<Record<string, string>> = ${JSON.stringify(Object.fromEntries(packs))}`,
  ]
  return format(lines.join('\n'), { ...(await resolveConfig(packsTarget)), filepath: packsTarget })
}

if (process.argv[1] === import.meta.filename) {
  const modules = [
    [target, await knowledgeModule()],
    [opensTarget, await opensModule()],
    [packsTarget, await packsModule()],
    [profilesTarget, profilesModule()],
  ] as const
  for (const [file, fresh] of modules) {
    if (!process.argv.includes('--check')) writeFileSync(file, fresh)
    else if (readFileSync(file, 'utf8') !== fresh) {
      console.error(`${file} differs from rules/: run npx tsx tools/generate-knowledge.ts`)
      process.exitCode = 4
    }
  }
}
