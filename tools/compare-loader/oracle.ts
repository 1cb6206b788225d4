/**
 * Compares `closure` with the real loader of a root, object by object.
 *
 * Usage: node --import tsx tools/compare-loader/oracle.ts --root DIR [--mount SRC=AT] [--below /usr/bin]...
 *          [--library-path A:B] [--symbols] [--oracle SCRIPT] [--in-process]
 *
 * Looks at every 64-bit x86 ELF file below AT, or below each --below. The loader answers through trace.py, or through
 * another script that takes --root, --tree, --at and --library-path and prints one JSON line for each object. Airtight
 * answers through bin/airtight.js, or from its sources with --in-process. With --symbols the loader binds everything, as
 * `ldd -r` does, and its complaints about versions and symbols are compared as sets. Needs root.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { encodeBytes, printable } from '../../src/domain/bytes.ts'
import { openClosurePlace } from '../../src/app/closure.ts'
import { symbolData } from '../../src/report/closure-symbols.ts'
import { elfFilesBelow } from './elf-files.ts'
import { readComplaints, readTrace, runTraces, symbolComplaint, versionComplaint } from './tracer.ts'
import type { LoaderAnswer } from './tracer.ts'

const SHOWN = 20
const LOADER = '/lib64/ld-linux-x86-64.so.2'
const MAX_OUTPUT = 2 ** 30

/** What is compared: a root, and one folder laid over it or some folders of its own. */
interface Plan {
  readonly root: string
  readonly mount: { readonly source: string; readonly at: string } | null
  readonly below: readonly string[]
  readonly libraryPath: string | null
  /** Compare what binding everything complains of, too. */
  readonly symbols: boolean
}

/** The answers of one side, by object. */
type Answers = ReadonlyMap<string, LoaderAnswer>

interface AnswerLine {
  readonly object: string
  readonly loaded: readonly (readonly [string, string | null])[]
  readonly error?: string
  readonly fatal?: string
  readonly version_errors?: readonly (
    { readonly object: string; readonly provider: string; readonly version: string } | string
  )[]
  readonly undefined?: readonly (
    { readonly object: string; readonly symbol: string; readonly version: string | null } | string
  )[]
}

function filesOf(plan: Plan): readonly string[] {
  if (plan.mount !== null) return elfFilesBelow(plan.mount.source, plan.mount.at)
  return plan.below.flatMap((folder) => elfFilesBelow(join(plan.root, folder), folder))
}

async function askLoader(plan: Plan, files: readonly string[]): Promise<Answers> {
  const env: Record<string, string> = { LD_TRACE_LOADED_OBJECTS: '1', PATH: '/usr/bin:/bin' }
  if (plan.libraryPath !== null) env['LD_LIBRARY_PATH'] = plan.libraryPath
  if (plan.symbols) Object.assign(env, { LD_WARN: 'yes', LD_BIND_NOW: 'yes' })
  const jobs = files.map((file) => ({ argv: [LOADER, file], env }))
  const mounts = plan.mount === null ? [] : [[plan.mount.source, plan.mount.at] as const]
  const answers = new Map<string, LoaderAnswer>()
  for await (const results of runTraces([{ root: plan.root, mounts, jobs }], 2)) {
    for (const [index, result] of results.entries()) {
      const complaints = plan.symbols ? { complaints: readComplaints(result) } : {}
      answers.set(files[index] ?? '', { ...readTrace(result, plan.symbols), ...complaints })
    }
  }
  return answers
}

function askScript(script: string, plan: Plan): Answers {
  const answers = new Map<string, LoaderAnswer>()
  const trees =
    plan.mount === null ? plan.below.map((folder) => ({ source: join(plan.root, folder), at: folder })) : [plan.mount]
  for (const { source, at } of trees) {
    const library = plan.libraryPath === null ? [] : ['--library-path', plan.libraryPath]
    const bind = plan.symbols ? ['--relocate'] : []
    const args = [script, '--root', plan.root, '--tree', source, '--at', at, ...library, ...bind]
    for (const [object, answer] of readLines(
      execFileSync('python3', args, { encoding: 'utf8', maxBuffer: MAX_OUTPUT }),
    ))
      answers.set(object, answer)
  }
  return answers
}

function readLines(text: string): Answers {
  const answers = new Map<string, LoaderAnswer>()
  for (const line of text.split('\n')) {
    if (line === '') continue
    const answer = JSON.parse(line) as AnswerLine
    const { object, loaded, error, fatal } = answer
    answers.set(object, { loaded, error: error ?? fatal ?? null, complaints: complaintsOf(answer) })
  }
  return answers
}

/** A script gives the loader's own lines, Airtight gives objects. */
function complaintsOf(answer: Pick<AnswerLine, 'version_errors' | 'undefined'>): readonly string[] {
  const found = new Set<string>()
  const told: string[] = []
  for (const one of answer.version_errors ?? []) {
    if (typeof one === 'string') told.push(one)
    else found.add(versionComplaint(one.object, one.provider, one.version))
  }
  for (const one of answer.undefined ?? []) {
    if (typeof one === 'string') told.push(one)
    else found.add(symbolComplaint(one.object, one.symbol, one.version))
  }
  for (const complaint of readComplaints([0, told.join('\n'), ''])) found.add(complaint)
  return [...found].sort()
}

