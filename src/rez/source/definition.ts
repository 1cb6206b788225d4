/** A package definition as read, never executed: its literal attributes, its functions, and what static reading left. */
import type { Unevaluated } from '../../domain/context.ts'
import type { Fault } from '../../domain/fault.ts'
import type { Parameter, Statement } from '../python/syntax.ts'
import type { Value } from '../python/value.ts'
import type { SourceModule } from './source-module.ts'

/** An attribute with a known value. */
export interface Attribute {
  readonly name: string
  readonly line: number
  readonly value: Value
}

/**
 * What a decorator makes of a function (`src/rez/utils/sourcecode.py`): `late` gives an attribute at resolve time,
 * `early` at build time, `include` brings helper modules into the function's scope.
 */
export type FunctionKind = 'plain' | 'late' | 'early' | 'include' | 'decorated'

/** A function of the definition, such as `commands`. */
export interface DefinedFunction {
  readonly name: string
  readonly kind: FunctionKind
  readonly line: number
  readonly parameters: readonly Parameter[]
  readonly body: readonly Statement[]
  /** The text that the body's offsets point into. */
  readonly text: string
  /** Modules named by `@include`. */
  readonly includes: readonly string[]
}

/** One package.py or package.yaml. */
export interface Definition {
  readonly file: string
  /** By name, in the order of first assignment. */
  readonly attributes: ReadonlyMap<string, Attribute>
  readonly functions: ReadonlyMap<string, DefinedFunction>
  /** Values set by `with scope('config') as config:`, by dotted name such as `config.release_packages_path`. */
  readonly scopes: ReadonlyMap<string, Attribute>
  /** Attributes that the definition sets to something unknown: late and early functions, code that was not evaluated. */
  readonly unknown: ReadonlyMap<string, Unevaluated>
  /** Modules that `@include` names, where they were looked for. */
  readonly modules?: ReadonlyMap<string, SourceModule>
  /** Everything that was not evaluated, in the order of lines; holds the values of `unknown`. */
  readonly unevaluated: readonly Unevaluated[]
}

/** A definition, or the faults for which there is none. */
export interface DefinitionReading {
  readonly definition: Definition | null
  readonly faults: readonly Fault[]
}

/** A text attribute; null when it is absent, unknown, or no string. */
export function textAttribute(definition: Definition, name: string): string | null {
  const value = definition.attributes.get(name)?.value
  return value?.kind === 'str' ? value.value : null
}

/** A list of strings such as `requires` or `tools`; null when absent, unknown, or of another shape. */
export function textsAttribute(definition: Definition, name: string): readonly string[] | null {
  const value = definition.attributes.get(name)?.value
  return value === undefined ? null : texts(value)
}

/** A list of lists of strings such as `variants`; null when absent, unknown, or of another shape. */
export function textListsAttribute(definition: Definition, name: string): readonly (readonly string[])[] | null {
  const value = definition.attributes.get(name)?.value
  if (value?.kind !== 'list' && value?.kind !== 'tuple') return null
  const lists = value.items.map(texts)
  return lists.every((list) => list !== null) ? lists : null
}

/** True or False; null when absent, unknown, or of another type. */
export function flagAttribute(definition: Definition, name: string): boolean | null {
  const value = definition.attributes.get(name)?.value
  return value?.kind === 'bool' ? value.value : null
}

function texts(value: Value): readonly string[] | null {
  if (value.kind !== 'list' && value.kind !== 'tuple') return null
  const out: string[] = []
  for (const item of value.items) {
    if (item.kind !== 'str') return null
    out.push(item.value)
  }
  return out
}
