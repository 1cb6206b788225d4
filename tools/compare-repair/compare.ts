/**
 * Holds repairs of every context of a studio of real software against the real loader: plans them, applies them to a copy
 * of the base, and asks the loader in that root what it finds and binds there, compared with what it does on the host.
 * Then starts known tools in both.
 *
 *   npx tsx tools/compare-repair/compare.ts STUDIO ORACLE.py [CONTEXT...] [--index FILE] [--other-base] [--root DIR]
 *
 * STUDIO has base/, host/, rez/ and contexts.json. With --index OS packages are planned alone and installed by apt in the
 * copy; with --other-base there is no host when repairs are planned, and its root is another base that copies come from. Needs root and bwrap; without root it is skipped, and says so. Exit code 1 where a need or a symbol is not met.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const PROGRAM = join(import.meta.dirname, '../../bin/airtight.js')

/** What a tool is started with to print its version or usage, and what that holds. */
const TOOLS: Readonly<Record<string, readonly [args: readonly string[], shows: RegExp]>> = {
  oiiotool: [['--version'], /\d+\.\d+/],
  ffmpeg: [['-version'], /ffmpeg version/],
  exrinfo: [['--help'], /usage/i],
  h5ls: [['--version'], /h5ls/i],
  vdb_print: [['-h'], /usage/i],
  blender: [['-b', '--version'], /Blender \d/],
  krita: [['--version'], /krita \d/i],
  'python3.11': [['-c', 'import OpenImageIO; print("OpenImageIO", OpenImageIO.VERSION_STRING)'], /^OpenImageIO \d/m],
}

interface Place {
  readonly studio: string
  readonly root: string
  /** What stands at the place of the repository: its own folder, or copies of the packages in the repaired root. */
  readonly tree: string
  readonly environment: Readonly<Record<string, string>>
}

interface Traced {
  readonly object: string
  readonly loaded: readonly (readonly [name: string, path: string | null])[]
  readonly version_errors: readonly string[]
  readonly undefined: readonly string[]
  readonly error?: string
}

function airtight(args: readonly string[], allowed: readonly number[]): string {
  const run = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8', maxBuffer: 1 << 30 })
  if (run.status === null || !allowed.includes(run.status)) {
    throw new Error(`airtight ${args[0] ?? ''} ended with ${run.status ?? 'a signal'}: ${run.stderr}${run.stdout}`)
  }
  return run.stdout
}

function must(command: string, args: readonly string[]): string {
  const run = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (run.status !== 0) throw new Error(`${command} ended with ${run.status ?? 'a signal'}: ${run.stderr}`)
  return run.stdout
}

/** The tools of a context that are programs, relative to the repository. */
function toolFiles(studio: string, packages: readonly { root: string; tools: readonly string[] }[]): readonly string[] {
  const files = packages.flatMap((item) => item.tools.map((tool) => join(item.root, 'bin', tool)))
  const isElf = (file: string): boolean =>
    existsSync(file) && readFileSync(file).subarray(0, 4).toString('latin1') === '\x7fELF'
  return files.filter(isElf).map((file) => relative(join(studio, 'rez'), file))
}

function traceAll(oracle: string, place: Place, files: readonly string[]): ReadonlyMap<string, Traced> {
  const list = join(tmpdir(), `compare-repair-${process.pid}.list`)
  writeFileSync(list, `${files.join('\n')}\n`)
  const repository = join(place.studio, 'rez')
  const libraryPath = place.environment['LD_LIBRARY_PATH'] ?? ''
  const args = ['--root', place.root, '--tree', place.tree, '--at', repository, '--library-path', libraryPath]
  if (files.length === 0) return new Map()
  const out = must('python3', [oracle, ...args, '--files', list, '--relocate'])
  rmSync(list)
  const lines = out.split('\n').filter((line) => line !== '')
  return new Map(lines.map((line) => JSON.parse(line) as Traced).map((traced) => [traced.object, traced]))
}

