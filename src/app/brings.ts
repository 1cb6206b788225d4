/** What a file of the system loads in turn. */
import type { Binding, Closure } from '../domain/closure.ts'
import { isCore } from '../rules/knowledge/lookup.ts'
import type { Ownership } from './ownership.ts'

/** Findings ask about many files of few maps: the bindings of a map are sorted by their asker once. */
const BY_ASKER = new WeakMap<Closure['bindings'], ReadonlyMap<number, readonly Binding[]>>()

/** Names of the system's files that `file` needs, directly or not, in one map; what every system has is left out. */
export function broughtBy(closure: Closure | null, file: string, ownership: Ownership): readonly string[] {
  const start = closure?.objects.findIndex((object) => object.file === file) ?? -1
  if (closure === null || start < 0) return []
  const asked = byAsker(closure.bindings)
  const seen = new Set([start])
  const names: string[] = []
  for (const at of seen) {
    for (const { to, name } of asked.get(at) ?? []) {
      const next = closure.objects[to]?.file ?? null
      if (next === null || seen.has(to) || isCore(name) || ownership(next) !== null) continue
      seen.add(to)
      names.push(name)
    }
  }
  return names
}

function byAsker(bindings: Closure['bindings']): ReadonlyMap<number, readonly Binding[]> {
  const known = BY_ASKER.get(bindings)
  if (known !== undefined) return known
  const made = new Map<number, Binding[]>()
  for (const binding of bindings) {
    const list = made.get(binding.from)
    if (list === undefined) made.set(binding.from, [binding])
    else list.push(binding)
  }
  BY_ASKER.set(bindings, made)
  return made
}
