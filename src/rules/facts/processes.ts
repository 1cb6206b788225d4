/** What stands together in one process: libraries of which a process should have one copy, with the ways that lead there. */
import type { ContextAudit, WorldName } from '../../domain/audit.ts'
import type { Closure, Loaded } from '../../domain/closure.ts'
import type { Package } from '../../domain/context.ts'
import type { Singletons } from '../knowledge/singletons.ts'
import type { Singleton } from '../knowledge/types.ts'
import { baseName } from './copies.ts'
import { stemOf } from './stem.ts'

/** One of several copies in a process. */
export interface Member {
  readonly soname: string
  readonly file: string
  /** Null for a file of the system. */
  readonly owner: Package | null
  /** Names from what the root loads to the copy, the first asker first. */
  readonly chain: readonly string[]
}

/** Copies that stand in the processes of some roots together. */
export interface Doubled {
  readonly world: WorldName
  /** The stem, or the name of the singleton. */
  readonly subject: string
  readonly singleton: Singleton | null
  /** By soname. In the process of the first root. */
  readonly members: readonly Member[]
  /** Paths of the roots. */
  readonly roots: readonly string[]
}

/**
 * Every group of copies that stand in one process, at least one of them a package's. The base counts where there is one:
 * it is where the software is going to run.
 */
export function findDoubled(
  audit: ContextAudit,
  worlds: readonly WorldName[],
  singletons: Singletons,
): readonly Doubled[] {
  const world = worlds.at(-1)
  const resolved = world === undefined ? undefined : audit.worlds[world]
  if (world === undefined || resolved === undefined) return []
  const names = new Map<string, string>()
  const sonameOf = (file: string): string => {
    let name = names.get(file)
    if (name === undefined) names.set(file, (name = resolved.world.read(file).object?.soname ?? baseName(file)))
    return name
  }
  const naming: Naming = { sonameOf, singletons, subjectOf: (soname) => singletons.of(soname)?.name ?? stemOf(soname) }
  const suspects = suspectSubjects(resolved.closures, naming)
  if (suspects.size === 0) return []
  const found = new Map<string, { readonly first: Doubled; readonly roots: string[] }>()
  for (const closure of resolved.closures) {
    for (const [subject, members] of together(closure, naming, suspects)) {
      if (!members.some((member) => audit.owner(member.file ?? '') !== null)) continue
      const key = `${subject}\0${members
        .map((member) => member.file ?? '')
        .sort()
        .join('\0')}`
      const known = found.get(key)
      if (known !== undefined) known.roots.push(closure.root)
      else found.set(key, { first: doubled(audit, world, closure, subject, members, naming), roots: [closure.root] })
    }
  }
  return [...found.values()].map(({ first, roots }) => ({ ...first, roots: roots.sort() }))
}

/** How files are told apart. */
interface Naming {
  sonameOf(file: string): string
  readonly singletons: Singletons
  /** The subject under which a soname meets others: its singleton, else its stem. */
  subjectOf(soname: string): string | null
}

/** Subjects of which the whole context loads more than one file: only these are looked for in single processes. */
function suspectSubjects(closures: readonly Closure[], naming: Naming): ReadonlySet<string> {
  const files = new Set<string>()
  for (const closure of closures) for (const { file } of closure.objects) if (file !== null) files.add(file)
  const sonames = new Map<string, Set<string>>()
  for (const file of files) {
    const soname = naming.sonameOf(file)
    const subject = naming.subjectOf(soname)
    if (subject === null) continue
    const set = sonames.get(subject)
    if (set === undefined) sonames.set(subject, new Set([soname]))
    else set.add(soname)
  }
  return new Set([...sonames].filter(([, set]) => set.size > 1).map(([subject]) => subject))
}

/** Groups of different sonames of one subject in one process. */
function together(
  closure: Closure,
  naming: Naming,
  suspects: ReadonlySet<string>,
): ReadonlyMap<string, readonly Loaded[]> {
  const groups = new Map<string, Map<string, Loaded>>()
  for (const loaded of closure.objects) {
    if (loaded.file === null) continue
    const soname = naming.sonameOf(loaded.file)
    const subject = naming.subjectOf(soname)
    if (subject === null || !suspects.has(subject)) continue
    const group = groups.get(subject)
    if (group === undefined) groups.set(subject, new Map([[soname, loaded]]))
    else if (!group.has(soname)) group.set(soname, loaded)
  }
  const found = new Map<string, readonly Loaded[]>()
  for (const [subject, group] of groups) {
    if (group.size > 1)
      found.set(
        subject,
        [...group].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, loaded]) => loaded),
      )
  }
  return found
}

function doubled(
  audit: ContextAudit,
  world: WorldName,
  closure: Closure,
  subject: string,
  members: readonly Loaded[],
  naming: Naming,
): Doubled {
  return {
    world,
    subject,
    singleton: naming.singletons.of(naming.sonameOf(members[0]?.file ?? '')),
    members: members.map((loaded) => ({
      soname: naming.sonameOf(loaded.file ?? ''),
      file: loaded.file ?? '',
      owner: audit.owner(loaded.file ?? ''),
      chain: chainTo(closure, loaded),
    })),
    roots: [],
  }
}

/** From what the root itself loads to the object; the first asker of each counts, as for the loader. */
function chainTo(closure: Closure, loaded: Loaded): readonly string[] {
  const chain: string[] = []
  let at: Loaded | undefined = loaded
  while (at !== undefined && at.loader !== null && chain.length < closure.objects.length) {
    chain.unshift(at.name)
    at = closure.objects[at.loader]
  }
  return chain
}
