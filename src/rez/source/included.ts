/** Modules that `@include` brings: Rez copies them to `.rez/include` of the package (`IncludeModuleManager` in `src/rez/utils/sourcecode.py`). */
import { printable } from '../../domain/bytes.ts'
import type { Statement } from '../python/syntax.ts'
import type { Parse } from '../python/plain.ts'

/** Folder below the package's `base`. */
export const INCLUDE_FOLDER = '.rez/include'

/** A module that the code of a definition may use. */
export type IncludedModule =
  | { readonly file: string; readonly text: string; readonly statements: readonly Statement[] }
  /** Why it cannot be used. */
  | { readonly file: string; readonly reason: string }

/** The module in a file's text. */
export function readIncluded(text: string, file: string, parse: Parse): IncludedModule {
  const module = parse(text, file)
  if (module.fault !== null) return { file, reason: `${printable(file)} is not Python: ${module.fault.message}` }
  return { file, text: module.text, statements: module.statements }
}
