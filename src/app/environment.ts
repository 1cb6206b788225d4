/** The use case of `env`: the environment that one context makes. */
import type { Context } from '../domain/context.ts'
import { faultAt } from '../domain/fault.ts'
import { isPolicy } from '../policy/policy.ts'
import type { Relocation } from '../runtime/relocate.ts'
import { relocated } from '../runtime/relocate.ts'
import { openFolderTree } from '../tree/folder.ts'
import type { AuditFailure } from './audit.ts'
import { repairsOf } from './repairs-named.ts'
import type { AuditOptions } from './audit-options.ts'
import { loadContexts } from './contexts.ts'
import { loadPolicy } from './policy-file.ts'
import { openSystems } from './systems.ts'

/** The one context that the arguments name; several, as of a package folder with variants, are no question for `env`. */
export async function oneContext(options: AuditOptions): Promise<{ readonly context: Context } | AuditFailure> {
  const policy = await loadPolicy(options.policy, options.folder)
  if (!isPolicy(policy)) return { failures: policy }
  const systems = await openSystems(options, policy)
  if ('message' in systems) return { failures: [systems] }
  const loaded = await loadContexts(options, policy, systems.host)
  if ('failures' in loaded) return loaded
  const [context, ...more] = loaded.contexts
  if (context !== undefined && more.length === 0) {
    const repairs = await repairsOf(options, policy, systems)
    if (repairs === null) return { context }
    if ('failures' in repairs) return repairs
    return { context: repairs.lay(context, systems, openFolderTree('/')).context }
  }
  const names = loaded.contexts.map((one) => one.name).join(', ')
  const message = `one context was expected, there are ${loaded.contexts.length}: ${names}`
  return { failures: [faultAt('malformed', 'arguments', null, message)] }
}

/** Variables by name, as `rez context -i -f json --no-env` prints them, without those that tell of Rez itself. */
export function variablesOf(context: Context, relocations: readonly Relocation[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    context.environment.variables.map(({ name, entries, separator }) => [
      name,
      relocated(entries.map((entry) => entry.value).join(separator), relocations),
    ]),
  )
}
