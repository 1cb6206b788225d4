/**
 * Holds the findings about versions (SYM001, SYM002) of every context of a studio of real software against the version
 * errors that the real loader of a base prints for each object of the context.
 *
 *   node --import tsx tools/compare-symbols/compare.ts STUDIO BASE [CONTEXT...]
 *
 * STUDIO has rez/ and contexts.json; BASE is a root file system. The loader is started inside BASE with the packages bound
 * to /studio/rez, so this needs root; without it the comparison is skipped, and says so. BASE must have a folder studio/rez,
 * or be writable. Exit code 1 where one error is not told, or one is told that the loader does not print.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, realpathSync } from 'node:fs'
import { join, relative } from 'node:path'
import { elfFilesBelow } from '../compare-loader/elf-files.ts'
import { readTrace, readVersionErrors, runTraces } from '../compare-loader/tracer.ts'

const PROGRAM = join(import.meta.dirname, '../../bin/airtight.js')
const AT = '/studio/rez'
const LOADER = '/lib64/ld-linux-x86-64.so.2'

interface StudioContext {
  /** `NAME-VERSION`. */
  readonly packages: readonly string[]
  /** Relative to the repository. */
  readonly library_path: readonly string[]
}

interface Finding {
  readonly rule: string
  readonly world: string
  readonly package: string | null
  readonly evidence: {
    readonly versions?: readonly {
      readonly version: string
      readonly soname: string
      readonly objects: readonly string[]
    }[]
  }
}

interface Implied {
  /** `PACKAGE OBJECT demands VERSION of SONAME`, where the object or the file that lacks the version is a package's. */
  readonly errors: ReadonlySet<string>
  /** Errors between two files of the system. */
  readonly foreign: number
  readonly objects: number
}

/** Path of a package's file, links followed, as `NAME-VERSION RELATIVE`; an absolute path for a file of the system. */
function nameOf(repository: string, path: string): string {
  if (!path.startsWith(`${AT}/`)) return path
  const file = relative(repository, realpathSync(join(repository, path.slice(AT.length + 1))))
  const [name = '', version = '', ...rest] = file.split('/')
  return `${name}-${version} ${rest.join('/')}`
}

/** What the loader prints for each object of the context, started alone. */
async function implied(studio: string, base: string, context: StudioContext): Promise<Implied> {
  const files = context.packages.flatMap((id) => {
    const folder = id.replace('-', '/')
    return elfFilesBelow(join(studio, 'rez', folder), `${AT}/${folder}`)
  })
  const libraryPath = context.library_path.map((folder) => `${AT}/${folder}`).join(':')
  const env = { LD_TRACE_LOADED_OBJECTS: '1', LD_LIBRARY_PATH: libraryPath, PATH: '/usr/bin:/bin' }
  const jobs = files.map((file) => ({ argv: [LOADER, file], env }))
  const repository = realpathSync(join(studio, 'rez'))
  const errors = new Set<string>()
  const foreign = new Set<string>()
  for await (const results of runTraces([{ root: base, mounts: [[join(studio, 'rez'), AT]], jobs }], 2)) {
    for (const result of results) {
      const names = new Map(readTrace(result, true).loaded.map(([name, path]) => [path, name]))
      for (const { object, provider, version } of readVersionErrors(result)) {
        const text = `${nameOf(repository, object)} demands ${version} of ${names.get(provider) ?? provider}`
        const ours = object.startsWith(AT) || provider.startsWith(AT)
        ;(ours ? errors : foreign).add(text)
      }
    }
  }
  return { errors, foreign: foreign.size, objects: files.length }
}

/** What the audit's findings say of the base. */
function told(studio: string, base: string, context: StudioContext): ReadonlySet<string> {
  const requests = context.packages.map((id) => id.replace('-', '=='))
  const run = spawnSync(
    process.execPath,
    [
      PROGRAM,
      'audit',
      ...requests,
      ...['--repo', join(studio, 'rez'), '--base', base, '--host', 'none', '--format', 'json', '--quiet'],
    ],
    { encoding: 'utf8', maxBuffer: 1 << 30 },
  )
  if (run.status !== 0 && run.status !== 1)
    throw new Error(`the audit ended with ${run.status ?? 'a signal'}: ${run.stderr}`)
  const { findings } = JSON.parse(run.stdout) as { readonly findings: readonly Finding[] }
  const pairs = findings
    .filter(({ rule }) => rule === 'SYM001' || rule === 'SYM002')
    .flatMap(({ package: owner, evidence }) =>
      (evidence.versions ?? []).flatMap(({ version, soname, objects }) =>
        objects.map(
          (object) => `${object.startsWith('/') ? '' : `${owner ?? ''} `}${object} demands ${version} of ${soname}`,
        ),
      ),
    )
  return new Set(pairs)
}

async function main(args: readonly string[]): Promise<number> {
  const [studio, base, ...names] = args
  if (studio === undefined || base === undefined) {
    console.error('usage: compare.ts STUDIO BASE [CONTEXT...]')
    return 2
  }
  if (process.getuid?.() !== 0) {
    console.log('SKIPPED: compare-symbols needs root, for the real loader is started inside the base')
    return 77
  }
  mkdirSync(join(base, AT), { recursive: true })
  const contexts = JSON.parse(readFileSync(join(studio, 'contexts.json'), 'utf8')) as Record<string, StudioContext>
  let differs = false
  for (const [name, context] of Object.entries(contexts)) {
    if (names.length > 0 && !names.includes(name)) continue
    const { errors, foreign, objects } = await implied(studio, base, context)
    const ours = told(studio, base, context)
    const missing = [...errors].filter((error) => !ours.has(error))
    const extra = [...ours].filter((error) => !errors.has(error))
    console.log(
      `${name.padEnd(22)} ${objects} objects: ${errors.size} errors of the loader, ${ours.size} told, ` +
        `${errors.size - missing.length} agreed; ${foreign} between files of the base`,
    )
    for (const error of missing) console.log(`  not told: ${error}`)
    for (const error of extra) console.log(`  not printed: ${error}`)
    differs ||= missing.length + extra.length > 0
  }
  console.log(differs ? 'DIFFERENT' : 'AGREED')
  return differs ? 1 : 0
}

process.exitCode = await main(process.argv.slice(2))
