/** Names that no recipe can hold. */
import type { Recipe } from './recipe.ts'

/** No line of a recipe holds control characters, nor bytes that are no text. */
function unwritable(path: string): boolean {
  return /[\x00-\x1f\x7f\ud800-\udfff]/.test(path)
}

/** COPY takes these for patterns, variables or quotes. */
export function oddForCopy(path: string): boolean {
  return unwritable(path) || /[*?[\]\\$"]/.test(path)
}

/** The first name of a recipe that it cannot hold. */
export function unwritableIn({ stores, copies, removed }: Recipe): string | undefined {
  const places = copies.flatMap(({ from, to }) => [from, to])
  return [...stores.map(({ folder }) => folder), ...places, ...removed].find(unwritable)
}
