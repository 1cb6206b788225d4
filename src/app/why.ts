/** The use case of `why`: who asks for a library in a context, the loader's trail, the winner and the losers. */
import type { Audit, ContextAudit, PackageObject, ResolvedNeed, ResolvedWorld, WorldName } from '../domain/audit.ts'
import type { Candidate, Closure } from '../domain/closure.ts'
import { packageId } from '../domain/context.ts'
import { failed } from '../domain/tree.ts'
import type { Why, WhyAnswer, WhyFile, WhyLink, WhyLoser, WhyWorld } from '../report/why.ts'
import { searched } from '../repair/supply.ts'
import { assignment, shellWord } from './shell.ts'

/** Explains a name in every context of an audit; null where no object asks for it. */
export function explain(audit: Audit, name: string): Why | null {
  const contexts = audit.contexts.map((context) => ({
    context: context.context.name,
    worlds: (['host', 'base'] as const).flatMap((world) => worldOf(context, world, name)),
  }))
  const asked = contexts.some((context) => context.worlds.some((world) => world.answers.length > 0))
  return asked ? { schema: 'airtight/why/v1', name, contexts } : null
}

/** Every name that an object of the contexts asks for, sorted. */
export function askedNames(audit: Audit): readonly string[] {
  const needs = audit.contexts.flatMap((context) => Object.values(context.worlds).flatMap((world) => world.needs))
  return [...new Set(needs.map((need) => need.name))].sort()
}

function worldOf(context: ContextAudit, world: WorldName, name: string): readonly WhyWorld[] {
  const resolved = context.worlds[world]
  if (resolved === undefined) return []
  const groups = new Map<string, ResolvedNeed[]>()
  for (const need of resolved.needs.filter((item) => item.name === name)) {
    const known = groups.get(need.file ?? '')
    if (known === undefined) groups.set(need.file ?? '', [need])
    else known.push(need)
  }
  const place = { context, resolved, owned: new Map(context.objects.map((object) => [object.path, object])) }
  const answers = [...groups.values()]
    .sort((a, b) => b.length - a.length)
    .map((needs) => answerOf(place, needs))
    .filter((answer) => answer !== null)
  return [{ world, system: resolved.world.system.label, answers }]
}

interface Place {
  readonly context: ContextAudit
  readonly resolved: ResolvedWorld
  readonly owned: ReadonlyMap<string, PackageObject>
}

/** The need that is explained: one that its own search answered, before one that another object's search did. */
function answerOf(place: Place, needs: readonly ResolvedNeed[]): WhyAnswer | null {
  const shown = needs.find((need) => need.how !== 'loaded') ?? needs[0]
  if (shown === undefined) return null
  const trail = place.resolved.trail(shown.root, shown.object.path, shown.name)
  return {
    winner: shown.file === null ? null : fileOf(place, shown.file),
    how: shown.how,
    askers: [...new Set(needs.map((need) => `${packageId(need.object.owner)} ${need.object.relative}`))].sort(),
    chain: chainOf(place, shown),
    trail: trail.map(({ stage, path, verdict, origin, reason }) => ({ stage, path, verdict, origin, reason })),
    losers: losersOf(place, shown, trail),
    ...commandOf(place, shown),
  }
}

function fileOf({ owned, resolved }: Place, path: string): WhyFile {
  const object = owned.get(path)
  if (object !== undefined) return { path, owner: packageId(object.owner) }
  const owner = resolved.ownerOf(path)
  return { path, owner: owner === null ? null : `${owner.manager} ${owner.name} ${owner.version}` }
}

/** From the root of the process to the asker, by who asked for whom first. */
function chainOf(place: Place, need: ResolvedNeed): readonly WhyLink[] {
  const closure = place.resolved.closures.find((candidate) => candidate.root === need.root)
  const links: string[] = []
  let entry = closure?.objects.find((candidate) => candidate.file === need.object.path)
  for (let step = 0; entry !== undefined && step <= (closure?.objects.length ?? 0); step += 1) {
    links.unshift(entry.file ?? entry.name)
    entry = entry.loader === null ? undefined : closure?.objects[entry.loader]
  }
  if (links.length === 0) links.push(need.object.path)
  const program = closure === undefined ? null : programOf(closure)
  if (program !== null && links[0] !== program) links.unshift(program)
  return links.map((path) => {
    const object = place.owned.get(path)
    const base = path.slice(path.lastIndexOf('/') + 1)
    return { ...fileOf(place, path), tool: object?.owner.tools.includes(base) ?? false }
  })
}

/** Copies of the context and of the system that answer to the name and are not taken. */
function losersOf(place: Place, need: ResolvedNeed, trail: readonly Candidate[]): readonly WhyLoser[] {
  const { context, resolved } = place
  const copies = context.objects
    .filter((object) => answersTo(object, need.name) && object.path !== need.file)
    .map((object) => object.path)
  const system = systemCopy(place, need)
  const paths = system === null || system === need.file ? copies : [...copies, system]
  const tried = new Map<string, Candidate>()
  for (const candidate of trail) {
    const found = resolved.world.lookup(candidate.path)
    if (!failed(found)) tried.set(found.path, candidate)
  }
  return [...new Set(paths)].map((path) => {
    const candidate = tried.get(path)
    const reason = candidate === undefined ? null : (candidate.reason ?? candidate.verdict)
    return { ...fileOf(place, path), because: reason ?? untriedReason(place, path, need) }
  })
}

function answersTo(object: PackageObject, name: string): boolean {
  return object.reading.object?.soname === name || object.path.endsWith(`/${name}`)
}

function untriedReason({ owned }: Place, path: string, need: ResolvedNeed): string {
  const object = owned.get(path)
  if (need.how === 'loaded') return 'another copy was loaded before'
  if (object === undefined || object.onLibraryPath) return 'the search ends before it'
  return object.public ? 'its folder is on no search path' : 'a private copy: its folder is on no search path'
}

/** What the system itself would answer. */
function systemCopy({ resolved }: Place, need: ResolvedNeed): string | null {
  const header = need.object.reading.header
  return header === null || need.name.includes('/') ? null : searched(resolved.world, [], need.name, header)
}

/** The loader started by name with a trace: it prints what it does and starts nothing. */
function commandOf(place: Place, need: ResolvedNeed): Pick<WhyAnswer, 'command' | 'commandRoot'> {
  const { resolved } = place
  const closure = resolved.closures.find((candidate) => candidate.root === need.root)
  const { libraryPath, preload } = resolved.world.environment
  const { label } = resolved.world.system.tree
  const program = closure === undefined ? null : programOf(closure)
  // A plugin is searched for as what is preloaded: by the paths of the program, which no trace of it alone has.
  const preloads = [preload, program === null ? null : need.root].filter((item) => item !== null)
  const words = [
    ...(libraryPath === null ? [] : [assignment('LD_LIBRARY_PATH', libraryPath)]),
    ...(preloads.length === 0 ? [] : [assignment('LD_PRELOAD', preloads.join(':'))]),
    'LD_DEBUG=libs',
    'LD_TRACE_LOADED_OBJECTS=1',
    shellWord(closure?.interpreter ?? 'ld.so'),
    shellWord(program ?? need.root),
  ]
  return { command: words.join(' '), commandRoot: label === '/' ? null : label }
}

/** The program in whose process the root was opened; null for one that starts by itself. */
function programOf({ rootIndex, objects }: Closure): string | null {
  return rootIndex === 0 ? null : (objects[0]?.path ?? null)
}
