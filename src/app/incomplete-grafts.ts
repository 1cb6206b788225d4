/** FIX004: what grafted files ask for and do not find, be it a library or a version of one. */
import type { ContextAudit, ResolvedWorld, VersionGap } from '../domain/audit.ts'
import type { RepairProblem } from '../domain/repair.ts'
import type { NamedRepair } from '../repair/environment.ts'
import { allClosures } from '../repair/supply.ts'
import { lackingLibraries } from '../rules/facts/version-gaps.ts'

/** One problem for each graft and what it lacks. */
export function incompleteGrafts(
  audit: ContextAudit,
  repairs: readonly NamedRepair[],
  graftRoot: string,
): readonly RepairProblem[] {
  const grafted = repairs.find(({ file }) => file.grafts !== undefined)
  const base = audit.worlds.base
  if (grafted === undefined || base === undefined) return []
  const isGraft = (file: string): boolean => file.startsWith(`${graftRoot}/`)
  return [...missing(base, grafted, isGraft), ...lacking(base, grafted, isGraft)]
}

function missing(
  base: ResolvedWorld,
  grafted: NamedRepair,
  isGraft: (file: string) => boolean,
): readonly RepairProblem[] {
  const problems = new Map<string, RepairProblem>()
  for (const closure of allClosures(base)) {
    for (const { from, to, name, optional } of closure.bindings) {
      const asker = closure.objects[from]?.file ?? ''
      if (optional || !isGraft(asker) || (closure.objects[to]?.file ?? null) !== null) continue
      const message = `the graft needs ${name}, which the image does not have`
      problems.set(`${asker}\0${name}`, problem(grafted, asker, message, { missing: name }))
    }
  }
  return [...problems.values()]
}

/** Versions that the image's own libraries lack: the start ends there as it does for an object of a package. */
function lacking(
  base: ResolvedWorld,
  grafted: NamedRepair,
  isGraft: (file: string) => boolean,
): readonly RepairProblem[] {
  const byGraft = new Map<string, VersionGap[]>()
  for (const gap of base.symbols.versions) {
    if (isGraft(gap.file)) byGraft.set(gap.file, [...(byGraft.get(gap.file) ?? []), gap])
  }
  return [...byGraft].map(([file, gaps]) => {
    const libraries = lackingLibraries(gaps)
    const versions = [...new Set(gaps.map(({ version, soname }) => `${version} of ${soname}`))].sort()
    const message = `the graft demands ${versions.join(', ')}, which the image's copy does not define`
    const action = libraries.length === 0 ? {} : { action: { kind: 'newer' as const, libraries } }
    return { ...problem(grafted, file, message, { versions }), ...action }
  })
}

function problem(
  { path, file }: NamedRepair,
  graft: string,
  message: string,
  evidence: RepairProblem['evidence'],
): RepairProblem {
  const base = graft.slice(graft.lastIndexOf('/') + 1)
  const name = Object.entries(file.grafts ?? {}).find(([, { dest }]) => dest.endsWith(`/${base}`))?.[0] ?? base
  return { rule: 'FIX004', file: path, entry: `grafts ${name}`, package: null, message, evidence }
}
