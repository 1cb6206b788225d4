/** The repairs that the command line names. */
import { resolve } from 'node:path'
import type { Policy } from '../policy/policy.ts'
import type { Fault } from '../domain/fault.ts'
import type { AppliedRepairs } from './audit-contexts.ts'
import type { AuditOptions } from './audit-options.ts'
import type { Systems } from './systems.ts'

/** What `--repairs` names, null where it names nothing; its reader is loaded only then. */
export async function repairsOf(
  options: AuditOptions,
  policy: Policy,
  { base }: Systems,
): Promise<AppliedRepairs | { readonly failures: readonly Fault[] } | null> {
  if (options.repairs == null) return null
  const [{ repairsIn }, { driversWith }] = await Promise.all([
    import('./repair-folder.ts'),
    import('../rules/knowledge/lookup.ts'),
  ])
  return await repairsIn(resolve(options.folder, options.repairs), driversWith(policy, base?.declaration))
}
