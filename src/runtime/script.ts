/** The environment of a context as a script for POSIX shells, to be read with `.`; it does what Rez's own shells do, in Rez's order. */
import { printable } from '../domain/bytes.ts'
import type { Context, EnvironmentAction, ValuePiece } from '../domain/context.ts'
import { singleQuoted } from '../domain/shell.ts'
import type { Relocation } from './relocate.ts'
import { relocated } from './relocate.ts'

export interface ScriptOptions {
  readonly relocations: readonly Relocation[]
  /** Folders of the system that come last on PATH; null leaves PATH to the packages. */
  readonly systemPath: string | null
}

/** What a shell takes as the name of a variable or function. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** References that are left to run time. Everything else that a shell would expand is text, as in Rez's own result. */
export const REFERENCE: Readonly<RegExp> = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$([A-Za-z_][A-Za-z0-9_]*)/g

/** The script, and what of the environment a POSIX shell cannot express. */
export interface Script {
  readonly text: string
  readonly notes: readonly string[]
}

/** Writes the script. A context with a captured environment has no steps: its variables are set as they are. */
export function shellScript(context: Context, options: ScriptOptions): Script {
  const notes: string[] = []
  const lines = [`# The Rez environment of ${printable(context.name)}, made by airtight: read it with ". FILE".`]
  for (const action of context.actions ?? capturedActions(context)) {
    const line = lineOf(action, options)
    if (line === null) notes.push(`${nameOf(action)} is no name that a shell takes, and is left out`)
    else lines.push(line)
  }
  if (options.systemPath !== null && options.systemPath !== '') {
    lines.push(`export PATH="\${PATH:+\${PATH}:}"${singleQuoted(options.systemPath)}`)
  }
  return { text: `${lines.join('\n')}\n`, notes: [...new Set(notes)] }
}

/** A captured environment as steps: its variables are set as they are. */
export function capturedActions({ environment }: Context): readonly EnvironmentAction[] {
  return environment.variables.map(({ name, entries, separator }) => {
    const text = entries.map((entry) => entry.value).join(separator)
    return { kind: 'set', name, pieces: [{ literal: false, text }], separator }
  })
}

function nameOf(action: EnvironmentAction): string {
  return 'name' in action ? printable(action.name) : action.kind
}

/** One line for a step; null for a name that the shell refuses. */
function lineOf(action: EnvironmentAction, { relocations }: ScriptOptions): string | null {
  const move = (text: string): string => relocated(text, relocations)
  if ('text' in action) {
    return action.kind === 'source' ? sourceLine(expandable(move(action.text))) : move(action.text)
  }
  if (action.kind === 'alias') return aliasLine(action.name, move(action.command))
  if (!NAME.test(action.name)) return null
  if (action.kind === 'unset') return `unset ${action.name}`
  const value = action.pieces.map((piece) => quoted(piece, move)).join('') || "''"
  const separator = action.separator === ':' ? ':' : singleQuoted(action.separator)
  if (action.kind === 'append') return `export ${action.name}="\${${action.name}}"${separator}${value}`
  return action.kind === 'prepend'
    ? `export ${action.name}=${value}${separator}"\${${action.name}}"`
    : `export ${action.name}=${value}`
}

/** A file that is not there would end the shell. */
function sourceLine(file: string): string {
  return `if [ -r ${file} ]; then . ${file}; else echo "airtight:" ${file} "cannot be read" >&2; fi`
}

/** A function, as Rez writes it; an alias where the name is none that POSIX allows for a function. */
function aliasLine(name: string, command: string): string | null {
  const line = command.replace(/\n/g, ' ')
  if (NAME.test(name)) return `${name}() { ${line} "$@"; }`
  return /^[\w.+@%,-]+$/.test(name) ? `alias ${name}=${singleQuoted(line)}` : null
}

function quoted({ literal, text }: ValuePiece, move: (text: string) => string): string {
  const moved = move(text)
  if (moved === '') return ''
  return literal ? singleQuoted(moved) : expandable(moved)
}

/** In double quotes, only references alive. A home folder at the start is that of whoever reads the script. */
function expandable(text: string): string {
  let out = ''
  let done = 0
  for (const match of text.matchAll(REFERENCE)) {
    out += escaped(text.slice(done, match.index)) + `\${${match[0].replaceAll(/[${}]/g, '')}}`
    done = match.index + match[0].length
  }
  return `"${(out + escaped(text.slice(done))).replace(/^~(?=\/|$)/, '${HOME}')}"`
}

function escaped(text: string): string {
  return text.replace(/["\\`$]/g, '\\$&')
}
