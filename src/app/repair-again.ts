/** Runs of `repair` that need not be told their inputs again: what `verify`, `check` and `diff` start from. */
import type { Audit } from '../domain/audit.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import { driversWith } from '../rules/knowledge/lookup.ts'
import { isPolicy } from '../policy/policy.ts'
import { auditContexts } from './audit-contexts.ts'
import type { AuditFailure } from './audit.ts'
import { loadContexts } from './contexts.ts'
import { openGraftSources } from './graft-sources.ts'
import { loadPolicy } from './policy-file.ts'
import { chosenContexts } from './repair.ts'
import { applyRepairs, storedFor } from './repair-applied.ts'
import type { RepairOptions } from './repair-options.ts'
import { openIndex } from './repair-index.ts'
import { graftTexts, remediesOf } from './remedies.ts'
import { isStore, noRepairs, readStore } from './repair-store.ts'
import { openSystems } from './systems.ts'

/** The options of each context's last run, with those that are given now in place of the old ones. */
export function recordedRuns(options: RepairOptions, only: string | null): readonly RepairOptions[] | readonly Fault[] {
  const store = readStore(options.out)
  if (!isStore(store)) return store
  const runs: RepairOptions[] = []
  for (const [path, { file }] of [...store.files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = 'context' in file.subject ? file.subject.context : null
    if (name === null || (only !== null && name !== only)) continue
    const inputs = store.locks.get(path)?.lock.inputs
    if (inputs == null) return [faultAt('missing', path, null, 'has no lock: plan it once with airtight repair')]
    runs.push({
      ...options,
      contexts: inputs.contexts,
      repos: options.repos.length > 0 ? options.repos : inputs.repositories,
      host: options.host ?? inputs.host,
      base: options.base ?? inputs.base,
      index: options.index ?? inputs.index,
      env: options.env ?? inputs.env,
      implicit: options.implicit ?? inputs.implicit,
      preference: options.preference ?? inputs.prefer,
      never: options.never.length > 0 ? options.never : inputs.never,
      graftFrom: options.graftFrom.length > 0 ? options.graftFrom : inputs.graftFrom,
      cpu: options.cpu ?? inputs.cpu,
      name,
    })
  }
  return runs.length > 0 ? runs : [noRepairs(options.out, only)]
}

/** Tells runs from faults. */
export function areRuns(value: readonly RepairOptions[] | readonly Fault[]): value is readonly RepairOptions[] {
  return value.every((item) => 'contexts' in item)
}

/** A context with its files laid over its worlds, as they stand on disk. */
export async function verifyRun(run: RepairOptions): Promise<Audit | AuditFailure> {
  const policy = await loadPolicy(run.policy, run.folder)
  if (!isPolicy(policy)) return { failures: policy }
  const systems = await openSystems(run, policy)
  if ('message' in systems) return { failures: [systems] }
  const loaded = await loadContexts(run, policy, systems.host)
  if ('failures' in loaded) return loaded
  const store = readStore(run.out)
  if (!isStore(store)) return { failures: store }
  const index = await openIndex(run.index, systems.base)
  if (index !== null && 'message' in index) return { failures: [index] }
  const sources = await openGraftSources(graftTexts(policy, run), run.folder, run.unpacking)
  if ('message' in sources) return { failures: [sources] }
  const repairs = applyRepairs({
    filesFor: (context) => storedFor(store, context, run.name ?? context.name),
    index,
    graftRoot: run.graftRoot,
    sources,
    ...remediesOf(policy, run),
    drivers: driversWith(policy, systems.base?.declaration),
  })
  const contexts = chosenContexts(loaded.contexts, run.name)
  return auditContexts(contexts, { options: run, policy, systems, notes: loaded.notes, repairs })
}