/** What is worse in the repaired base than on the host, in sentences. */
function losses(host: Traced | undefined, base: Traced): readonly string[] {
  const symbols = (traced: Traced | undefined): Set<string> =>
    new Set(
      [...(traced?.undefined ?? []), ...(traced?.version_errors ?? [])].map((line) =>
        line.replace(/\t?\(.*$/, '').trim(),
      ),
    )
  const known = symbols(host)
  return [
    ...base.loaded.filter(([, path]) => path === null).map(([name]) => `${name} is not found`),
    ...[...symbols(base)].filter((line) => !known.has(line)),
    ...(base.error === undefined ? [] : [base.error]),
  ]
}

function start(place: Place, tool: string): { readonly ok: boolean; readonly says: string } {
  const [args, shows] = TOOLS[tool] ?? [[], /./]
  const repository = join(place.studio, 'rez')
  const top = `/${repository.split('/')[1] ?? ''}`
  const bwrap = [
    ...['--ro-bind', place.root, '/', '--tmpfs', top, '--ro-bind', place.tree, repository],
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--clearenv', '--setenv', 'HOME', '/tmp'],
    ...['--setenv', 'DISPLAY', process.env['DISPLAY'] ?? ''],
    ...Object.entries(place.environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--setenv', 'PATH', `${place.environment['PATH'] ?? ''}:/usr/bin:/bin`],
  ]
  const run = spawnSync('bwrap', [...bwrap, tool, ...args], { encoding: 'utf8', timeout: 120_000 })
  const said = `${run.stdout}${run.stderr}`
  const lines = said.trim().split('\n')
  return { ok: shows.test(said), says: lines.find((line) => shows.test(line)) ?? lines.slice(0, 2).join(' | ') }
}

interface Options {
  readonly studio: string
  readonly oracle: string
  readonly index: string | null
  readonly otherBase: boolean
  readonly scratch: string
}

function compareContext(name: string, packages: readonly string[], options: Options): boolean {
  const { studio, oracle, scratch } = options
  const repairs = join(scratch, name, 'repairs')
  const root = join(scratch, name, 'root')
  const requests = packages.map((id) => id.replace('-', '=='))
  const rootOfHost = join(studio, 'host')
  const systems = ['--repo', join(studio, 'rez'), '--base', join(studio, 'base'), '--policy', 'none']
  const context = [...requests, ...systems, '--host', options.otherBase ? 'none' : rootOfHost]
  const from = options.otherBase ? ['--graft-from', `yesterday=${rootOfHost}`] : []
  const how = options.index === null ? from : ['--index', options.index, '--prefer', 'os_packages']
  const report = JSON.parse(
    airtight(['repair', ...context, '--name', name, ...how, '-o', repairs, '--format', 'json', '-q'], [0, 1]),
  ) as {
    contexts: { before: { error: number }; after: { error: number }; entries: { section: string; name: string }[] }[]
  }
  const [summary] = report.contexts
  mkdirSync(join(scratch, name), { recursive: true })
  must('cp', ['-a', '--reflink=auto', join(studio, 'base'), root])
  const tree = copyPackages(studio, packages, root)
  const wanted = summary?.entries.filter((entry) => entry.section === 'os_packages').map((entry) => entry.name) ?? []
  if (wanted.length > 0) installPackages(root, wanted)
  airtight(['repair', 'apply', repairs, '--root', root], [0])
  const { environment, files } = repaired(studio, context, repairs)
  const host = traceAll(oracle, { studio, root: rootOfHost, tree: join(studio, 'rez'), environment }, files)
  const base = traceAll(oracle, { studio, root, tree, environment }, files)
  const lost = [...base.values()].flatMap((traced) =>
    losses(host.get(traced.object), traced).map((text) => `${traced.object}: ${text}`),
  )
  const objects = new Set([...base.values()].flatMap((traced) => traced.loaded.map(([, path]) => path)))
  const counts = `errors ${summary?.before.error ?? 0} -> ${summary?.after.error ?? 0}, entries ${summary?.entries.length ?? 0}`
  console.log(`${name.padEnd(22)} ${counts}; ${files.length} tools load ${objects.size} files, ${lost.length} not met`)
  for (const line of lost.slice(0, 20)) console.log(`  ${line}`)
  const left = errorsIn(studio, requests, repairs, root)
  if (left > 0) console.log(`  an audit against the repaired root has ${left} errors`)
  let failed = left > 0 || lost.length > 0 || (summary?.after.error ?? 1) > 0
  if (!toolsStart({ studio, root, tree, environment }, files)) failed = true
  rmSync(root, { recursive: true, force: true })
  return failed
}

/** Run paths are set in copies: hard links will do, for files are replaced and not written to. */
function copyPackages(studio: string, packages: readonly string[], root: string): string {
  const tree = join(root, studio, 'rez')
  for (const id of packages) {
    const folder = id.replace('-', '/')
    mkdirSync(dirname(join(tree, folder)), { recursive: true })
    const copy = (how: string): number | null =>
      spawnSync('cp', [how, join(studio, 'rez', folder), join(tree, folder)], { stdio: 'ignore' }).status
    if (copy('-al') !== 0) must('cp', ['-a', join(studio, 'rez', folder), dirname(join(tree, folder))])
  }
  return tree
}

/** Errors of an audit whose base is the root as it was repaired, with the requirements and paths of the repairs. */
function errorsIn(studio: string, requests: readonly string[], repairs: string, root: string): number {
  const systems = ['--repo', join(studio, 'rez'), '--base', root, '--host', join(studio, 'host')]
  const args = ['audit', ...requests, ...systems, '--policy', 'none', '--repairs', repairs, '--format', 'json', '-q']
  const audit = JSON.parse(airtight(args, [0, 1])) as { summary: { findings: { error: number } } }
  return audit.summary.findings.error
}

/** The environment as repaired, and the tools that are programs. */
function repaired(
  studio: string,
  context: readonly string[],
  repairs: string,
): { readonly environment: Readonly<Record<string, string>>; readonly files: readonly string[] } {
  const text = airtight(['audit', ...context, '--repairs', repairs, '--format', 'json', '-q'], [0, 1])
  const audit = JSON.parse(text) as {
    contexts: { environment: Record<string, string> }[]
    packages: { root: string; tools: string[] }[]
  }
  return { environment: audit.contexts[0]?.environment ?? {}, files: toolFiles(studio, audit.packages) }
}

/** Whether every known tool that starts on the host starts in the repaired base. */
function toolsStart(place: Place, files: readonly string[]): boolean {
  let good = true
  for (const tool of Object.keys(TOOLS).filter((item) => files.some((file) => file.endsWith(`/bin/${item}`)))) {
    const before = start({ ...place, root: join(place.studio, 'host'), tree: join(place.studio, 'rez') }, tool)
    const after = start(place, tool)
    const host = before.ok ? 'starts' : `FAILS (${before.says})`
    console.log(`  ${tool.padEnd(12)} host ${host}, repaired base ${after.ok ? 'starts' : 'FAILS'}: ${after.says}`)
    if (before.ok && !after.ok) good = false
  }
  return good
}

/**
 * As an image builder would, in the copy alone; nothing is started on installation. A small root may have no program that
 * checks signatures, so this machine's apt-get does it, with the sources and keys of the copy.
 */
function installPackages(root: string, names: readonly string[]): void {
  writeFileSync(join(root, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  const settings = [`Dir=${root}`, 'Dir::Bin::Methods=/usr/lib/apt/methods', 'Dir::Bin::dpkg=/usr/bin/dpkg']
  const more = [`DPkg::Options::=--root=${root}`, 'APT::Install-Recommends=false', 'Dpkg::Use-Pty=false']
  const options = [...settings, ...more].flatMap((option) => ['-o', option])
  const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ')
  const apt = (...words: readonly string[]): string => `apt-get ${quoted([...options, '-qq', ...words])}`
  const mounts = `mount -t proc proc '${root}/proc' && mount --rbind /dev '${root}/dev'`
  const install = `${apt('update')} && ${apt('install', '-y', ...names)}`
  must('unshare', ['-m', 'sh', '-c', `export DEBIAN_FRONTEND=noninteractive; ${mounts} && ${install}`])
}

function main(argv: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { index: { type: 'string' }, 'other-base': { type: 'boolean' }, root: { type: 'string' } },
    allowPositionals: true,
  })
  const [studio, oracle, ...names] = positionals
  if (studio === undefined || oracle === undefined) {
    console.error('usage: compare.ts STUDIO ORACLE.py [CONTEXT...] [--index FILE] [--other-base] [--root DIR]')
    return 2
  }
  if (process.getuid?.() !== 0) {
    console.log('SKIPPED: compare-repair needs root, for the real loader is started inside the roots')
    return 77
  }
  const scratch = mkdtempSync(join(values.root ?? tmpdir(), 'compare-repair-'))
  const display = process.env['DISPLAY'] === undefined ? startDisplay() : null
  try {
    const contexts = JSON.parse(readFileSync(join(studio, 'contexts.json'), 'utf8')) as Record<
      string,
      { packages: string[] }
    >
    let failed = false
    for (const [name, { packages }] of Object.entries(contexts)) {
      if (names.length > 0 && !names.includes(name)) continue
      if (
        compareContext(name, packages, {
          studio: resolve(studio),
          oracle,
          index: values.index ?? null,
          otherBase: values['other-base'] === true,
          scratch,
        })
      )
        failed = true
    }
    return failed ? 1 : 0
  } finally {
    display?.kill()
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** A screen for tools that want one; it listens where every root sees it, without a file. */
function startDisplay(): ReturnType<typeof spawn> | null {
  process.env['DISPLAY'] = ':78'
  return existsSync('/usr/bin/Xvfb') ? spawn('/usr/bin/Xvfb', [':78', '-nolisten', 'tcp'], { stdio: 'ignore' }) : null
}

process.exitCode = main(process.argv.slice(2))
