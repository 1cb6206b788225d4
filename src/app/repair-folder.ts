/** `--repairs DIR`: the repairs of a folder, laid over the worlds of whatever contexts they concern. */
import type { Fault } from '../domain/fault.ts'
import { GRAFT_ROOT } from '../repair/paths.ts'
import type { Drivers } from '../rules/knowledge/lookup.ts'
import type { AppliedRepairs } from './audit-contexts.ts'
import { applyRepairs, storedFor } from './repair-applied.ts'
import { DEFAULT_PREFERENCE } from '../repair/planned.ts'
import type { GraftSources } from './graft-sources.ts'
import { openNamedSources, presentPlaces } from './graft-sources.ts'
import type { RepairStore } from './repair-store.ts'
import { isStore, readStore } from './repair-store.ts'

/** A context's own file is that of its name; where the folder holds one context alone with these packages, that one. */
export async function repairsIn(
  folder: string,
  drivers: Drivers,
): Promise<AppliedRepairs | { readonly failures: readonly Fault[] }> {
  const store = readStore(folder)
  if (!isStore(store)) return { failures: store }
  const sources = await sourcesIn(store)
  if ('message' in sources) return { failures: [sources] }
  const subjects = [...store.files.values()].flatMap(({ file }) => ('context' in file.subject ? [file.subject] : []))
  return applyRepairs({
    filesFor: (context) => {
      const same = subjects.filter(
        ({ packages }) =>
          Object.keys(packages).length === context.packages.length &&
          context.packages.every(({ name, version }) => packages[name]?.split('/')[0] === version),
      )
      const named = subjects.find((subject) => subject.context === context.name)
      return storedFor(store, context, (named ?? same[0])?.context ?? context.name)
    },
    index: null,
    graftRoot: GRAFT_ROOT,
    sources,
    preference: DEFAULT_PREFERENCE,
    never: new Set(),
    drivers,
  })
}

/** The sources that the grafts of a folder name, where the plans found them. */
function sourcesIn({ files, locks }: RepairStore): Promise<GraftSources | Fault> {
  const grafts = [...files.values()].flatMap(({ file }) => Object.values(file.grafts ?? {}))
  const places = [...locks.values()].flatMap(({ lock }) => Object.entries(lock.sources))
  return openNamedSources(grafts, presentPlaces(Object.fromEntries(places)))
}
