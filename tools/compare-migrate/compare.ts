/**
 * Holds a migration plan against the real loader of the new base, need by need.
 *
 * Usage: node --import tsx tools/compare-migrate/compare.ts --studio DIR --to ROOT [--context NAME] [--apply] [--start]
 *
 * DIR holds `rez` (a repository), `host` (the root that is left) and `contexts.json` (by name: `packages` as NAME-VERSION,
 * `library_path` relative to rez). Every ELF file of the context's packages is traced by the loader of ROOT, and by that of
 * the host. Judged are the direct needs of each object: the plan must say of each whether it is found, and nothing else.
 * With --apply the OS packages (apt-get in the root, over an overlay) and grafts of the plan are laid over ROOT and all is
 * traced again: what is not marked rebuild, unknown or broken must find every library. With --start the programs of the
 * packages are really started in both roots (--version, --help), and a table tells of each what was foretold and what was
 * seen: see programs.ts. Needs root.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { MigrationPlan, TargetPlan } from '../../src/migrate/document.ts'
import { elfFilesBelow } from '../compare-loader/elf-files.ts'
import type { LoaderAnswer } from '../compare-loader/tracer.ts'
import type { ProgramSetting, Starts, Verdict, Verdicts } from './programs.ts'
import { judgeStarts, programsAmong, startAll } from './programs.ts'
import { readComplaints, readTrace, readVersionErrors, runTraces } from '../compare-loader/tracer.ts'

const LOADER = '/lib64/ld-linux-x86-64.so.2'
const LIBRARIES = 'usr/lib/x86_64-linux-gnu'
const SHOWN = 15

interface StudioContext {
  readonly packages: readonly string[]
  readonly library_path: readonly string[]
}

interface Answer extends LoaderAnswer {
  /** `VERSION of PROVIDER` that this very object demands in vain. */
  readonly versions: readonly string[]
  readonly unbound: readonly string[]
}

type Answers = ReadonlyMap<string, Answer>

interface Look {
  readonly answers: Answers
  readonly starts: Starts
}

const { values } = parseArgs({
  options: {
    studio: { type: 'string' },
    to: { type: 'string' },
    context: { type: 'string' },
    apply: { type: 'boolean', default: false },
    start: { type: 'boolean', default: false },
  },
})
if (values.studio === undefined || values.to === undefined) throw new Error('name --studio DIR and --to ROOT')
const studio = resolve(values.studio)
const target = resolve(values.to)
const repository = join(studio, 'rez')
const contexts = JSON.parse(readFileSync(join(studio, 'contexts.json'), 'utf8')) as Record<string, StudioContext>
const names = values.context === undefined ? Object.keys(contexts) : [values.context]

let wrong = 0
for (const name of names) {
  const context = contexts[name]
  if (context === undefined) throw new Error(`${studio} has no context ${name}`)
  wrong += await compareContext(name, context)
}
process.exitCode = wrong > 0 ? 1 : 0

async function compareContext(name: string, context: StudioContext): Promise<number> {
  const plan = planOf(context)
  const folders = context.packages.map((id) => folderOf(id))
  const files = folders.flatMap((folder) => elfFilesBelow(folder, folder))
  const programs = values.start ? programsAmong(files) : []
  const look = async (root: string): Promise<Look> => ({
    answers: await trace(root, context, files),
    starts: programs.length === 0 ? new Map() : await startAll(programs, startSetting(root, context)),
  })
  const { answers: before, starts: startsBefore } = await over(join(studio, 'host'), look)
  const { answers: after, starts: startsAfter } = await over(target, look)
  const misjudged = judge(plan, files, before, after)
  const symbols = newlyUnbound(plan, files, before, after)
  console.log(
    `${name}: ${files.length} objects, ${misjudged.needs} direct needs, ${misjudged.missing} missing in the new base`,
  )
  console.log(`  verdicts: ${JSON.stringify(plan.totals)}`)
  console.log(`  misjudged: ${misjudged.wrong.length}`)
  for (const line of misjudged.wrong.slice(0, SHOWN)) console.log(`    ${line}`)
  console.log(`  met in the map of another object alone: ${misjudged.elsewhere}`)
  console.log(`  objects of packages that run as they are, with symbols that are newly unbound: ${symbols.length}`)
  for (const line of symbols.slice(0, SHOWN)) console.log(`    ${line}`)
  const started = judgeStarts(startsBefore, startsAfter, {
    plan,
    repository,
    folderOf: (id) => `${folderOf(id)}/`,
    loaded: (program) => after.get(program)?.loaded ?? [],
    counts: () => true,
  })
  if (values.start) showStarts('in the new base', started)
  const left = values.apply ? await applied(plan, context, { files, programs, before, startsBefore }) : 0
  return misjudged.wrong.length + symbols.length + disagreeing(started.verdicts).length + left
}

