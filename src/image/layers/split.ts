/** Tools that share so little of what they need that an image for each would serve better than one for all. */

/** A tool, and the packages it needs with their sizes in bytes. */
export interface ToolNeeds {
  readonly name: string
  readonly packages: ReadonlyMap<string, number>
}

export interface SplitGroup {
  readonly tools: readonly string[]
  /** Bytes of all packages of the group. */
  readonly size: number
}

export interface Split {
  /** More than one where several images would serve better. */
  readonly groups: readonly SplitGroup[]
  /** Bytes of packages that more than one group needs. */
  readonly shared: number
}

/** Of the smaller of two tools, the part that the other one must need as well for both to belong together. */
const ENOUGH = 0.25

/** Joins tools that share enough, in turn. */
export function splitTools(tools: readonly ToolNeeds[]): Split {
  let groups = tools.map((tool) => ({ tools: [tool.name], packages: new Map(tool.packages) }))
  for (;;) {
    const pair = closestPair(groups.map(({ packages }) => packages))
    if (pair === null) break
    const [a, b] = pair
    const first = groups[a]
    const second = groups[b]
    if (first === undefined || second === undefined) break
    const joined = {
      tools: [...first.tools, ...second.tools],
      packages: new Map([...first.packages, ...second.packages]),
    }
    groups = [...groups.filter((_, at) => at !== a && at !== b), joined]
  }
  const counts = new Map<string, { size: number; groups: number }>()
  for (const { packages } of groups) {
    for (const [id, size] of packages) counts.set(id, { size, groups: (counts.get(id)?.groups ?? 0) + 1 })
  }
  return {
    groups: groups
      .map(({ tools: names, packages }) => ({ tools: [...names].sort(), size: total(packages) }))
      .sort((a, b) => b.size - a.size || ((a.tools[0] ?? '') < (b.tools[0] ?? '') ? -1 : 1)),
    shared: [...counts.values()].filter((item) => item.groups > 1).reduce((sum, { size }) => sum + size, 0),
  }
}

/** The two sets that share the largest part of the smaller one; null where no two share enough. */
function closestPair(sets: readonly ReadonlyMap<string, number>[]): readonly [number, number] | null {
  let best: readonly [number, number] | null = null
  let most = ENOUGH
  sets.forEach((a, at) => {
    sets.slice(at + 1).forEach((b, later) => {
      const smaller = Math.min(total(a), total(b))
      const common = [...a].filter(([id]) => b.has(id)).reduce((sum, [, size]) => sum + size, 0)
      const part = smaller === 0 ? 1 : common / smaller
      if (part < most || (part === most && best !== null)) return
      most = part
      best = [at, at + 1 + later]
    })
  })
  return best
}

function total(packages: ReadonlyMap<string, number>): number {
  return [...packages.values()].reduce((sum, size) => sum + size, 0)
}
