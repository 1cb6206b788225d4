/** The bindings of a document: each need of each object in each world, and the trails that findings rest on. */
import type { Audit, ResolvedNeed, ResolvedWorld, WorldName } from '../domain/audit.ts'
import type { Candidate } from '../domain/closure.ts'
import { packageId } from '../domain/context.ts'
import type { DocumentBinding, DocumentCandidate } from '../report/document.ts'
import type { ObjectTable } from './document-objects.ts'
import { compareText } from './document-packages.ts'

const WORLDS: readonly WorldName[] = ['host', 'base']

export interface Bindings {
  /** Sorted. */
  readonly names: readonly string[]
  /** Folders of candidates, sorted, each with its last slash. */
  readonly folders: readonly string[]
  readonly bindings: readonly DocumentBinding[]
}

/** A binding whose names are still text. */
type Named = Omit<DocumentBinding, 'name' | 'trail'> & {
  readonly text: string
  readonly candidates?: readonly Candidate[]
}

/**
 * Bindings of package objects as the audit judged them.
 *
 * @param whole with the trails that findings rest on, and the bindings of the system files that packages load
 */
export function gatherBindings(audit: Audit, objects: ObjectTable, whole: boolean): Bindings {
  const wanted = whole ? trailsWanted(audit) : (): boolean => false
  const named = audit.contexts.flatMap((context, index) =>
    WORLDS.flatMap((world) => {
      const resolved = context.worlds[world]
      if (resolved === undefined) return []
      const owned = ownedBindings({ context: index, world, resolved, objects }, wanted)
      return whole ? [...owned, ...systemBindings({ context: index, world, resolved, objects })] : owned
    }),
  )
  const names = tableOf(named.map((binding) => binding.text))
  const folders = tableOf(named.flatMap((binding) => (binding.candidates ?? []).map((item) => folderOf(item.path))))
  const bindings = named.map(({ text, candidates, ...rest }): DocumentBinding => {
    const { context, object, world, ...answer } = rest
    const trail = candidates?.map((item) => candidateData(item, text, world, folders.index, objects))
    return { context, object, world, name: names.index(text), ...answer, ...(trail === undefined ? {} : { trail }) }
  })
  return { names: names.list, folders: folders.list, bindings }
}

interface Table {
  readonly list: readonly string[]
  readonly index: (text: string) => number
}

/** Different texts, sorted and numbered. */
function tableOf(texts: readonly string[]): Table {
  const list = [...new Set(texts)].sort(compareText)
  const places = new Map(list.map((text, index) => [text, index]))
  return { list, index: (text) => places.get(text) ?? 0 }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

function candidateData(
  candidate: Candidate,
  name: string,
  world: WorldName,
  folder: (text: string) => number,
  objects: ObjectTable,
): DocumentCandidate {
  const start = folderOf(candidate.path)
  const file = candidate.path.slice(start.length)
  const origin = candidate.origin === null ? null : objects.index(world, candidate.origin)
  return {
    stage: candidate.stage,
    folder: folder(start),
    ...(file === name ? {} : { file }),
    verdict: candidate.verdict,
    ...(origin === null ? {} : { origin }),
    ...(candidate.reason === null ? {} : { reason: candidate.reason }),
  }
}

/** One world of one context. */
interface Place {
  readonly context: number
  readonly world: WorldName
  readonly resolved: ResolvedWorld
  readonly objects: ObjectTable
}

function ownedBindings(place: Place, wanted: (need: ResolvedNeed) => boolean): readonly Named[] {
  const { context, world, resolved, objects } = place
  return resolved.needs.flatMap((need) => {
    const object = objects.index(world, need.object.path)
    if (object === null) return []
    const trail = wanted(need) ? resolved.trail(need.root, need.object.path, need.name) : []
    return [
      {
        context,
        object,
        world,
        text: need.name,
        file: need.file === null ? null : objects.index(world, need.file),
        how: need.how,
        provider: need.provider?.kind ?? null,
        ...(need.optional ? { optional: true as const } : {}),
        ...(need.alone ? { alone: true as const } : {}),
        ...(need.metElsewhere ? { met_elsewhere: true as const } : {}),
        ...(need.byAccident ? { by_accident: true as const } : {}),
        ...(trail.length > 0 ? { candidates: trail } : {}),
      },
    ]
  })
}

/** What files of the system load in turn; the first answer that any process gives, for nearly all give the same. */
function systemBindings(place: Place): readonly Named[] {
  const { context, world, resolved, objects } = place
  const met = new Map<string, Map<string, Named>>()
  for (const closure of resolved.closures) {
    for (const binding of closure.bindings) {
      const from = closure.objects[binding.from]?.file ?? null
      if (from === null || objects.isOwned(from)) continue
      let known = met.get(from)
      if (known === undefined) met.set(from, (known = new Map<string, Named>()))
      if (known.has(binding.name)) continue
      const object = objects.index(world, from)
      if (object === null) continue
      const file = closure.objects[binding.to]?.file ?? null
      known.set(binding.name, {
        context,
        object,
        world,
        text: binding.name,
        file: file === null ? null : objects.index(world, file),
        how: binding.how,
        provider: null,
        ...(binding.optional ? { optional: true as const } : {}),
      })
    }
  }
  const files = [...met].sort(([a], [b]) => compareText(a, b))
  return files.flatMap(([, needs]) => [...needs.values()])
}

/** The first witness of each finding about a need keeps its trail: one is enough to see why. */
function trailsWanted(audit: Audit): (need: ResolvedNeed) => boolean {
  const witnesses = new Set<string>()
  for (const finding of audit.findings) {
    const first = finding.objects[0]
    if (first !== undefined) witnesses.add([finding.package ?? '', first, finding.subject].join('\0'))
  }
  return (need) => {
    const { owner, relative } = need.object
    return witnesses.has([packageId(owner), relative, need.name].join('\0'))
  }
}