function startSetting(root: string, context: StudioContext): ProgramSetting {
  return { root, repository, libraryPath: libraryPathOf(context) }
}

function showStarts(where: string, { programs, verdicts }: Verdicts): void {
  const started = verdicts.filter(({ agrees, seen }) => agrees && seen.error === null)
  const failed = verdicts.filter(({ agrees, seen }) => agrees && seen.error !== null)
  const answered = started.filter(({ seen }) => seen.answered)
  console.log(`  programs started ${where}: ${programs}, of which ${verdicts.length} start in the old base`)
  console.log(`    foretold to start, and did: ${started.length} (${answered.length} answered with status 0)`)
  console.log(`    foretold to fail, and did for a reason that was given: ${failed.length}`)
  console.log(`    otherwise than foretold: ${disagreeing(verdicts).length}`)
  for (const line of tableOf(verdicts)) console.log(`    ${line}`)
}

/** Each program: what the plan said, and what was seen. */
function tableOf(verdicts: readonly Verdict[]): readonly string[] {
  const rows = verdicts.map(({ program, foretold, seen, agrees }) => [
    relative(repository, program),
    foretold.length === 0 ? 'starts' : `fails: ${someOf(foretold, seen.about)}`,
    seen.error === null ? (seen.answered ? 'starts, answers' : 'starts') : `fails: ${seen.about ?? seen.error}`,
    agrees ? '' : 'NOT AS FORETOLD',
  ])
  const table = [['program', 'foretold', 'seen', ''], ...rows]
  const widths = [0, 1, 2].map((at) => Math.min(60, Math.max(...table.map((row) => row[at]?.length ?? 0))))
  return table.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** What was met in truth before the others: a loader ends at the first thing that it misses. */
function someOf(reasons: readonly string[], met: string | null): string {
  const first = met !== null && reasons.includes(met) ? met : (reasons[0] ?? '')
  return reasons.length < 2 ? first : `${first} and ${reasons.length - 1} more`
}

function disagreeing(verdicts: readonly Verdict[]): readonly Verdict[] {
  return verdicts.filter(({ agrees }) => !agrees)
}

function libraryPathOf(context: StudioContext): string {
  return context.library_path.map((folder) => join(repository, folder)).join(':')
}

function folderOf(id: string): string {
  const dash = id.lastIndexOf('-')
  return join(repository, id.slice(0, dash), id.slice(dash + 1))
}

function planOf(context: StudioContext): TargetPlan {
  const requests = context.packages.map((id) => id.replace(/-([^-]*)$/, '==$1'))
  const args = ['bin/airtight.js', 'migrate', ...requests, '--repo', repository, '--from', join(studio, 'host')]
  const out = execFileSync(
    process.execPath,
    [...args, '--to', target, '--policy', 'none', '--format', 'json', '--fail-on', 'never'],
    { encoding: 'utf8', maxBuffer: 2 ** 30 },
  )
  const [plan] = (JSON.parse(out) as MigrationPlan).targets
  if (plan === undefined) throw new Error('the plan has no target')
  return plan
}

async function trace(root: string, context: StudioContext, files: readonly string[]): Promise<Answers> {
  const env = {
    LD_TRACE_LOADED_OBJECTS: '1',
    LD_LIBRARY_PATH: libraryPathOf(context),
    LD_WARN: 'yes',
    LD_BIND_NOW: 'yes',
  }
  const jobs = files.map((file) => ({ argv: [LOADER, file], env: { ...env, PATH: '/usr/bin:/bin' } }))
  const answers = new Map<string, Answer>()
  for await (const results of runTraces([{ root, mounts: [[repository, repository]], jobs }], 2)) {
    for (const [index, result] of results.entries()) {
      const file = files[index] ?? ''
      const versions = readVersionErrors(result).filter(({ object }) => object === file)
      answers.set(file, {
        ...readTrace(result, true),
        versions: versions.map(({ version, provider }) => `${version} of ${provider}`),
        unbound: readComplaints(result).filter((line) => line.startsWith(`${file} lacks `)),
      })
    }
  }
  return answers
}

/** DT_NEEDED of a file, by an independent reader. */
function needsOf(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const needs = new Map<string, readonly string[]>()
  for (const file of files) {
    const out = execFileSync('readelf', ['-dW', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    needs.set(
      file,
      [...out.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name = '']) => name),
    )
  }
  return needs
}

interface Judged {
  readonly needs: number
  readonly missing: number
  readonly elsewhere: number
  readonly wrong: readonly string[]
}

function judge(plan: TargetPlan, files: readonly string[], before: Answers, after: Answers): Judged {
  const needs = needsOf(files)
  const wrong: string[] = []
  const counts = { needs: 0, missing: 0, elsewhere: 0 }
  for (const row of plan.packages) {
    const folder = `${folderOf(row.package)}/`
    for (const file of files.filter((path) => path.startsWith(folder))) {
      const answer = after.get(file)
      if (answer === undefined || answer.loaded.length === 0) continue
      const relative = file.slice(folder.length)
      const claimed = row.changes.filter(({ objects }) => objects.includes(relative))
      for (const soname of needs.get(file) ?? []) {
        counts.needs += 1
        const missing = answer.loaded.some(([name, path]) => name === soname && path === null)
        const claim = claimed.find((change) => change.soname === soname)
        const absent = claim?.versions.length === 0
        if (missing) counts.missing += 1
        if (missing !== absent) {
          if (missing && before.get(file)?.loaded.some(([name, path]) => name === soname && path === null) === true)
            counts.elsewhere += 1
          else
            wrong.push(
              `${file} ${soname}: ${missing ? 'not found, and the plan is silent' : `found, and the plan says ${claim?.reason ?? ''}`}`,
            )
        }
      }
      for (const version of answer.versions) {
        const told = claimed.some((change) => change.versions.some((node) => version.startsWith(`${node} of `)))
        if (!told) wrong.push(`${file}: ${version} not found, and the plan is silent`)
      }
    }
  }
  return { ...counts, wrong }
}

/** What starts in the old base must bind in the new one where the plan says that it runs as it is. */
function newlyUnbound(plan: TargetPlan, files: readonly string[], before: Answers, after: Answers): readonly string[] {
  const rows = plan.packages.filter(({ verdict, waits_for }) => verdict === 'runs' && waits_for.length === 0)
  return rows.flatMap((row) =>
    files
      .filter((path) => path.startsWith(`${folderOf(row.package)}/`))
      .flatMap((file) => {
        const known = new Set(before.get(file)?.unbound ?? [])
        const fresh = (after.get(file)?.unbound ?? []).filter((line) => !known.has(line))
        return fresh.length === 0 ? [] : [`${fresh[0] ?? ''} and ${fresh.length - 1} more`]
      }),
  )
}

interface Known {
  readonly files: readonly string[]
  readonly programs: readonly string[]
  readonly before: Answers
  readonly startsBefore: Starts
}

/** The new base with what the plan wants: how much still is not found, or does not start, and should. */
async function applied(
  plan: TargetPlan,
  context: StudioContext,
  { files, programs, before, startsBefore }: Known,
): Promise<number> {
  return over(target, async (root) => {
    install(
      root,
      plan.os_packages.map(({ name }) => name),
    )
    for (const { files: grafts } of plan.grafts) {
      for (const graft of grafts) carry(graft, root)
    }
    execFileSync('chroot', [root, '/sbin/ldconfig'], { stdio: 'ignore' })
    const answers = await trace(root, context, files)
    const left = stillMissing(plan, files, before, answers)
    console.log(
      `  after ${plan.os_packages.length} OS packages and ${plan.grafts.length} grafts, not found although promised: ${left.length}`,
    )
    for (const line of left.slice(0, SHOWN)) console.log(`    ${line}`)
    if (programs.length === 0) return left.length
    const started = judgeStarts(startsBefore, await startAll(programs, startSetting(root, context)), {
      plan,
      repository,
      folderOf: (id) => `${folderOf(id)}/`,
      loaded: (program) => answers.get(program)?.loaded ?? [],
      counts: ({ solution }) => solution !== 'os-package' && solution !== 'graft',
    })
    showStarts('with OS packages and grafts', started)
    return left.length + disagreeing(started.verdicts).length
  })
}

/** Works in a copy of a root that nothing stays of: an overlay. */
async function over<T>(root: string, work: (top: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'airtight-migrate-'))
  const top = join(folder, 'root')
  // An overlay over an overlay's own file system is refused: memory it is.
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder])
  for (const name of ['upper', 'work', 'root']) mkdirSync(join(folder, name))
  const layers = `lowerdir=${root},upperdir=${join(folder, 'upper')},workdir=${join(folder, 'work')}`
  try {
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', layers, top])
    mkdirSync(join(top, repository), { recursive: true })
    return await work(top)
  } finally {
    execFileSync('umount', ['-l', top])
    execFileSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true, force: true })
  }
}

