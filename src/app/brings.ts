/** What a file of the system loads in turn. */
import type { Closure } from '../domain/closure.ts'
import { isCore } from '../rules/knowledge/lookup.ts'
import { askersOf } from './link-maps.ts'
import type { Ownership } from './ownership.ts'

/** Names of the system's files that `file` needs, directly or not, in one map; what every system has is left out. */
export function broughtBy(closure: Closure | null, file: string, ownership: Ownership): readonly string[] {
  const start = closure?.objects.findIndex((object) => object.file === file) ?? -1
  if (closure === null || start < 0) return []
  const askers = askersOf(closure)
  const seen = new Set([start])
  const names: string[] = []
  for (const at of seen) {
    askers.each(at, ({ to, name }) => {
      const next = closure.objects[to]?.file ?? null
      if (next === null || seen.has(to) || isCore(name) || ownership(next) !== null) return
      seen.add(to)
      names.push(name)
    })
  }
  return names
}
