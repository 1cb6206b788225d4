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
  readonly bindings: readonly DocumentBinding[]
}

/** A binding whose name is still text. */
type Named = Omit<DocumentBinding, 'name'> & { readonly text: string }

/** Bindings of package objects as the audit judged them, then those of the system files they load in turn. */
export function gatherBindings(audit: Audit, objects: ObjectTable): Bindings {
  const wanted = trailsWanted(audit)
  const named = audit.contexts.flatMap((context, index) =>
    WORLDS.flatMap((world) => {
      const resolved = context.worlds[world]
      if (resolved === undefined) return []
      return [
        ...ownedBindings(index, world, resolved, objects, wanted),
        ...systemBindings(index, world, resolved, objects),
      ]
    }),
  )
  const names = [...new Set(named.map((binding) => binding.text))].sort(compareText)
  const places = new Map(names.map((name, index) => [name, index]))
  return { names, bindings: named.map((binding) => numbered(binding, places)) }
}

function numbered({ text, ...rest }: Named, places: ReadonlyMap<string, number>): DocumentBinding {
  const { context, object, world, ...answer } = rest
  return { context, object, world, name: places.get(text) ?? 0, ...answer }
}

function ownedBindings(
  context: number,
  world: WorldName,
  resolved: ResolvedWorld,
  objects: ObjectTable,
  wanted: (need: ResolvedNeed) => boolean,
): readonly Named[] {
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
        ...(trail.length > 0 ? { trail: trail.map(candidateData) } : {}),
      },
    ]
  })
}

function candidateData({ stage, path, verdict, origin, reason }: Candidate): DocumentCandidate {
  return { stage, path, verdict, origin, reason }
}

/** What files of the system load in turn; the first answer that any process gives, for nearly all give the same. */
function systemBindings(
  context: number,
  world: WorldName,
  resolved: ResolvedWorld,
  objects: ObjectTable,
): readonly Named[] {
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
