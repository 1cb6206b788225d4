/** Variants of a package folder that implicit requests forbid, most often because they are for other machines. */
import { memberId } from './ordered.ts'
import { isParseError } from '../version/parse-error.ts'
import { mergeRequirements } from '../version/requirement-list.ts'
import { parsePackageRequest } from '../version/requirement.ts'
import type { LoadedVariant } from '../repository/package.ts'

export interface PartedVariants {
  readonly here: readonly LoadedVariant[]
  /** A sentence about each of the others. */
  readonly notes: readonly string[]
}

/**
 * Parts the variants that Rez could take here from those whose own requirements an implicit request forbids, as
 * `~arch==x86_64` does with `arch-aarch64`. Where that is so of all, none is parted: why there is no context is told.
 */
export function partedVariants(variants: readonly LoadedVariant[], implicit: readonly string[] | null): PartedVariants {
  const forbidding = (implicit ?? []).flatMap((text) => {
    const request = parsePackageRequest(text)
    return isParseError(request) ? [] : [request]
  })
  const here: LoadedVariant[] = []
  const notes: string[] = []
  for (const variant of variants) {
    const { clash } = mergeRequirements([...variant.requirements, ...forbidding])
    if (clash === null || !forbidding.includes(clash[1])) here.push(variant)
    else {
      const id = `${memberId(variant)}[${variant.variant.index ?? ''}]`
      notes.push(`${id} is not looked at: it requires ${clash[0].text}, which the implicit ${clash[1].text} forbids`)
    }
  }
  return here.length === 0 ? { here: variants, notes: [] } : { here, notes }
}
