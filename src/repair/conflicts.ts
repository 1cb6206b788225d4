/** FIX003: two files or two entries that contradict each other. */
import type { RepairProblem } from '../domain/repair.ts'
import { sameData } from './compare.ts'
import { entriesOf } from './entries.ts'
import type { NamedRepair } from './environment.ts'

/** What is said twice and differently; the later file wins, and says so. */
export function conflictsOf(repairs: readonly NamedRepair[]): readonly RepairProblem[] {
  const problems: RepairProblem[] = []
  const said = new Map<string, { readonly path: string; readonly entry: unknown }>()
  const copied = new Map<string, { readonly path: string; readonly entry: string; readonly sha256: string }>()
  for (const { path, file } of repairs) {
    for (const { keys, value } of entriesOf(file)) {
      const entry = keys.join(' ')
      if (keys[0] === 'requires' || keys[0] === 'accept') continue
      const before = said.get(entry)
      if (before !== undefined && !sameData(decision(before.entry), decision(value))) {
        problems.push(problem(path, entry, `${before.path} says something else about it`))
      }
      said.set(entry, { path, entry: value })
    }
    for (const [name, { dest, sha256 }] of Object.entries(file.grafts ?? {})) {
      const before = copied.get(dest)
      if (before !== undefined && before.sha256 !== sha256) {
        problems.push(problem(path, `grafts ${name}`, `${dest} is also the place of another file (${before.entry})`))
      }
      copied.set(dest, { path, entry: `grafts ${name}`, sha256 })
    }
  }
  return problems
}

/** An entry without its reasons: only what is done can contradict. */
function decision(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  const entry = { ...(value as Record<string, unknown>) }
  for (const key of ['fixes', 'because', 'pin', 'visible_to', 'closure', 'provides']) Reflect.deleteProperty(entry, key)
  return entry
}

function problem(file: string, entry: string, message: string): RepairProblem {
  return { rule: 'FIX003', file, entry, package: null, message, evidence: {} }
}
