/** Which packages of the drawing belong to a question: neighbours of one, or the shortest ways between two. */
import type { PageEdge } from '../model.ts'

/** The package with what it uses and what uses it, directly. */
export function neighbours(edges: readonly PageEdge[], centre: number): ReadonlySet<number> {
  const found = new Set([centre])
  for (const { from, to } of edges) {
    if (from === centre) found.add(to)
    if (to === centre) found.add(from)
  }
  return found
}

/**
 * Every package on a shortest way along the arrows from one package to another.
 *
 * @returns in any order; empty where no way leads there
 */
export function between(edges: readonly PageEdge[], from: number, to: number): ReadonlySet<number> {
  const ahead = distances(edges, from, (edge) => [edge.from, edge.to])
  const back = distances(edges, to, (edge) => [edge.to, edge.from])
  const length = ahead.get(to)
  if (length === undefined) return new Set()
  return new Set([...ahead].flatMap(([node, steps]) => (steps + (back.get(node) ?? Infinity) === length ? [node] : [])))
}

function distances(
  edges: readonly PageEdge[],
  start: number,
  ends: (edge: PageEdge) => readonly [number, number],
): ReadonlyMap<number, number> {
  const next = new Map<number, number[]>()
  for (const edge of edges) {
    const [from, to] = ends(edge)
    next.set(from, [...(next.get(from) ?? []), to])
  }
  const found = new Map([[start, 0]])
  // The map grows while it is walked: nearest nodes come first.
  for (const [node, steps] of found) {
    for (const other of next.get(node) ?? []) if (!found.has(other)) found.set(other, steps + 1)
  }
  return found
}
