/** The environment of a context as the `Env` list of an OCI image: what its script would set, before any process runs. */
import { printable } from '../domain/bytes.ts'
import type { Context, EnvironmentAction, ValuePiece } from '../domain/context.ts'
import { relocated } from './relocate.ts'
import { capturedActions, REFERENCE } from './script.ts'
import type { ScriptOptions } from './script.ts'

/** `NAME=VALUE` entries by name, and what of the environment such a list cannot express. */
export interface OciEnvironment {
  readonly entries: readonly string[]
  readonly notes: readonly string[]
}

/**
 * The list. No engine expands references: those to variables that the context has set are replaced by their value at
 * that step, as a shell would; others stay as they are written, and are named.
 */
export function ociEnvironment(context: Context, options: ScriptOptions): OciEnvironment {
  const notes = new Set<string>()
  const variables = new Map<string, string>()
  for (const action of context.actions ?? capturedActions(context)) apply(action, variables, options, notes)
  const { systemPath } = options
  if (systemPath !== null && systemPath !== '') {
    const path = variables.get('PATH') ?? ''
    variables.set('PATH', path === '' ? systemPath : `${path}:${systemPath}`)
  }
  for (const [name, value] of variables) {
    // An entry ends its name at the first sign, and ends itself at the first NUL.
    if (/^[^=\0]+$/.test(name) && !value.includes('\0')) continue
    variables.delete(name)
    notes.add(`${printable(name)} has a name or value that no environment holds, and is left out`)
  }
  const entries = [...variables].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value}`)
  return { entries, notes: [...notes] }
}

function apply(
  action: EnvironmentAction,
  variables: Map<string, string>,
  { relocations }: ScriptOptions,
  notes: Set<string>,
): void {
  switch (action.kind) {
    case 'unset':
      variables.delete(action.name)
      return
    case 'alias':
      notes.add(`the alias ${printable(action.name)} is no variable: the script of this context has it`)
      return
    case 'source':
    case 'command':
      notes.add(`${action.kind}(${printable(action.text)}) runs when a shell reads the script of this context`)
      return
    case 'set':
    case 'append':
    case 'prepend': {
      const { kind, name, separator } = action
      const before = variables.get(name) ?? ''
      const text = (piece: ValuePiece): string => {
        const moved = relocated(piece.text, relocations)
        return piece.literal ? moved : expanded(moved, name, variables, notes)
      }
      const value = action.pieces.map(text).join('')
      if (kind === 'set') variables.set(name, value)
      else variables.set(name, kind === 'append' ? before + separator + value : value + separator + before)
    }
  }
}

/** A home folder at the start is a reference, too. */
function expanded(text: string, variable: string, variables: ReadonlyMap<string, string>, notes: Set<string>): string {
  const left = (reference: string): string => {
    notes.add(`${printable(variable)} refers to ${reference}, which is left to run time and which no engine expands`)
    return reference
  }
  return text
    .replace(/^~(?=\/|$)/, '${HOME}')
    .replace(REFERENCE, (reference) => variables.get(reference.replaceAll(/[${}]/g, '')) ?? left(reference))
}
