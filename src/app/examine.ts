/** Examines one context: worlds, what its packages hold, and every need resolved in each world. */
import type { ContextAudit, PackageObject, ResolvedWorld, WorldName } from '../domain/audit.ts'
import type { Context } from '../domain/context.ts'
import { variableValue } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import type { RepairProblem } from '../domain/repair.ts'
import type { System, World } from '../domain/system.ts'
import type { Mount, Overlay, Tree } from '../domain/tree.ts'
import { anyGlob } from '../policy/glob.ts'
import type { Policy } from '../policy/policy.ts'
import type { Drivers } from '../rules/knowledge/lookup.ts'
import { cpuOfLevel } from '../system/cpu.ts'
import { startValue } from '../system/inherited.ts'
import { openSystem } from '../system/open.ts'
import type { Readings, SharedSymbols } from '../system/world.ts'
import { createWorld } from '../system/world.ts'
import { fileDigest } from '../tree/digest.ts'
import type { Progress } from './audit-options.ts'
import { buildRecords } from './build-records.ts'
import type { Focus } from './gather.ts'
import { gather } from './gather.ts'
import type { KnownClosures } from './link-maps.ts'
import type { PayloadObjects } from './payload-objects.ts'
import { resolveWorld } from './resolve.ts'
import { findRoots } from './roots.ts'
import { topFolders } from './top-folders.ts'

export interface ExamineOptions {
  readonly context: Context
  /** The machine's own file tree, where the packages lie. */
  readonly machine: Tree
  readonly host: System | null
  readonly base: System | null
  readonly policy: Policy
  readonly drivers: Drivers
  readonly focus: Focus
  /** Shared between contexts, so that a package in several of them is read once. */
  readonly readings: Readings
  /** Shared likewise. */
  readonly symbols: SharedSymbols
  /** Shared likewise, where no symbols are asked for and no repairs are laid over the worlds. */
  readonly closures?: KnownClosures
  /** Shared likewise, where only objects are asked for: scripts, texts and what cannot be read are left out. */
  readonly payloads?: PayloadObjects
  readonly progress: ((step: Progress) => void) | null
  /** Whether commands of packages are looked for on PATH; they are, unless this is false. */
  readonly withCommands?: boolean
  /** What repairs lay over the worlds; null for the worlds as they are. */
  readonly laid?: LaidOver | null
}

/** Entries that repairs put over packages, which count in every world, and over the image, which is the base. */
export interface LaidOver {
  readonly packages: Overlay
  readonly image: Overlay
  /** Whether a file of the image is there by decision: packages may rely on it. */
  grants(path: string): boolean
  /** OS packages that the base is to have and has not, sorted; absent where none are asked for. */
  readonly missing?: readonly string[]
  /** Why entries were left out: guards that do not match, entries that contradict each other. */
  readonly problems?: readonly RepairProblem[]
}

export interface Examined {
  readonly audit: ContextAudit
  readonly faults: readonly Fault[]
  /** Faults that only reading at the request of a rule met. */
  lateFaults(): readonly Fault[]
}

