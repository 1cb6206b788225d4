/** What a file of the system loads in turn. */
import type { Closure } from '../domain/closure.ts'
import { isCore } from '../rules/knowledge/lookup.ts'
import type { Ownership } from './ownership.ts'

/** Names of the system's files that `file` needs, directly or not, in one map; what every system has is left out. */
export function broughtBy(closure: Closure | null, file: string, ownership: Ownership): readonly string[] {
  if (closure === null) return []
  const start = closure.objects.findIndex((object) => object.file === file)
  if (start < 0) return []
  const targets = new Map<number, { readonly to: number; readonly name: string }[]>()
  for (const { from, to, name } of closure.bindings) {
    const list = targets.get(from)
    if (list === undefined) targets.set(from, [{ to, name }])
    else list.push({ to, name })
  }
  const seen = new Set([start])
  const names: string[] = []
  const queue = [start]
  for (const at of queue) {
    for (const { to, name } of targets.get(at) ?? []) {
      const next = closure.objects[to]?.file ?? null
      if (next === null || seen.has(to) || isCore(name) || ownership(next) !== null) continue
      seen.add(to)
      queue.push(to)
      names.push(name)
    }
  }
  return names
}
