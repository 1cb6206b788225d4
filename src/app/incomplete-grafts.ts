/** FIX004: what grafted files ask for and do not find, be it a library or a version of one. */
import type { ContextAudit, ResolvedWorld, VersionGap } from '../domain/audit.ts'
import type { RepairProblem } from '../domain/repair.ts'
import type { NamedRepair } from '../repair/environment.ts'
import { expandPath } from '../repair/paths.ts'
import { allClosures } from '../repair/supply.ts'
import { lackingLibraries } from '../rules/facts/version-gaps.ts'

/** The entries of grafts, by their paths in the image. */
type Grafts = ReadonlyMap<string, Pick<RepairProblem, 'file' | 'entry'>>

/** One problem for each graft and library that it misses, and one for all versions that a graft demands in vain. */
export function incompleteGrafts(
  audit: ContextAudit,
  repairs: readonly NamedRepair[],
  graftRoot: string,
): readonly RepairProblem[] {
  const base = audit.worlds.base
  const grafts = graftsOf(repairs, graftRoot)
  if (base === undefined || grafts.size === 0) return []
  return [...missing(base, grafts), ...lacking(base, grafts)]
}

function graftsOf(repairs: readonly NamedRepair[], graftRoot: string): Grafts {
  const places = { packages: [], graftRoot }
  const grafts = repairs.flatMap(({ path, file }) =>
    Object.entries(file.grafts ?? {}).map(
      ([name, { dest }]) => [expandPath(dest, places) ?? dest, { file: path, entry: `grafts ${name}` }] as const,
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
      problems.set(`${asker}\0${name}`, { rule: 'FIX004', ...graft, package: null, message, evidence })
    }
  }
  return [...problems.values()]
}

/** Versions that the image's own libraries lack: the start ends there as it does for an object of a package. */
function lacking(base: ResolvedWorld, grafts: Grafts): readonly RepairProblem[] {
  return [...grafts].flatMap(([path, graft]): RepairProblem[] => {
    const gaps = base.symbols.versions.filter(({ file }) => file === path)
    return gaps.length === 0 ? [] : [{ rule: 'FIX004', ...graft, package: null, ...demandedInVain(gaps) }]
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