/** Reads and resolves everything about one context. */
export function examine(options: ExamineOptions): Examined {
  const { context, policy } = options
  const worlds = makeWorlds(options)
  const reader = worlds[0] ?? makeWorld('host', openSystem(options.machine, { cpu: cpuOfLevel(1) }), options)
  const gathered = gather({
    context,
    reader,
    worlds,
    privateDirs: policy.privateDirs,
    ignorePaths: policy.ignorePaths,
    pluginPaths: policy.plugins.flatMap((plugin) => plugin.match),
    progress: options.progress,
    focus: options.focus,
    ...(options.payloads === undefined ? {} : { payloads: options.payloads }),
  })
  const { judged, foreign } = splitForeign(gathered.objects, worlds)
  const records = buildRecords(options.machine)
  const roots = findRoots(judged, policy.plugins, options.focus)
  const allowed = anyGlob(policy.allow.filter(({ from }) => from === 'base').flatMap(({ sonames }) => sonames))
  const resolved: Partial<Record<WorldName, ResolvedWorld>> = {}
  worlds.forEach((world, index) => {
    options.progress?.({ stage: 'resolve', label: world.name, done: index, total: worlds.length })
    resolved[world.name] = resolveWorld({
      world,
      gathered,
      objects: judged,
      roots,
      packages: context.packages,
      path: commandFolders(context),
      variable: (name) => variableValue(context.environment, name),
      // Tools matter on the system that will run them: the base where there is one.
      withSystemTools: index === worlds.length - 1 && options.withCommands !== false,
      withCommands: options.withCommands !== false,
      drivers: options.drivers,
      focus: options.focus,
      allowed,
      closures: options.closures ?? null,
      grants: (file) => options.laid?.grants(file) ?? false,
    })
  })
  return {
    audit: {
      context,
      ...(options.focus === null ? {} : { subjects: context.packages.filter(options.focus) }),
      objects: judged,
      foreign,
      unread: gathered.unread,
      scripts: gathered.scripts,
      links: gathered.links,
      texts: gathered.texts,
      counts: gathered.counts,
      machine: options.machine,
      built: (item) => records.of(item),
      owner: gathered.ownership,
      digest: digests(reader.tree),
      worlds: resolved,
    },
    faults: gathered.faults,
    lateFaults: () => records.faults(),
  }
}

function commandFolders({ environment }: Context): readonly string[] {
  return (variableValue(environment, 'PATH') ?? '').split(':').filter((folder) => folder !== '')
}

function makeWorlds(options: ExamineOptions): readonly World[] {
  const { host, base } = options
  return [
    ...(host === null ? [] : [makeWorld('host', host, options)]),
    ...(base === null ? [] : [makeWorld('base', base, options)]),
  ]
}

/** The packages stand at the same absolute paths in every world. */
function makeWorld(name: WorldName, system: System, options: ExamineOptions): World {
  const { context, machine, readings, symbols, laid } = options
  const folders = context.packages.flatMap((item) => [item.base, ...item.payload])
  const mounts = topFolders(folders).map((folder): Mount => ({ source: machine, folder, at: folder }))
  const { environment } = context
  const overlay = laid == null ? null : name === 'base' ? new Map([...laid.packages, ...laid.image]) : laid.packages
  return createWorld({
    name,
    system,
    mounts,
    ...(overlay === null || overlay.size === 0 ? {} : { overlay }),
    readings,
    symbols,
    environment: {
      libraryPath: startValue(environment, system, 'LD_LIBRARY_PATH'),
      preload: startValue(environment, system, 'LD_PRELOAD'),
    },
  })
}

/** Objects for a machine that no system has a loader for, unless it is the machine of the whole context. */
function splitForeign(
  objects: readonly PackageObject[],
  worlds: readonly World[],
): { readonly judged: readonly PackageObject[]; readonly foreign: readonly PackageObject[] } {
  const served = new Map<string, boolean>()
  for (const object of objects) {
    const key = machineKey(object)
    if (served.has(key)) continue
    const { machine = 0, class: elfClass = 0 } = object.reading.header ?? {}
    served.set(
      key,
      worlds.some((world) => world.system.loader(null, machine, elfClass) !== null),
    )
  }
  // Where no machine is served, the systems have no loader at all: that is RES005's to say.
  if (![...served.values()].includes(true)) return { judged: objects, foreign: [] }
  const isServed = (object: PackageObject): boolean => served.get(machineKey(object)) === true
  return { judged: objects.filter(isServed), foreign: objects.filter((object) => !isServed(object)) }
}

function machineKey(object: PackageObject): string {
  const { header } = object.reading
  return `${header?.machine ?? 0}/${header?.class ?? 0}/${header?.data ?? 0}`
}

/** sha256 of files, computed when first asked for. */
function digests(tree: Tree): (path: string) => string | null {
  const known = new Map<string, string | null>()
  return (path) => {
    let digest = known.get(path)
    if (digest === undefined) known.set(path, (digest = fileDigest(tree, path)))
    return digest
  }
}
