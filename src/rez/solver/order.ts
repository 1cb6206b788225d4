/** The order of the packages of a context, as Rez's solver leaves them (`_get_dependency_order` of `solver.py`). */

export interface PackageOrder {
  readonly names: readonly string[]
  /** A circle of packages that require each other, its first name repeated at the end; null where there is none. */
  readonly cycle: readonly string[] | null
}

/**
 * All keys of `requires`, as close as possible to the order of `requested` and then of names, but each after the
 * packages it requires, directly or not. `requires` holds for each package the packages of the context it requires.
 */
export function dependencyOrder(
  requested: readonly string[],
  requires: ReadonlyMap<string, ReadonlySet<string>>,
): PackageOrder {
  const cycle = findCycle(requires)
  if (cycle !== null) return { names: [...requires.keys()], cycle }
  const reached = transitive(requires)
  const first = [...new Set(requested)].filter((name) => requires.has(name))
  const taken = new Set(first)
  let waiting = [...first, ...[...requires.keys()].filter((name) => !taken.has(name)).sort()]
  const names: string[] = []
  for (let head = waiting[0]; head !== undefined; head = waiting[0]) {
    const needed = reached.get(head)
    const at = waiting.findIndex((name, i) => i > 0 && needed?.has(name) === true)
    const moved = waiting[at]
    if (at > 0 && moved !== undefined) waiting = [moved, ...waiting.slice(0, at), ...waiting.slice(at + 1)]
    else {
      names.push(head)
      waiting = waiting.slice(1)
    }
  }
  return { names, cycle: null }
}

/** For each package all that it reaches; `requires` has no circle. */
function transitive(requires: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyMap<string, ReadonlySet<string>> {
  const reached = new Map<string, ReadonlySet<string>>()
  for (const name of requires.keys()) {
    const all = new Set<string>()
    const open = [...(requires.get(name) ?? [])]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (all.has(next)) continue
      all.add(next)
      for (const further of reached.get(next) ?? requires.get(next) ?? []) open.push(further)
    }
    reached.set(name, all)
  }
  return reached
}

/** Depth first with a list in place of recursion, so that a long chain does not exhaust the stack. */
function findCycle(requires: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | null {
  const done = new Set<string>()
  for (const start of requires.keys()) {
    const path: { name: string; left: string[] }[] = []
    const onPath = new Set<string>()
    const enter = (name: string): void => {
      path.push({ name, left: [...(requires.get(name) ?? [])] })
      onPath.add(name)
    }
    if (!done.has(start)) enter(start)
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.left.pop()
      if (next === undefined) {
        done.add(top.name)
        onPath.delete(top.name)
        path.pop()
      } else if (onPath.has(next)) {
        const names = path.map((item) => item.name)
        return [...names.slice(names.indexOf(next)), next]
      } else if (!done.has(next)) enter(next)
    }
  }
  return null
}
