/**
 * Starts the programs of a plan's packages in a root and holds what happens against the plan: what runs as it is must get
 * past its loader, what the plan calls broken must fail there, for one of the reasons that the plan gives.
 */
import { spawnSync } from 'node:child_process'
import { realpathSync, statSync } from 'node:fs'
import type { ChangeRow, TargetPlan } from '../../src/migrate/document.ts'
import type { TraceJob, TraceResult } from '../compare-loader/tracer.ts'
import { runTraces } from '../compare-loader/tracer.ts'

/** What programs are asked; the first that gets past the loader counts. */
const QUESTIONS: readonly (readonly string[])[] = [['--version'], ['--help']]
/** A program that is still there has started. */
const SECONDS = 20

export interface Start {
  /** The loader's complaint that ended the program; null where it was started. */
  readonly error: string | null
  /** What the complaint is about: a soname, or a version node. */
  readonly about: string | null
  /** Whether any of the questions was answered with status 0. */
  readonly answered: boolean
}

export type Starts = ReadonlyMap<string, Start>

export interface ProgramSetting {
  readonly root: string
  readonly repository: string
  /** LD_LIBRARY_PATH. */
  readonly libraryPath: string
}

/** Files of `bin` folders that the kernel starts through a loader. */
export function programsAmong(files: readonly string[]): readonly string[] {
  return files.filter((file) => {
    if (!/\/bin\/[^/]+$/.test(file) || (statSync(file).mode & 0o111) === 0) return false
    return spawnSync('readelf', ['-lW', file], { encoding: 'utf8' }).stdout.includes('INTERP')
  })
}

/** Starts each program in the root, with nothing but the library path of the context. */
export async function startAll(programs: readonly string[], setting: ProgramSetting): Promise<Starts> {
  const { root, repository, libraryPath } = setting
  const env = {
    LD_LIBRARY_PATH: libraryPath,
    PATH: '/usr/bin:/bin',
    HOME: '/tmp',
    LC_ALL: 'C',
    QT_QPA_PLATFORM: 'minimal',
  }
  const jobs = programs.flatMap((file) =>
    QUESTIONS.map((question): TraceJob => ({ argv: [file, ...question], env, cwd: '/tmp' })),
  )
  const starts = new Map<string, Start>()
  const work = { root, mounts: [[repository, repository] as const], proc: true, jobs }
  for await (const results of runTraces([work], 2, SECONDS)) {
    for (const [index, file] of programs.entries()) {
      const own = results.slice(index * QUESTIONS.length, (index + 1) * QUESTIONS.length)
      starts.set(file, startOf(own))
    }
  }
  return starts
}

function startOf(results: readonly TraceResult[]): Start {
  const errors = results.map(loaderError)
  const failed = errors.find((error) => error !== null) ?? null
  return {
    error: failed?.text ?? null,
    about: failed?.about ?? null,
    answered: results.some(([status]) => status === 0),
  }
}

/** What the loader prints before it ends a program (glibc, elf/dl-error.c, dl-version.c, dl-lookup.c), or the kernel's refusal. */
function loaderError([status, , err]: TraceResult): { readonly text: string; readonly about: string | null } | null {
  const missing = /error while loading shared libraries: ([^:\n]+): .*/.exec(err)
  if (missing !== null) return { text: missing[0], about: missing[1] ?? null }
  const version = /: version `([^'\n]+)' not found \(required by .*/.exec(err)
  if (version !== null) return { text: version[0].slice(2), about: version[1] ?? null }
  const symbol = /symbol lookup error: .*: undefined symbol: ([^,\n]+).*/.exec(err)
  if (symbol !== null) return { text: symbol[0], about: symbol[1] ?? null }
  if (status === null && !err.startsWith('TimeoutExpired')) return { text: err, about: null }
  return null
}

/** One program that starts on the old base. */
export interface Verdict {
  readonly program: string
  /** What the plan says that it misses; empty for a program that is foretold to start. */
  readonly foretold: readonly string[]
  /** What happened in the new base. */
  readonly seen: Start
  readonly agrees: boolean
}

/** Programs by path; `programs` counts those too that do not start on the old base. */
export interface Verdicts {
  readonly programs: number
  readonly verdicts: readonly Verdict[]
}

export interface Judging {
  readonly plan: TargetPlan
  readonly repository: string
  /** Folder of a package of the plan, with a slash at its end. */
  readonly folderOf: (id: string) => string
  /** The map of each program in the new base, as its loader lists it. */
  readonly loaded: (program: string) => readonly (readonly [name: string, path: string | null])[]
  /** Whether a change still hurts: those that were repaired do not. */
  readonly counts: (change: ChangeRow) => boolean
}

/** Holds what happened against what the plan says of every object that a program loads. */
export function judgeStarts(before: Starts, after: Starts, judging: Judging): Verdicts {
  const verdicts: Verdict[] = []
  for (const [program, seen] of after) {
    if (before.get(program)?.error !== null) continue
    const foretold = reasonsOf(program, judging)
    const agrees = seen.error === null ? foretold.size === 0 : seen.about !== null && foretold.has(seen.about)
    verdicts.push({ program, foretold: [...foretold].sort(), seen, agrees })
  }
  return { programs: after.size, verdicts: verdicts.sort((a, b) => (a.program < b.program ? -1 : 1)) }
}

/** The sonames and version nodes that the plan misses for the objects in a program's map. */
function reasonsOf(program: string, { plan, repository, folderOf, loaded, counts }: Judging): ReadonlySet<string> {
  // The loader tells names, which are links to the files that the plan names; packages lie at the same place in the root.
  const files = loaded(program).flatMap(([, path]) =>
    path?.startsWith(repository) === true ? [realpathSync(path)] : [],
  )
  const paths = new Set([program, ...files])
  const reasons = new Set<string>()
  for (const row of plan.packages) {
    const folder = folderOf(row.package)
    const inside = new Set(
      [...paths].filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length)),
    )
    if (inside.size === 0) continue
    for (const change of row.changes) {
      if (!counts(change) || !change.objects.some((object) => inside.has(object))) continue
      if (change.versions.length === 0) reasons.add(change.soname)
      else for (const node of change.versions) reasons.add(node)
    }
  }
  return reasons
}
