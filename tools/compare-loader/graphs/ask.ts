/** What the real loader and Airtight say of the runs of one graph, and where they differ. */
import type { Cpu, CpuLevel, World } from '../../../src/domain/system.ts'
import type { Tree } from '../../../src/domain/tree.ts'
import { resolveClosure, traceRoot } from '../../../src/loader/closure.ts'
import { openSystem } from '../../../src/system/open.ts'
import { createWorld } from '../../../src/system/world.ts'
import { readTrace } from '../tracer.ts'
import type { LoaderAnswer, TraceJob, TraceResult, TraceWork } from '../tracer.ts'
import type { Content, Graph, Run } from './graph.ts'
import { LOADER } from './graph.ts'
import { STARTED } from './make.ts'

/** The loader's answer to one run. */
export interface RunAnswer extends LoaderAnswer {
  /**
   * A real start goes wrong before the program's first instruction: the loader's words for it. Undefined where a start
   * says nothing: a library without needs is handed to the kernel as a static program, and what a link leads to has no
   * code of its own.
   */
  readonly start: string | null | undefined
}

/** Tunables that take features away until only this level is left (glibc.cpu.hwcaps). */
const TUNABLES = { 1: '-AVX2,-SSE4_2,-AVX2_Usable', 2: '-AVX2,-AVX2_Usable' } as const

/** The runs of a graph as work for trace.py: a trace and a real start each. */
export function workOf(graph: Graph, root: string): TraceWork {
  return { root, proc: true, jobs: graph.runs.flatMap((run) => jobsOf(run)) }
}

function jobsOf(run: Run): readonly TraceJob[] {
  const env: Record<string, string> = {}
  if (run.libraryPath !== null) env['LD_LIBRARY_PATH'] = run.libraryPath
  if (run.preload !== null) env['LD_PRELOAD'] = run.preload
  if (run.level !== null) env['GLIBC_TUNABLES'] = `glibc.cpu.hwcaps=${TUNABLES[run.level]}`
  const named = [LOADER, run.path]
  const argv = run.by === 'kernel' ? [run.path] : named
  const traced = { ...env, LD_TRACE_LOADED_OBJECTS: '1' }
  return [
    { argv, env: traced, cwd: run.cwd },
    { argv: named, env: traced, cwd: run.cwd },
    { argv, env, cwd: run.cwd },
  ]
}

/** Reads the results of {@link workOf}. */
export function answersOf(graph: Graph, results: readonly TraceResult[]): readonly RunAnswer[] {
  const files = new Map<string, Content | null>(graph.files)
  for (const { path, content } of graph.changes) files.set(path, content)
  return graph.runs.map((run, index) => {
    const [own, named, started] = results.slice(index * 3, index * 3 + 3)
    if (own === undefined || named === undefined || started === undefined) throw new Error('an answer is missing')
    // Where the kernel cannot start the program, ldd still shows what its loader would do.
    const start = run.by === 'loader' && isBare(files.get(run.path)) ? undefined : startError(started)
    return { ...readTrace(own[0] === null ? named : own), start }
  })
}

/** The answers of the loader started by name, for comparison with {@link answersOf}. */
export function namedAnswersOf(graph: Graph, results: readonly TraceResult[]): readonly LoaderAnswer[] {
  return graph.runs.map((_, index) => {
    const named = results[index * 3 + 1]
    if (named === undefined) throw new Error('an answer is missing')
    return readTrace(named)
  })
}

function isBare(content: Content | null | undefined): boolean {
  if (content?.kind !== 'elf') return true
  return !(content.spec.needs ?? []).some((need) => typeof need === 'string' || need.kind === 'needed')
}

function startError([status, , err]: TraceResult): string | null {
  // Symbols are not what is asked here.
  if (status === STARTED || /symbol lookup error|dl-lookup\.c/.test(err)) return null
  const text = /error while loading shared libraries: (.*)/.exec(err)?.[1]
  if (text !== undefined) return text
  const lines = err
    .split('\n')
    .filter((line) => !/^$|cannot be preloaded|no version information|weak version/.test(line))
  const version = lines.find((line) => line.includes(': version `'))
  if (version !== undefined) return version.replace(/^[^:]*: /, '')
  return lines.at(-1) ?? `ended with ${String(status)}`
}

/** Airtight's answers to the runs of a graph, on the processor that the loader's answers come from. */
export function airtightAnswers(graph: Graph, tree: Tree, native: Cpu): readonly RunAnswer[] {
  const systems = new Map<CpuLevel | null, ReturnType<typeof openSystem>>()
  const worlds = new Map<string, World>()
  return graph.runs.map((run) => {
    const system = systems.get(run.level) ?? openSystem(tree, { cpu: cpuFor(native, run.level) })
    systems.set(run.level, system)
    const environment = { libraryPath: run.libraryPath, preload: run.preload, folder: run.cwd }
    // One world for all runs in one environment, as for the roots of a context: what is kept must not mix them up.
    const key = JSON.stringify([environment, run.level])
    const world = worlds.get(key) ?? createWorld({ name: 'host', system, environment })
    worlds.set(key, world)
    const trace = traceRoot(world, run.path)
    const { start } = resolveClosure(world, run.path)
    return { loaded: trace.loaded.map(({ name, path }) => [name, path] as const), error: trace.fatal, start }
  })
}

function cpuFor(native: Cpu, level: 1 | 2 | null): Cpu {
  if (level === null || native.level <= level) return native
  return { ...native, level, platform: null, legacy: [] }
}

/** What differs, in one line; null when nothing does. */
export function difference(theirs: RunAnswer, ours: RunAnswer): string | null {
  return traceDifference(theirs, ours) ?? startDifference(theirs, ours)
}

export function traceDifference(theirs: LoaderAnswer, ours: LoaderAnswer): string | null {
  if ((theirs.error === null) !== (ours.error === null)) {
    return `trace: loader: ${theirs.error ?? 'no error'}; airtight: ${ours.error ?? 'no error'}`
  }
  const show = (answer: LoaderAnswer): readonly string[] =>
    answer.loaded.map(([name, path]) => `${name} => ${path ?? '-'}`)
  const left = show(theirs)
  const right = show(ours)
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    if (left[i] !== right[i]) return `entry ${i}: loader: ${left[i] ?? 'the end'}; airtight: ${right[i] ?? 'the end'}`
  }
  return null
}

function startDifference(theirs: RunAnswer, ours: RunAnswer): string | null {
  if (theirs.start === undefined || ours.start === undefined) return null
  if ((theirs.start === null) === (ours.start === null)) return null
  return `start: loader: ${theirs.start ?? 'starts'}; airtight: ${ours.start ?? 'starts'}`
}
