/** Audits an image in its own world: before it is written as it is composed, and after it as it reads back. */
import type { Audit } from '../domain/audit.ts'
import type { Context } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import type { System } from '../domain/system.ts'
import type { Policy } from '../policy/policy.ts'
import { cpuOfLevel, parseCpu } from '../system/cpu.ts'
import { openSystem } from '../system/open.ts'
import { openSource } from '../system/source.ts'
import type { Tree } from '../domain/tree.ts'
import type { AppliedRepairs } from './audit-contexts.ts'
import { auditContexts } from './audit-contexts.ts'
import type { AuditFailure } from './audit.ts'
import { withBaseline } from './audit.ts'
import type { AuditOptions } from './audit-options.ts'

export interface ImageWorld {
  readonly contexts: readonly Context[]
  readonly policy: Policy
  /** Repairs are in the image already: only what they accept counts, and what was wrong with laying them. */
  readonly repairs: AppliedRepairs | null
  readonly options: AuditOptions
}

/** Audits contexts in a system that holds their packages. */
export async function auditImage(world: ImageWorld, system: System, machine: Tree): Promise<Audit | AuditFailure> {
  const { contexts, policy, options, repairs } = world
  const result = auditContexts(contexts, {
    options,
    policy,
    systems: { host: null, base: system, notes: [] },
    notes: [],
    machine,
    repairs: repairs === null ? null : laidAlready(repairs),
  })
  const known = await withBaseline(result, { ...options, updateBaseline: false }, policy)
  return 'failures' in known ? known : known.audit
}

/** A composed tree as the system that it will be. */
export function composedSystem(tree: Tree, { cpu }: AuditOptions): System {
  const level = cpu === null ? null : parseCpu(cpu)
  return openSystem(tree, { cpu: level === null || 'message' in level ? cpuOfLevel(1) : level })
}

/** An image as it was written. */
export async function writtenSystem(source: string, { cpu }: AuditOptions): Promise<System | Fault> {
  const level = cpu === null ? null : parseCpu(cpu)
  return openSource(source, level !== null && 'message' in level ? null : level, null)
}

function laidAlready(repairs: AppliedRepairs): AppliedRepairs {
  return {
    lay: (context) => ({ context, packages: new Map(), image: new Map(), grants: () => false }),
    problems: (audit, today) => repairs.problems(audit, today),
    ineffective: () => [],
    accepts: (finding, today) => repairs.accepts(finding, today),
  }
}
