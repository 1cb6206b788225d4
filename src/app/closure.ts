/** The use case of `closure`: what the loader loads for some files of one root, in the order they were named. */
import type { Closure } from '../domain/closure.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { RepairProblem } from '../domain/repair.ts'
import type { Cpu, System, World } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'
import { resolveClosure, traceRoot } from '../loader/closure.ts'
import type { Trace } from '../loader/closure.ts'
import { cpuOfLevel, nativeCpu, parseCpu } from '../system/cpu.ts'
import { openSystem } from '../system/open.ts'
import { isLayout } from '../system/source-kind.ts'
import { createWorld } from '../system/world.ts'
import { openFolderTree } from '../tree/folder.ts'
import type { FolderMount } from '../tree/folder.ts'
import { statusAt } from '../tree/status.ts'
import type { ClosureRepairs, LaidOverRoot } from './closure-repairs.ts'

export interface ClosurePlan {
  /** The root file system: a folder of this machine, an image, an archive, a capture. */
  readonly root: string
  readonly mounts: readonly FolderMount[]
  readonly libraryPath: string | null
  readonly preload: string | null
  /** `--cpu`; null takes this machine's own for `/`, else the baseline. */
  readonly cpu: string | null
  /** The program in whose process the files are opened, null to start each alone. */
  readonly inside: string | null
  /** `--repairs`: laid over the root; none where left out. */
  readonly repairs?: ClosureRepairs | null
}

/** A place where closures can be asked for. */
export interface ClosurePlace {
  readonly world: World
  /** What is wrong with repairs that were laid over the root. */
  readonly problems: readonly RepairProblem[]
  trace(path: string): Trace
  closure(path: string): Closure
  /** Why a path cannot be a root at all; null for a file, whatever it holds. */
  problem(path: string): Fault | null
}

/** Opens the root with its mounts; a fault where a folder or the processor is not what it should be. */
export async function openClosurePlace(plan: ClosurePlan): Promise<ClosurePlace | Fault> {
  for (const { source } of plan.mounts) {
    const problem = folderProblem(source)
    if (problem !== null) return problem
  }
  const cpu = cpuOf(plan)
  if ('message' in cpu) return cpu
  const system = await openRoot(plan, cpu)
  if ('message' in system) return system
  const given = plan.libraryPath ?? system.environment?.get('LD_LIBRARY_PATH') ?? null
  const laid = await laidOver(plan.repairs ?? null, system, given)
  if ('message' in laid) return laid
  const environment = {
    libraryPath: laid.libraryPath,
    preload: plan.preload ?? system.environment?.get('LD_PRELOAD') ?? null,
  }
  const overlay = laid.overlay.size === 0 ? {} : { overlay: laid.overlay }
  const world = createWorld({ name: 'host', system, environment, ...overlay })
  const { inside } = plan
  return {
    world,
    problems: laid.problems,
    trace: (path) => (inside === null ? traceRoot(world, path) : traceOf(resolveClosure(world, path, { inside }))),
    closure: (path) => resolveClosure(world, path, { inside }),
    problem: (path) => fileProblem(world, path),
  }
}

async function laidOver(
  repairs: ClosureRepairs | null,
  system: System,
  libraryPath: string | null,
): Promise<LaidOverRoot | Fault> {
  if (repairs === null) return { overlay: new Map(), libraryPath, problems: [] }
  const { layOverRoot } = await import('./closure-repairs.ts')
  return layOverRoot(repairs, system, libraryPath)
}

/** A folder as it is, however little it holds; an image, an archive or a capture as a source of a system. */
async function openRoot(plan: ClosurePlan, cpu: Cpu): Promise<System | Fault> {
  if (folderProblem(plan.root) === null && !isLayout(plan.root)) {
    return openSystem(openFolderTree(plan.root, plan.mounts), { label: plan.root, cpu })
  }
  const { openSource } = await import('../system/source.ts')
  return openSource(plan.root, cpu, null, { mounts: plan.mounts })
}

function cpuOf(plan: ClosurePlan): Cpu | Fault {
  if (plan.cpu !== null) return parseCpu(plan.cpu)
  return plan.root === '/' ? nativeCpu() : cpuOfLevel(1)
}

/** The short form of a closure: its trace, or nothing where the trace ends in an error. */
export function traceOf(closure: Closure): Trace {
  const entries = closure.trace.map((index) => closure.objects[index]).filter((entry) => entry !== undefined)
  return { root: closure.root, loaded: entries, fatal: closure.fatal }
}

function folderProblem(folder: string): Fault | null {
  const status = statusAt(folder)
  if (status === null) return faultAt('missing', folder, null, 'does not exist')
  if ('message' in status) return status
  return status.isDirectory() ? null : faultAt('malformed', folder, null, 'a folder is wanted here, this is none')
}

function fileProblem(world: World, path: string): Fault | null {
  const entry = world.lookup(path)
  if (failed(entry)) {
    const reason =
      entry.errno === 'ENOENT' || entry.errno === 'ENOTDIR' ? 'no such file' : `cannot be read (${entry.errno})`
    return faultAt('missing', path, null, `${reason} in ${world.system.label}`)
  }
  if (entry.kind === 'file') return null
  const what = entry.kind === 'other' ? 'device, pipe or socket' : entry.kind
  return faultAt('malformed', path, null, `is a ${what}, a file is wanted`)
}
