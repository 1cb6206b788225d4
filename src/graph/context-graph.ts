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
  readonly #providers = new Map<string, Set<string>>()
  readonly #users = new Map<string, Set<string>>()
  #graph: Graph | null = null

  constructor(nodes: Iterable<string>, edges: Iterable<GraphEdge>) {
    for (const node of nodes) this.#add(node)
    for (const { from, to } of edges) {
      this.#add(from)
      this.#add(to)
      this.#providers.get(from)?.add(to)
      this.#users.get(to)?.add(from)
    }
  }

  #add(node: string): void {
    if (this.#providers.has(node)) return
    this.#providers.set(node, new Set())
    this.#users.set(node, new Set())
  }

  /** Neighbours and chains need no library; for the rest it is filled when it is first asked. */
  #library(): Graph {
    if (this.#graph !== null) return this.#graph
    const graph = new Graph({ directed: true })
    for (const node of this.#providers.keys()) graph.setNode(MARK + node)
    for (const [from, targets] of this.#providers) for (const to of targets) graph.setEdge(MARK + from, MARK + to)
    return (this.#graph = graph)
  }

  /** What a node needs directly, sorted. */
  providers(node: string): readonly string[] {
    return [...(this.#providers.get(node) ?? [])].sort(compare)
  }

  /** Who needs a node directly, sorted. */
  users(node: string): readonly string[] {
    return [...(this.#users.get(node) ?? [])].sort(compare)
  }

  /**
   * Shortest chains from any of the sources: the answer to why something is there.
   *
   * @returns for a node the chain from a source to it, both included; null where no source leads to it
   */
  chainsFrom(sources: Iterable<string>): (node: string) => readonly string[] | null {
    const parents = new Map<string, string | null>()
    for (const source of [...sources].sort()) if (this.#providers.has(source)) parents.set(source, null)
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
      .findCycles(this.#library())
      .map(bare)
      .sort((a, b) => compare(a[0] ?? '', b[0] ?? ''))
  }

  /**
   * Waves in which nodes can be built: each after all it needs. The nodes of a circle come together, in the wave after
   * everything the circle needs.
   */
  waves(): readonly (readonly string[])[] {
    const graph = this.#library()
    const groups = alg.tarjan(graph)
    const groupOf = new Map(groups.flatMap((group, index) => group.map((node) => [node, index] as const)))
    const levels = new Map<number, number>()
    // Tarjan's order: what a group needs comes before it.
    groups.forEach((group, index) => {
      const needed = group.flatMap((node) => graph.successors(node) ?? []).map((node) => groupOf.get(node) ?? 0)
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
