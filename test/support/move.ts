/** A declared studio that is moved: `host` is the base that is left, `base` the one to move to. */
import { planMoves } from '../../src/app/migrate.ts'
import type { MigrationPlan, PackageRow, TargetPlan } from '../../src/migrate/document.ts'
import type { Prefer } from '../../src/migrate/plan.ts'
import { openStudio } from './studio.ts'
import type { StudioSpec } from './studio.ts'

/** The plan for a studio, made as the command makes it. */
export function planStudio(spec: StudioSpec, prefer: Prefer = 'graft'): MigrationPlan {
  const { context, host, base, policy } = openStudio(spec)
  if (host === null || base === null) throw new Error('a move needs two systems')
  return planMoves(
    { contexts: [context], notes: [] },
    { options: { prefer, audit: { progress: null, today: '2026-01-01' } }, policy, from: host, targets: [base] },
  )
}

export function targetOf(spec: StudioSpec, prefer: Prefer = 'graft'): TargetPlan {
  const [target] = planStudio(spec, prefer).targets
  if (target === undefined) throw new Error('no target')
  return target
}

/** What one rule says: `PACKAGE SUBJECT severity`. */
export function moveVerdicts(rule: string, spec: StudioSpec): readonly string[] {
  return targetOf(spec)
    .findings.filter((finding) => finding.rule === rule)
    .map((finding) => `${finding.package ?? '-'} ${finding.subject} ${finding.severity}`)
}

export function rowOf(plan: TargetPlan, name: string): PackageRow {
  const row = plan.packages.find((candidate) => candidate.package === name)
  if (row === undefined) throw new Error(`no package ${name}`)
  return row
}
