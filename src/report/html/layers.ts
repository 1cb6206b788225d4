/** Places packages in columns: what a package uses stands to the right of it, neighbours near each other. */
import { ContextGraph } from '../../graph/context-graph.ts'
import type { PageEdge } from './model.ts'

export interface Place {
  readonly column: number
  readonly row: number
}

/** How often columns are sorted by the places of their neighbours: more changes nothing that a reader sees. */
const SWEEPS = 6
/** A column longer than this is broken into several. */
const ROWS = 40

/** A place for each package: columns by the longest chain of users above it, rows by the mean place of its neighbours. */
export function placePackages(amount: number, edges: readonly PageEdge[]): readonly Place[] {
  const nodes = Array.from({ length: amount }, (_, index) => String(index))
  const graph = new ContextGraph(
    nodes,
    edges.map(({ from, to }) => ({ from: String(from), to: String(to) })),
  )
  // Waves begin with what needs nothing: the drawing begins with what nothing needs.
  const columns = graph
    .waves()
    .map((wave) => wave.map(Number))
    .reverse()
  const neighbours = new Map<number, number[]>()
  for (const { from, to } of edges) {
    neighbours.set(from, [...(neighbours.get(from) ?? []), to])
    neighbours.set(to, [...(neighbours.get(to) ?? []), from])
  }
  const rows = new Map<number, number>()
  for (const column of columns) column.forEach((node, index) => rows.set(node, centred(index, column.length)))
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const order = sweep % 2 === 0 ? columns : columns.toReversed()
    for (const column of order) sortColumn(column, rows, neighbours)
  }
  return finish(amount, columns, rows)
}

function sortColumn(
  column: number[],
  rows: Map<number, number>,
  neighbours: ReadonlyMap<number, readonly number[]>,
): void {
  const wish = new Map(
    column.map((node) => {
      const places = (neighbours.get(node) ?? []).map((other) => rows.get(other) ?? 0)
      const mean = places.reduce((sum, place) => sum + place, 0) / Math.max(1, places.length)
      return [node, places.length === 0 ? (rows.get(node) ?? 0) : mean] as const
    }),
  )
  column.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0) || a - b)
  column.forEach((node, index) => rows.set(node, centred(index, column.length)))
}

function centred(index: number, length: number): number {
  return index - (length - 1) / 2
}

/** Rows from the top; long columns are broken. */
function finish(amount: number, columns: readonly number[][], rows: ReadonlyMap<number, number>): readonly Place[] {
  const places = new Array<Place>(amount).fill({ column: 0, row: 0 })
  let at = 0
  for (const column of columns) {
    const parts = Math.max(1, Math.ceil(column.length / ROWS))
    const height = Math.ceil(column.length / parts)
    column.forEach((node, index) => {
      const part = Math.floor(index / height)
      const length = Math.min(height, column.length - part * height)
      const row = parts === 1 ? (rows.get(node) ?? 0) : centred(index - part * height, length)
      places[node] = { column: at + part, row }
    })
    at += parts
  }
  const top = Math.min(0, ...places.map((place) => place.row))
  return places.map(({ column, row }) => ({ column, row: row - top }))
}
