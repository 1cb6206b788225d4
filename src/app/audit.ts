/** The audit: contexts and systems are opened, examined and judged, and everything is put into one immutable result. */
import type { Audit } from '../domain/audit.ts'
import { resolve } from 'node:path'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { Policy } from '../policy/policy.ts'
import { auditContexts } from './audit-contexts.ts'
import type { Comparing } from './audit-contexts.ts'
import type { AuditOptions } from './audit-options.ts'
import type { Baselined } from './baseline.ts'
import { loadContexts } from './contexts.ts'
import { isPolicy } from '../policy/policy.ts'
import { loadPolicy } from './policy-file.ts'
import { repairsOf } from './repairs-named.ts'
import { openSystems } from './systems.ts'
import type { Systems } from './systems.ts'

/** The audit could not begin: usage or configuration, exit code 2. */
export interface AuditFailure {
  readonly failures: readonly Fault[]
}

/** Audits contexts. Faults of files that are audited are part of the result; a failure means the question was wrong. */
export async function audit(options: AuditOptions): Promise<Baselined | AuditFailure> {
  const policy = await loadPolicy(options.policy, options.folder)
  if (!isPolicy(policy)) return { failures: policy }
  const systems = await openSystems(options, policy)
  if ('message' in systems) return { failures: [systems] }
  const loaded = await loadContexts(options, policy, systems.host)
  if ('failures' in loaded) return loaded
  const repairs = await repairsOf(options, policy, systems)
  if (repairs !== null && 'failures' in repairs) return repairs
  const observed = await comparing(options, systems)
  if (observed !== null && 'failures' in observed) return observed
  const result = auditContexts(loaded.contexts, { options, policy, systems, notes: loaded.notes, repairs, observed })
  return withBaseline(result, options, policy)
}

/** Whether an audit could begin: asked before something is done that takes long. */
export async function auditBegins(options: AuditOptions): Promise<AuditFailure | null> {
  const policy = await loadPolicy(options.policy, options.folder)
  if (!isPolicy(policy)) return { failures: policy }
  const systems = await openSystems(options, policy)
  if ('message' in systems) return { failures: [systems] }
  const observed = await comparing(options, systems)
  if (observed !== null && 'failures' in observed) return observed
  const loaded = await loadContexts(options, policy, systems.host)
  return 'failures' in loaded ? loaded : null
}

/** The baseline of the command line before that of policy. */
export async function withBaseline(
  result: Audit,
  options: Pick<AuditOptions, 'baseline' | 'updateBaseline' | 'folder'>,
  policy: Policy,
): Promise<Baselined | AuditFailure> {
  const file = options.baseline === null ? policy.baseline : options.baseline
  if (file === null || file === false) {
    if (!options.updateBaseline) return { audit: result, text: null }
    return { failures: [faultAt('malformed', 'arguments', null, '--update-baseline needs --baseline FILE')] }
  }
  const { applyBaseline } = await import('./baseline.ts')
  return applyBaseline(result, resolve(options.folder, file), options.updateBaseline)
}

/** Holds an observation against the world it was made in: the host unless it is named, or there is none. */
async function comparing(
  { observed }: Pick<AuditOptions, 'observed'>,
  systems: Systems,
): Promise<Comparing | AuditFailure | null> {
  if (observed == null) return null
  const world = observed.world ?? (systems.host === null ? 'base' : 'host')
  if (systems[world] === null) {
    const message = `what was observed is to be held against the ${world}, and there is none; name it with --${world}`
    return { failures: [faultAt('malformed', 'arguments', null, message)] }
  }
  const { compareObserved } = await import('../runtime/compare.ts')
  return (audit) => compareObserved(audit, world, observed.observation)
}
