/** The grammar of package names (`is_valid_package_name` in `src/rez/utils/formatting.py`). */
import { isTokenUnit } from './token.ts'

/** Names that a repository may hold as folders and that are no packages. */
const RESERVED: ReadonlySet<string> = new Set(['__pycache__'])

/** Letters, digits and `_`, in groups that single dots separate. */
export function isPackageName(name: string): boolean {
  if (name === '' || RESERVED.has(name)) return false
  return name.split('.').every((group) => group !== '' && isWord(group))
}

function isWord(group: string): boolean {
  for (let i = 0; i < group.length; i += 1) if (!isTokenUnit(group.charCodeAt(i))) return false
  return true
}
