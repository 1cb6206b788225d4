/** FIX004: what grafted files ask for and do not find, be it a library or a version of one. */
import type { ContextAudit, ResolvedWorld, VersionGap } from '../domain/audit.ts'
import type { GraftEntry, RepairProblem } from '../domain/repair.ts'
import type { NamedRepair } from '../repair/environment.ts'
import { expandPath } from '../repair/paths.ts'
import { allClosures } from '../repair/supply.ts'
import type { Drivers } from '../rules/knowledge/lookup.ts'
import { isBrought, openedAction } from '../rules/opened-action.ts'
import { some } from '../rules/words.ts'
import { baseName } from '../rules/facts/copies.ts'
import { lackingLibraries } from '../rules/facts/version-gaps.ts'
import type { GraftSources } from './graft-sources.ts'

/** The entries of grafts, by their paths in the image. */
type Grafts = ReadonlyMap<
  string,
  { readonly at: Pick<RepairProblem, 'file' | 'entry'>; readonly source: GraftEntry['source'] }
>

export interface GraftSetting {
  readonly graftRoot: string
  readonly sources: GraftSources
  readonly drivers: Drivers
}

/**
 * One problem for each graft and library that it misses, one for all versions that a graft demands in vain, and one for
 * each file that a graft of another source than the host opens by itself there, and not in the image.
 */
export function incompleteGrafts(
  audit: ContextAudit,
  repairs: readonly NamedRepair[],
  { graftRoot, sources, drivers }: GraftSetting,
): readonly RepairProblem[] {
  const base = audit.worlds.base
  const grafts = graftsOf(repairs, graftRoot)
  if (base === undefined || grafts.size === 0) return []
  return [...missing(base, grafts), ...lacking(base, grafts), ...unopened(base, grafts, sources, drivers)]
}

function graftsOf(repairs: readonly NamedRepair[], graftRoot: string): Grafts {
  const places = { packages: [], graftRoot }
  const grafts = repairs.flatMap(({ path, file }) =>
    Object.entries(file.grafts ?? {}).map(
      ([name, { dest, source }]) =>
        [expandPath(dest, places) ?? dest, { at: { file: path, entry: `grafts ${name}` }, source }] as const,
    ),
  )
  return new Map(grafts)
}

function missing(base: ResolvedWorld, grafts: Grafts): readonly RepairProblem[] {
  const problems = new Map<string, RepairProblem>()
  for (const closure of allClosures(base)) {
    for (const { from, to, name, optional } of closure.bindings) {
      const asker = closure.objects[from]?.file ?? ''
      const graft = grafts.get(asker)
      if (optional || graft === undefined || (closure.objects[to]?.file ?? null) !== null) continue
      const message = `the graft needs ${name}, which the image does not have`
      const evidence = { missing: name }
      problems.set(`${asker}\0${name}`, { rule: 'FIX004', ...graft.at, package: null, message, evidence })
    }
  }
  return [...problems.values()]
}

/** Versions that the image's own libraries lack: the start ends there as it does for an object of a package. */
function lacking(base: ResolvedWorld, grafts: Grafts): readonly RepairProblem[] {
  return [...grafts].flatMap(([path, graft]): RepairProblem[] => {
    const gaps = base.symbols.versions.filter(({ file }) => file === path)
    return gaps.length === 0 ? [] : [{ rule: 'FIX004', ...graft.at, package: null, ...demandedInVain(gaps) }]
  })
}

function demandedInVain(gaps: readonly VersionGap[]): Pick<RepairProblem, 'message' | 'evidence' | 'action'> {
  const libraries = lackingLibraries(gaps)
  const versions = [...new Set(gaps.map(({ version, soname }) => `${version} of ${soname}`))].sort()
  return {
    message: `the graft demands ${versions.join(', ')}, which the image's copy does not define`,
    evidence: { versions },
    ...(libraries.length === 0 ? {} : { action: { kind: 'newer', libraries } }),
  }
}

/** What the loader does not look at: a library that is found opens a file by itself, and gets none. */
function unopened(
  base: ResolvedWorld,
  grafts: Grafts,
  sources: GraftSources,
  drivers: Drivers,
): readonly RepairProblem[] {
  const supplies = sources.order.filter((supply) => supply !== 'host')
  return base.opened().flatMap(({ opens, library, file }): RepairProblem[] => {
    const graft = file === null ? grafts.get(library) : undefined
    if (graft === undefined || isBrought(base, opens, drivers)) return []
    const { kind, ref, path } = graft.source
    const supply = supplies.find(({ source }) => source.kind === kind && source.ref === ref)
    const there = supply?.opened(path, opens) ?? null
    if (supply === undefined || there === null || drivers.of(baseName(there)) !== null) return []
    const message = `the graft opens ${some(opens.any)} by itself, which ${supply.label} has (${there}) and the image has not: ${opens.reason}`
    const action = openedAction(opens, there, supply.owner(there), supply.source)
    const evidence = { opens: opens.any, file: there, source: opens.source }
    const severity = opens.required ? {} : { severity: 'warn' as const }
    return [{ rule: 'FIX004', ...graft.at, package: null, message, evidence, action, ...severity }]
  })
}
