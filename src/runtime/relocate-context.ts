/** A context whose packages stand elsewhere. */
import type { Context, Package } from '../domain/context.ts'
import type { Relocation } from './relocate.ts'
import { relocated } from './relocate.ts'

/** The context with every path of its packages and every value of its environment moved. */
export function relocatedContext(context: Context, relocations: readonly Relocation[]): Context {
  if (relocations.length === 0) return context
  const move = (text: string): string => relocated(text, relocations)
  const { variables, aliases } = context.environment
  return {
    ...context,
    packages: context.packages.map((item) => movedPackage(item, move)),
    environment: {
      ...context.environment,
      variables: variables.map((variable) => ({
        ...variable,
        entries: variable.entries.map((entry) => ({ ...entry, value: move(entry.value) })),
      })),
      aliases: aliases.map((alias) => ({ ...alias, command: move(alias.command) })),
    },
  }
}

function movedPackage(item: Package, move: (text: string) => string): Package {
  return {
    ...item,
    repository: move(item.repository),
    definition: move(item.definition),
    base: move(item.base),
    root: move(item.root),
    payload: item.payload.map(move),
    excluded: item.excluded.map(move),
  }
}
