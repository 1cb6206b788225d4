/** What the repair files of a package ask of its definition. */
import type { RepairFile } from '../domain/repair.ts'
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
  /** Sentences about entries that no statement can be written for. */
  readonly unwritten: readonly string[]
  /** A sentence, null where the change can be made. */
  readonly refused: string | null
}

/** The payload roots of packages, by name. */
export type Payloads = Readonly<Record<string, readonly string[]>>

/**
 * The change that the files of one package ask for, those of its variants taken together: `requires` counts for all of
 * them. A package that the definition requires already is left as it is.
 */
export function plannedChange(files: readonly RepairFile[], definition: Definition, payloads: Payloads): PlannedChange {
  const left: string[] = []
  const ranges = new Map<string, string>()
  for (const [name, { range }] of files.flatMap((file) => Object.entries(file.requires ?? {}))) {
    const known = ranges.get(name)
    if (known !== undefined && known !== range) {
      const refused = `the variants ask for different ranges of ${name}: ${known} and ${range}`
      return { requires: [], commands: [], left, unwritten: [], refused }
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
  return { requires, ...commandLines(files, payloads), left, refused: null }
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

function commandLines(files: readonly RepairFile[], payloads: Payloads): Pick<PlannedChange, 'commands' | 'unwritten'> {
  const lines = new Set<string>()
  const unwritten: string[] = []
  for (const file of files) {
    const own = 'package' in file.subject ? file.subject.package : ''
    for (const [variable, entries] of Object.entries(file.env ?? {})) {
      for (const [value, { op }] of Object.entries(entries).sort(([a], [b]) => compareBytes(a, b))) {
        const path = pathText(own, value, payloads)
        if (op === 'remove' || path === null || !/^[A-Za-z_]\w*$/.test(variable)) {
          unwritten.push(`${variable}: ${op} ${value} has no line in package.py: change it by hand`)
        } else lines.add(op === 'set' ? `env.${variable} = '${path}'` : `env.${variable}.${op}('${path}')`)
      }
    }
  }
  return { commands: [...lines], unwritten }
}

/** The path in Rez's command language; null where it has no words for it. */
function pathText(own: string, value: string, payloads: Payloads): string | null {
  const token = /^\{([^{}:]+)(?::(\d+))?\}(?=\/|$)/.exec(value)
  const rest = value.slice(token?.[0].length ?? 0)
  // Quotes, escapes and braces would mean something to Python or to Rez, and `$` to the shell.
  const plain = (text: string): boolean => /^[^\\'"{}$\p{Cc}]*$/u.test(text)
  if (!plain(rest)) return null
  if (token === null) return value.startsWith('/') ? value : null
  const [, name = '', further] = token
  if (name === 'graft') return null
  // Only the first payload root has a name in Rez; a vendor's folder is written as it is.
  if (further !== undefined) {
    const folder = payloads[name]?.[Number(further)]
    return folder !== undefined && plain(folder) ? folder + rest : null
  }
  if (name === own) return `{root}${rest}`
  return /^[A-Za-z_]\w*$/.test(name) ? `{resolve.${name}.root}${rest}` : null
}
