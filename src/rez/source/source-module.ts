/** Python modules that the code of a definition uses; those that `@include` brings lie in `.rez/include` (`src/rez/utils/sourcecode.py`). */
import { printable } from '../../domain/bytes.ts'
import type { Statement } from '../python/syntax.ts'
import type { Parse } from '../python/plain.ts'

/** Folder below the package's `base`. */
export const INCLUDE_FOLDER = '.rez/include'

/** A module that the code of a definition may use. */
export type SourceModule =
  | { readonly file: string; readonly text: string; readonly statements: readonly Statement[] }
  /** Why it cannot be used. */
  | { readonly file: string; readonly reason: string }

/** The module in a file's text. */
export function readModule(text: string, file: string, parse: Parse): SourceModule {
  const module = parse(text, file)
  if (module.fault !== null) return { file, reason: `${printable(file)} is not Python: ${module.fault.message}` }
  return { file, text: module.text, statements: module.statements }
}
