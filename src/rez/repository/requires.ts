/** The requirement lists of a definition, checked as Rez's schema checks them when a package is loaded. */
import { faultAtLine } from '../../domain/fault.ts'
import { isParseError } from '../version/parse-error.ts'
import { parsePackageRequest } from '../version/requirement.ts'
import { textListsAttribute, textsAttribute } from '../source/definition.ts'
import type { Definition } from '../source/definition.ts'
import type { Fault } from '../../domain/fault.ts'
import type { Requirement } from '../version/requirement.ts'

export type RequiresName = 'requires' | 'build_requires' | 'private_build_requires'

/** Requirements as written and as read, in order. */
export interface Requires {
  readonly texts: readonly string[]
  readonly requirements: readonly Requirement[]
  readonly faults: readonly Fault[]
}

/** One variant of a package. */
export interface Variant {
  /** Null for a package without variants. */
  readonly index: number | null
  readonly requires: Requires
}

const NONE: Requires = { texts: [], requirements: [], faults: [] }

/** A list of requirements; empty where the definition has none, or sets it to something that is not evaluated. */
export function requiresOf(definition: Definition, name: RequiresName): Requires {
  const attribute = definition.attributes.get(name)
  if (attribute === undefined) return NONE
  const texts = textsAttribute(definition, name)
  if (texts === null) return faulty(definition, attribute.line, `${name} is no list of strings`)
  return readRequires(definition, attribute.line, name, texts)
}

/** The variants in order; one with index null where the definition has none. */
export function variantsOf(definition: Definition): { variants: readonly Variant[]; faults: readonly Fault[] } {
  const attribute = definition.attributes.get('variants')
  const unknown = definition.unknown.get('variants')
  if (unknown !== undefined) {
    const message = `the variants are not known: ${unknown.reason}`
    return { variants: [], faults: [faultAtLine('unsupported', definition.file, unknown.line, message)] }
  }
  if (attribute === undefined) return { variants: [{ index: null, requires: NONE }], faults: [] }
  const lists = textListsAttribute(definition, 'variants')
  if (lists === null) {
    return {
      variants: [],
      faults: faulty(definition, attribute.line, 'variants is no list of lists of strings').faults,
    }
  }
  if (lists.length === 0) return { variants: [{ index: null, requires: NONE }], faults: [] }
  const variants = lists.map((texts, index) => ({
    index,
    requires: readRequires(definition, attribute.line, `variant ${index}`, texts),
  }))
  return { variants, faults: variants.flatMap((variant) => variant.requires.faults) }
}

function readRequires(definition: Definition, line: number, name: string, texts: readonly string[]): Requires {
  const requirements: Requirement[] = []
  const faults: Fault[] = []
  for (const text of texts) {
    const requirement = parsePackageRequest(text)
    if (!isParseError(requirement)) requirements.push(requirement)
    else faults.push(faultAtLine('malformed', definition.file, line, `in ${name}: ${requirement.error}`))
  }
  return { texts, requirements, faults }
}

function faulty(definition: Definition, line: number, message: string): Requires {
  return { texts: [], requirements: [], faults: [faultAtLine('malformed', definition.file, line, message)] }
}
