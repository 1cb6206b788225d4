/** The use case of `repair script`: the files of one context as a shell script. */
import type { Fault } from '../domain/fault.ts'
import { repairScript } from '../repair/script.ts'
import { builtinDrivers } from '../rules/knowledge/lookup.ts'
import type { RootOptions } from './repair-root.ts'
import { chooseContext, filesOf } from './repair-root.ts'
import { isStore, readStore } from './repair-store.ts'

/** The script, or everything that stands in the way of one. */
export function scriptFor(options: Pick<RootOptions, 'folder' | 'context' | 'graftRoot'>): string | readonly Fault[] {
  const store = readStore(options.folder)
  if (!isStore(store)) return store
  const chosen = chooseContext(store, options)
  if ('message' in chosen) return [chosen]
  const places = store.locks.get(chosen.path)?.lock.places ?? {}
  const packages = Object.entries(places).map(([name, payload]) => ({ name, payload }))
  const { subject } = chosen.file
  return repairScript(filesOf(store, chosen), {
    name: 'context' in subject ? subject.context : chosen.path,
    places: { packages, graftRoot: options.graftRoot },
    drivers: builtinDrivers,
  })
}
