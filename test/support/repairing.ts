/** Plans repairs of a declared studio and proves them: real files, the real loader model. */
import type { Audit } from '../../src/domain/audit.ts'
import type { PackageIndex } from '../../src/domain/package-index.ts'
import { auditContexts } from '../../src/app/audit-contexts.ts'
import { applyRepairs } from '../../src/app/repair-applied.ts'
import type { GraftSources } from '../../src/app/graft-sources.ts'
import { HOST_ALONE } from '../../src/app/graft-sources.ts'
import { rangeOf } from '../../src/app/repair-ranges.ts'
import type { Evaluate, PlannedContext } from '../../src/app/repair-rounds.ts'
import { generatedFiles } from '../../src/app/generated-files.ts'
import { planInRounds } from '../../src/app/repair-rounds.ts'
import { GRAFT_ROOT } from '../../src/repair/paths.ts'
import type { Remedy } from '../../src/repair/planned.ts'
import type { SectionName } from '../../src/repair/sections.ts'
import { driversWith } from '../../src/rules/knowledge/lookup.ts'
import { openFolderTree } from '../../src/tree/folder.ts'
import type { StudioSpec } from './studio.ts'
import { openStudio } from './studio.ts'

export interface Planning {
  readonly plan: PlannedContext
  /** Entries by their keys, joined by blanks; those of packages begin with the name of the package. */
  readonly entries: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** The audit with all of the plan laid over. */
  readonly proof: Audit
}

/** Plans in rounds as `repair` does. */
export function planStudio(
  spec: StudioSpec,
  options: {
    index?: PackageIndex | null
    preference?: Remedy[]
    never?: SectionName[]
    sources?: GraftSources
  } = {},
): Planning {
  const { index = null, preference = ['os_packages', 'grafts'], sources = HOST_ALONE } = options
  const never = new Set(options.never)
  const { context, host, base, policy } = openStudio(spec)
  const drivers = driversWith(policy)
  const machine = openFolderTree('/')
  const evaluate: Evaluate = (item, files) => {
    const setting = { index, graftRoot: GRAFT_ROOT, sources, preference, never, drivers }
    const repairs = applyRepairs({ filesFor: () => files, ...setting })
    const options = { purpose: 'audit' as const, progress: null, today: '2026-01-01' }
    return auditContexts([item], { options, policy, systems: { host, base, notes: [] }, notes: [], repairs })
  }
  const range = (action: Parameters<typeof rangeOf>[0]) => rangeOf(action, machine)
  const plan = planInRounds(context, evaluate, {
    index,
    supplies: sources.order,
    preference,
    never,
    drivers,
    machine,
    range,
    graftRoot: GRAFT_ROOT,
  })
  const named = plan.entries.map(({ owner, keys, value }): [string, Readonly<Record<string, unknown>>] => [
    [...(owner === null ? [] : [owner.name]), ...keys].join(' '),
    value,
  ])
  return { plan, entries: Object.fromEntries(named), proof: evaluate(context, generatedFiles(context, plan.entries)) }
}
