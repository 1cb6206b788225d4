/** A directed graph of packages or objects: who needs whom, why something is there, circles, and waves. */
import { alg, Graph } from '@dagrejs/graphlib'

export interface GraphEdge {
  readonly from: string
  readonly to: string
}

/** graphlib keeps nodes as keys of plain objects: a mark in front keeps names such as `__proto__` harmless. */
const MARK = ':'

/** Nodes are any strings. All answers are sorted or in a fixed order, whatever the order of edges. */
export class ContextGraph {
  readonly #graph = new Graph({ directed: true })

  constructor(nodes: Iterable<string>, edges: Iterable<GraphEdge>) {
    for (const node of nodes) this.#graph.setNode(MARK + node)
    for (const { from, to } of edges) this.#graph.setEdge(MARK + from, MARK + to)
  }

  /** What a node needs directly, sorted. */
  providers(node: string): readonly string[] {
    return bare(this.#graph.successors(MARK + node) ?? [])
  }

  /** Who needs a node directly, sorted. */
  users(node: string): readonly string[] {
    return bare(this.#graph.predecessors(MARK + node) ?? [])
  }

  /**
   * Shortest chains from any of the sources: the answer to why something is there.
   *
   * @returns for a node the chain from a source to it, both included; null where no source leads to it
   */
  chainsFrom(sources: Iterable<string>): (node: string) => readonly string[] | null {
    const parents = new Map<string, string | null>()
    for (const source of [...sources].sort()) if (this.#graph.hasNode(MARK + source)) parents.set(source, null)
    // The map grows while it is walked: nearest nodes come first.
    for (const node of parents.keys()) {
      for (const next of this.providers(node)) if (!parents.has(next)) parents.set(next, node)
    }
    return (node) => {
      if (!parents.has(node)) return null
      const chain: string[] = []
      for (let step: string | null = node; step !== null; step = parents.get(step) ?? null) chain.unshift(step)
      return chain
    }
  }

  /** Groups of nodes that need each other in a circle, each sorted; a node that needs itself is a circle of one. */
  circles(): readonly (readonly string[])[] {
    return alg
      .findCycles(this.#graph)
      .map(bare)
      .sort((a, b) => compare(a[0] ?? '', b[0] ?? ''))
  }

  /**
   * Waves in which nodes can be built: each after all it needs. The nodes of a circle come together, in the wave after
   * everything the circle needs.
   */
  waves(): readonly (readonly string[])[] {
    const groups = alg.tarjan(this.#graph)
    const groupOf = new Map(groups.flatMap((group, index) => group.map((node) => [node, index] as const)))
    const levels = new Map<number, number>()
    // Tarjan's order: what a group needs comes before it.
    groups.forEach((group, index) => {
      const needed = group.flatMap((node) => this.#graph.successors(node) ?? []).map((node) => groupOf.get(node) ?? 0)
      const below = needed.filter((other) => other !== index).map((other) => levels.get(other) ?? 0)
      levels.set(index, below.length === 0 ? 0 : Math.max(...below) + 1)
    })
    const waves: string[][] = []
    groups.forEach((group, index) => {
      const level = levels.get(index) ?? 0
      waves[level] = [...(waves[level] ?? []), ...group]
    })
    return waves.map(bare)
  }
}

function bare(nodes: readonly string[]): readonly string[] {
  return nodes.map((node) => node.slice(MARK.length)).sort(compare)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