function askAirtight(plan: Plan, files: readonly string[]): Answers {
  const folder = mkdtempSync(join(tmpdir(), 'airtight-compare-'))
  try {
    const list = join(folder, 'files')
    writeFileSync(list, encodeBytes(files.map((file) => `${file}\n`).join('')))
    const args = ['closure', '--root', plan.root, '--format', 'jsonl', '--cpu', 'native', '--files', list]
    if (plan.mount !== null) args.push('--mount', `${plan.mount.source}=${plan.mount.at}`)
    if (plan.libraryPath !== null) args.push('--library-path', plan.libraryPath)
    if (plan.symbols) args.push('--symbols')
    const program = fileURLToPath(new URL('../../bin/airtight.js', import.meta.url))
    return readLines(execFileSync(process.execPath, [program, ...args], { encoding: 'utf8', maxBuffer: MAX_OUTPUT }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function askSources(plan: Plan, files: readonly string[]): Promise<Answers> {
  const { root, libraryPath } = plan
  const mounts = plan.mount === null ? [] : [plan.mount]
  const place = await openClosurePlace({ root, mounts, libraryPath, preload: null, cpu: 'native', inside: null })
  if ('message' in place) throw new Error(place.message)
  return new Map(
    files.map((file) => {
      const { loaded, fatal } = place.trace(file)
      const complaints = plan.symbols ? { complaints: complaintsOf(symbolData(place.closure(file))) } : {}
      return [file, { loaded: loaded.map(({ name, path }) => [name, path] as const), error: fatal, ...complaints }]
    }),
  )
}

/** What differs for one object, in one line; null when nothing does. */
function difference(theirs: LoaderAnswer | undefined, ours: LoaderAnswer | undefined): string | null {
  if (theirs === undefined || ours === undefined) return theirs === undefined ? 'the loader was not asked' : 'no line'
  if ((theirs.error === null) !== (ours.error === null)) {
    return `loader: ${theirs.error ?? 'no error'}; airtight: ${ours.error ?? 'no error'}`
  }
  const [left, right] = [theirs.loaded, ours.loaded].map((list) =>
    list.map(([name, path]) => `${name} => ${path ?? '-'}`),
  )
  if (left === undefined || right === undefined) return null
  if (left.join('\n') === right.join('\n')) return complaintDifference(theirs.complaints ?? [], ours.complaints ?? [])
  const at = left.findIndex((line, index) => line !== right[index])
  const place = at < 0 ? left.length : at
  return `entry ${place}: loader: ${left[place] ?? 'the end'}; airtight: ${right[place] ?? 'the end'}`
}

function complaintDifference(theirs: readonly string[], ours: readonly string[]): string | null {
  const [wanted, told] = [new Set(theirs), new Set(ours)]
  const missing = theirs.filter((line) => !told.has(line))
  const extra = ours.filter((line) => !wanted.has(line))
  if (missing.length + extra.length === 0) return null
  return `${missing.length} complaints not told (${missing[0] ?? '-'}), ${extra.length} too many (${extra[0] ?? '-'})`
}

function report(files: readonly string[], theirs: Answers, ours: Answers): number {
  let agreed = 0
  let errors = 0
  let entries = 0
  let shown = 0
  let complaints = 0
  for (const file of files) {
    const found = difference(theirs.get(file), ours.get(file))
    entries += theirs.get(file)?.loaded.length ?? 0
    complaints += theirs.get(file)?.complaints?.length ?? 0
    if (theirs.get(file)?.error != null) errors += 1
    if (found === null) agreed += 1
    else if ((shown += 1) <= SHOWN) console.log(`${printable(file)}: ${printable(found)}`)
  }
  console.log(
    `${agreed} of ${files.length} objects agree; ${entries} lines, ${errors} errors of the loader${
      theirs.values().next().value?.complaints === undefined ? '' : `, ${complaints} complaints about symbols`
    }`,
  )
  return files.length - agreed
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      root: { type: 'string' },
      mount: { type: 'string' },
      below: { type: 'string', multiple: true, default: ['/usr/bin', '/usr/lib'] },
      'library-path': { type: 'string' },
      oracle: { type: 'string' },
      symbols: { type: 'boolean', default: false },
      'in-process': { type: 'boolean', default: false },
    },
  })
  if (values.root === undefined) throw new Error('--root DIR is missing')
  const [source, at] = values.mount?.split('=') ?? []
  const mount = source === undefined || at === undefined ? null : { source, at }
  const { root, below, symbols } = values
  const plan: Plan = { root, mount, below, libraryPath: values['library-path'] ?? null, symbols }
  const files = filesOf(plan)
  if (files.length === 0) throw new Error('no ELF file is there to compare')
  const theirs = values.oracle === undefined ? await askLoader(plan, files) : askScript(values.oracle, plan)
  const ours = values['in-process'] ? await askSources(plan, files) : askAirtight(plan, files)
  process.exitCode = report(files, theirs, ours) === 0 ? 0 : 1
}

await main()
