/** What the repair files of a package ask of its definition. */
import type { EnvEntry, RepairFile } from '../domain/repair.ts'
import { textListsAttribute, textsAttribute } from '../rez/source/definition.ts'
import type { Definition } from '../rez/source/definition.ts'
import { isParseError } from '../rez/version/parse-error.ts'
import { parseRequirement } from '../rez/version/requirement.ts'
import { compareBytes } from './compare.ts'
import { requirementText } from './environment.ts'
import type { DefinitionChange } from './patch-definition.ts'

/** A change, what of the files it leaves to a person, and what makes it impossible. */
export interface PlannedChange extends DefinitionChange {
  /** Sentences about entries that are left alone. */
  readonly left: readonly string[]
  /** A sentence, null where the change can be made. */
  readonly refused: string | null
}

/**
 * The change that the files of one package ask for, those of its variants taken together: `requires` counts for all of
 * them. A package that the definition requires already is left as it is.
 */
export function plannedChange(files: readonly RepairFile[], definition: Definition): PlannedChange {
  const left: string[] = []
  const ranges = new Map<string, string>()
  for (const [name, { range }] of files.flatMap((file) => Object.entries(file.requires ?? {}))) {
    const known = ranges.get(name)
    if (known !== undefined && known !== range) {
      const refused = `the variants ask for different ranges of ${name}: ${known} and ${range}`
      return { requires: [], commands: [], left, refused }
    }
    ranges.set(name, range)
  }
  const present = byName(textsAttribute(definition, 'requires') ?? [])
  const inVariants = byName((textListsAttribute(definition, 'variants') ?? []).flat())
  const requires: string[] = []
  for (const [name, range] of [...ranges].sort(([a], [b]) => compareBytes(a, b))) {
    const text = requirementText(name, range)
    const known = present.get(name)
    const variant = inVariants.get(name)
    if (known === undefined && variant === undefined) requires.push(text)
    else if (known === undefined) left.push(`a variant requires ${variant ?? name}: ${text} is not added for all`)
    else if (known !== text) left.push(`${known} is required already: ${text} is not added`)
  }
  return { requires, commands: commandLines(files, left), left, refused: null }
}

/** Requirements by package; what only forbids versions requires nothing. */
function byName(texts: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    texts.flatMap((text) => {
      const requirement = parseRequirement(text)
      return isParseError(requirement) || requirement.conflict ? [] : [[requirement.name, text] as const]
    }),
  )
}

function commandLines(files: readonly RepairFile[], left: string[]): readonly string[] {
  const lines = new Set<string>()
  for (const file of files) {
    const own = 'package' in file.subject ? file.subject.package : ''
    for (const [variable, entries] of Object.entries(file.env ?? {})) {
      for (const [value, { op }] of Object.entries(entries).sort(([a], [b]) => compareBytes(a, b))) {
        const line = commandLine(own, variable, value, op)
        if (line === null) left.push(`${variable}: ${op} ${value} has no line in package.py: change it by hand`)
        else lines.add(line)
      }
    }
  }
  return [...lines]
}

/** The statement in Rez's command language; null where it has none for this. */
function commandLine(own: string, variable: string, value: string, op: EnvEntry['op']): string | null {
  if (op === 'remove' || !/^[A-Za-z_]\w*$/.test(variable)) return null
  const token = /^\{([A-Za-z_]\w*)\}(?=\/|$)/.exec(value)
  const name = token?.[1] ?? ''
  const rest = value.slice(token?.[0].length ?? 0)
  // Quotes, escapes and braces would mean something to Python or to Rez, and `$` to the shell.
  if (!/^[^\\'"{}$\p{Cc}]*$/u.test(rest) || name === 'graft' || (token === null && !value.startsWith('/'))) return null
  const root = token === null ? '' : name === own ? '{root}' : `{resolve.${name}.root}`
  return op === 'set' ? `env.${variable} = '${root}${rest}'` : `env.${variable}.${op}('${root}${rest}')`
}
