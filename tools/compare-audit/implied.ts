/** What two runs of the real loader imply about one context of a studio, computed without any of the rules' code. */
import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'

/** One context of the studio's contexts.json. */
export interface StudioContext {
  /** `NAME-VERSION`. */
  readonly packages: readonly string[]
  /** Relative to the repository. */
  readonly library_path: readonly string[]
}

/** Facts of one ELF file, as readelf prints them. */
export interface ElfFacts {
  readonly soname: string | null
  readonly needs: readonly string[]
}

export interface Implied {
  /** `NAME-VERSION soname`: found on the host's own files, absent in the base. */
  readonly leaks: ReadonlySet<string>
  /** `P Q`: P needs a soname of which Q owns the public copy, and does not require Q. */
  readonly requirements: ReadonlySet<string>
}

const AT = '/studio/rez'

interface Trace {
  readonly object: string
  readonly loaded: readonly (readonly [string, string | null])[]
}

/** Asks the oracle about every object of the context's packages, once in the host and once in the base. */
export function impliedFindings(studio: string, oracle: string, context: StudioContext): Implied {
  const repository = join(studio, 'rez')
  const files = context.packages.flatMap((id) => elfFiles(join(repository, folderOf(id))))
  const facts = new Map(files.map((file) => [relative(repository, file), readelf(file)]))
  const host = traces(studio, oracle, 'host', context, [...facts.keys()])
  const base = traces(studio, oracle, 'base', context, [...facts.keys()])
  const leaks = new Set<string>()
  for (const [file, { needs }] of facts) {
    const inHost = host.get(file)
    const inBase = base.get(file)
    for (const need of needs) {
      const found = inHost?.get(need) ?? null
      if (found === null || found.startsWith(`${AT}/`)) continue
      if (inBase?.has(need) === true && inBase.get(need) === null) leaks.add(`${ownerOf(file)} ${need}`)
    }
  }
  return { leaks, requirements: requirementPairs(repository, context, facts) }
}

function traces(
  studio: string,
  oracle: string,
  system: 'host' | 'base',
  context: StudioContext,
  files: readonly string[],
): Map<string, Map<string, string | null>> {
  const scratch = mkdtempSync(join(tmpdir(), 'compare-audit-'))
  try {
    const list = join(scratch, 'files')
    writeFileSync(list, files.join('\n'))
    const out = execFileSync(
      'python3',
      [
        oracle,
        ...['--root', join(studio, system), '--tree', join(studio, 'rez'), '--at', AT, '--files', list],
        ...['--library-path', context.library_path.map((folder) => `${AT}/${folder}`).join(':')],
      ],
      { encoding: 'utf8', maxBuffer: 1 << 30 },
    )
    const traced = out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Trace)
    return new Map(traced.map(({ object, loaded }) => [relative(AT, object), new Map(loaded)]))
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

/** Public copies: in a folder of the library path, or directly in lib or lib64 of the package. */
function requirementPairs(
  repository: string,
  context: StudioContext,
  facts: ReadonlyMap<string, ElfFacts>,
): ReadonlySet<string> {
  const owners = new Map<string, Set<string>>()
  for (const [file, { soname }] of facts) {
    const folder = file.slice(0, file.lastIndexOf('/'))
    const inside = folder.split('/').slice(2).join('/')
    if (soname === null || !(context.library_path.includes(folder) || inside === 'lib' || inside === 'lib64')) continue
    owners.set(soname, (owners.get(soname) ?? new Set()).add(ownerOf(file)))
  }
  const requires = new Map(context.packages.map((id) => [id, requiresOf(join(repository, folderOf(id), 'package.py'))]))
  const pairs = new Set<string>()
  for (const [file, { needs }] of facts) {
    const owner = ownerOf(file)
    for (const need of needs) {
      const providers = owners.get(need)
      if (providers === undefined || providers.has(owner)) continue
      for (const provider of providers) {
        const name = nameOf(provider)
        if (requires.get(owner)?.has(name) !== true) pairs.add(`${nameOf(owner)} ${name}`)
      }
    }
  }
  return pairs
}

/** The names in `requires`; the studio's package.py files are literal. */
function requiresOf(file: string): ReadonlySet<string> {
  const list = /^requires = \[([^\]]*)\]/m.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
  return new Set([...list.matchAll(/'([^']*)'/g)].map(([, text = '']) => text.split('-')[0] ?? ''))
}

function elfFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name)
      const status = lstatSync(path)
      if (status.isDirectory()) return elfFiles(path)
      return status.isFile() && status.size > 4 && isElf(path) ? [path] : []
    })
}

function isElf(path: string): boolean {
  return readFileSync(path).subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'))
}

function readelf(path: string): ElfFacts {
  const out = execFileSync('readelf', ['-dW', path], { encoding: 'latin1', maxBuffer: 1 << 28 })
  const values = (tag: string): string[] =>
    out.split('\n').flatMap((line) => (line.includes(`(${tag})`) ? [/\[(.*)\]/.exec(line)?.[1] ?? ''] : []))
  return { soname: values('SONAME')[0] ?? null, needs: values('NEEDED') }
}

/** `NAME-VERSION` of a path `NAME/VERSION/...`. */
function ownerOf(file: string): string {
  return file.split('/').slice(0, 2).join('-')
}

function folderOf(id: string): string {
  const dash = id.indexOf('-')
  return join(id.slice(0, dash), id.slice(dash + 1))
}

/** The name in `NAME-VERSION`. */
export function nameOf(id: string): string {
  return basename(id).slice(0, id.indexOf('-'))
}
