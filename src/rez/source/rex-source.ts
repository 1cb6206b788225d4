/** Rex code given as text (package.yaml, or a string in package.py), and the names of rex functions. */
import type { Unevaluated } from '../../domain/context.ts'
import type { Fault } from '../../domain/fault.ts'
import type { Parse } from '../python/plain.ts'
import type { Value } from '../python/value.ts'
import type { DefinedFunction } from './definition.ts'

/** Attributes that hold rex code (`package_rex_keys` of `src/rez/package_resources.py`). */
export const REX_NAMES: ReadonlySet<string> = new Set([
  'pre_commands',
  'commands',
  'post_commands',
  'pre_build_commands',
  'pre_test_commands',
])

/** What a rex attribute's value gives: code, or the reason why there is none. */
export type RexSource =
  | { readonly kind: 'code'; readonly code: DefinedFunction }
  | { readonly kind: 'refused'; readonly unevaluated: Unevaluated; readonly fault: Fault | null }

/** Where a literal stands; `textLine` is the line on which a text value begins, the line of the attribute where left out. */
export interface RexPlace {
  readonly file: string
  readonly name: string
  readonly line: number
  readonly textLine?: number
}

/** Reads rex code from a literal. */
export function rexSource({ file, name, line, textLine = line }: RexPlace, value: Value, parse: Parse): RexSource {
  const refused = (reason: string, fault: Fault | null): RexSource => ({
    kind: 'refused',
    unevaluated: { file, line, code: `${name}: ...`, reason },
    fault,
  })
  if (value.kind === 'list') return refused('old-style commands, a list of shell lines, which Rez refuses', null)
  if (value.kind !== 'str') return refused(`${name} was expected to be a function or text`, null)
  const module = parse(value.value, file, textLine)
  if (module.fault !== null) return refused(module.fault.message, module.fault)
  return {
    kind: 'code',
    code: {
      name,
      kind: 'plain',
      line,
      parameters: [],
      body: module.statements,
      text: module.text,
      includes: [],
    },
  }
}
