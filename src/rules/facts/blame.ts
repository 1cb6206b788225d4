/** Why an object is loaded: the shortest chain from a command that a person starts to the object. */
import type { ContextAudit } from '../../domain/audit.ts'
import { packageId } from '../../domain/context.ts'
import { ContextGraph } from '../../graph/context-graph.ts'

/** One hop of a chain. */
export interface Hop {
  readonly package: string
  /** Relative to the payload root. */
  readonly object: string
}

/** Chains from entries of `tools`, or from any program where no tool leads to the object; null where none does. */
export type Blame = (path: string) => readonly Hop[] | null

/** The chains of one context; the graph is made when the first one is asked for. */
export function blameOf(audit: ContextAudit): Blame {
  let chains: ((path: string) => readonly string[] | null)[] | null = null
  const byPath = new Map(audit.objects.map((object) => [object.path, object]))
  return (path) => {
    chains ??= makeChains(audit, byPath)
    const chain = chains.map((find) => find(path)).find((found) => found !== null) ?? null
    if (chain === null) return null
    return chain.flatMap((step) => {
      const object = byPath.get(step)
      return object === undefined ? [] : [{ package: packageId(object.owner), object: object.relative }]
    })
  }
}

function makeChains(
  audit: ContextAudit,
  byPath: ReadonlyMap<string, ContextAudit['objects'][number]>,
): ((path: string) => readonly string[] | null)[] {
  const needs = (audit.worlds.host ?? audit.worlds.base)?.needs ?? []
  const edges = needs.flatMap(({ object, file }) =>
    file !== null && byPath.has(file) ? [{ from: object.path, to: file }] : [],
  )
  const graph = new ContextGraph(byPath.keys(), edges)
  const programs = audit.objects.filter((object) => object.role === 'program')
  const tools = programs.filter(({ owner, path }) => owner.tools.includes(path.slice(path.lastIndexOf('/') + 1)))
  return [tools, programs].map((sources) => graph.chainsFrom(sources.map((object) => object.path)))
}