function install(root: string, packages: readonly string[]): void {
  if (packages.length === 0) return
  cpSync('/etc/resolv.conf', join(root, 'etc/resolv.conf'), { force: true, dereference: true })
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
  const args = [root, 'apt-get', 'install', '-y', '-q', '--no-install-recommends', ...packages]
  execFileSync('chroot', args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** A file of the host under the name that is asked for. */
function carry(graft: string, root: string): void {
  const out = execFileSync('readelf', ['-dW', join(studio, 'host', graft)], { encoding: 'utf8' })
  const soname = /\(SONAME\).*\[(.*)\]/.exec(out)?.[1] ?? graft.slice(graft.lastIndexOf('/') + 1)
  const place = join(root, LIBRARIES, soname)
  // An OS package that was installed for another library has brought it: the base's own stays.
  if (!existsSync(place)) cpSync(join(studio, 'host', graft), place, { dereference: true })
}

function stillMissing(plan: TargetPlan, files: readonly string[], before: Answers, after: Answers): readonly string[] {
  const needs = needsOf(files)
  return plan.packages
    .filter(({ verdict }) => !['rebuild', 'unknown', 'broken'].includes(verdict))
    .flatMap(({ package: id }) =>
      files
        .filter((path) => path.startsWith(`${folderOf(id)}/`))
        .flatMap((file) => {
          const lost = (answers: Answers): ReadonlySet<string> =>
            new Set((answers.get(file)?.loaded ?? []).filter(([, path]) => path === null).map(([name]) => name))
          const known = lost(before)
          const direct = new Set(needs.get(file) ?? [])
          return [...lost(after)]
            .filter((name) => direct.has(name) && !known.has(name))
            .map((name) => `${file} ${name}`)
        }),
    )
}
