/** Commands that the packages of a context have in their folders of commands. */
import type { ContextAudit } from '../../domain/audit.ts'
import type { Package } from '../../domain/context.ts'
import { baseName } from './copies.ts'

export interface Executable {
  readonly owner: Package
  readonly relative: string
}

/** Programs and scripts in `bin` and `sbin` by name; the first package of the context wins. */
export function executablesOf(audit: ContextAudit): ReadonlyMap<string, Executable> {
  const found = new Map<string, Executable>()
  const programs = audit.objects.filter((object) => object.role === 'program')
  for (const { owner, relative } of [...programs, ...audit.scripts]) {
    const name = baseName(relative)
    if (/(?:^|\/)s?bin\/[^/]+$/.test(relative) && !found.has(name)) found.set(name, { owner, relative })
  }
  return found
}
