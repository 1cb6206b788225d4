/** What a program that is started in a system finds in its environment: the context's variables over those of the image. */
import type { Environment } from '../domain/context.ts'
import { variableValue } from '../domain/context.ts'
import type { System } from '../domain/system.ts'

/**
 * A variable as a program of a context has it. The start script of a context sets a variable anew, as Rez's shells do
 * with the first step that touches one (`Variables` in `src/rez/commands`), so that a value of the context takes the
 * place of the image's. The image's own counts where the context leaves the variable alone, and where the context refers
 * to it (`$LD_LIBRARY_PATH`), which the shell replaces.
 */
export function startValue(environment: Environment, system: System, name: string): string | null {
  const own = variableValue(environment, name)
  const inherited = system.environment?.get(name) ?? null
  if (own === null || inherited === null) return own ?? inherited
  return own
    .replaceAll(`\${${name}}`, () => inherited)
    .replaceAll(new RegExp(`\\$${name}(?![A-Za-z0-9_])`, 'g'), () => inherited)
}

/** The variables of `NAME=value` lines, the last one of a name; the loader takes an empty path as none (rtld.c). */
export function variablesOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const variables = new Map<string, string>()
  for (const line of lines) {
    const cut = line.indexOf('=')
    if (cut > 0) variables.set(line.slice(0, cut), line.slice(cut + 1))
  }
  return variables
}
