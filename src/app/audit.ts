/** The audit: contexts and systems are opened, examined and judged, and everything is put into one immutable result. */
import type { Audit } from '../domain/audit.ts'
import type { Fault } from '../domain/fault.ts'
import { auditContexts } from './audit-contexts.ts'
import type { AuditOptions } from './audit-options.ts'
import { loadContexts } from './contexts.ts'
import { loadPolicy } from './policy-file.ts'
import { openSystems } from './systems.ts'

/** The audit could not begin: usage or configuration, exit code 2. */
export interface AuditFailure {
  readonly failures: readonly Fault[]
}

/** Audits contexts. Faults of files that are audited are part of the result; a failure means the question was wrong. */
export async function audit(options: AuditOptions): Promise<Audit | AuditFailure> {
  const policy = await loadPolicy(options.policy, options.folder)
  if (!('severities' in policy)) return { failures: policy }
  const systems = await openSystems(options, policy)
  if ('message' in systems) return { failures: [systems] }
  const loaded = await loadContexts(options, policy, systems.host)
  if ('failures' in loaded) return loaded
  return auditContexts(loaded.contexts, { options, policy, systems, notes: loaded.notes })
}
