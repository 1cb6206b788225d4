/** Variables that Rez sets for a context as a whole before any commands (`_execute` in `src/rez/resolved_context.py`). */
import type { Package } from '../../domain/context.ts'
import { packageId } from '../../domain/context.ts'
import { isParseError } from '../version/parse-error.ts'
import { parseRequirement } from '../version/requirement.ts'

/** What they are made of; absent is not known. */
interface Resolve {
  readonly packages: readonly { readonly package: Package }[]
  readonly requests: readonly string[]
  readonly implicits?: readonly string[]
  readonly ephemerals?: readonly string[]
}

/** Those that follow from the resolve. Commands may read them; a reader asks for the resolve, not for these. */
export function contextVariables({ packages, requests, implicits, ephemerals }: Resolve): ReadonlyMap<string, string> {
  const variables = new Map([
    ['REZ_USED_REQUEST', joined(requests)],
    ['REZ_USED_RESOLVE', packages.map((item) => packageId(item.package)).join(' ')],
  ])
  if (implicits !== undefined) variables.set('REZ_USED_IMPLICIT_PACKAGES', joined(implicits))
  if (ephemerals !== undefined && ephemerals.length > 0) variables.set('REZ_USED_EPH_RESOLVE', joined(ephemerals))
  return variables
}

function joined(requests: readonly string[]): string {
  return requests
    .map((text) => {
      const requirement = parseRequirement(text)
      return isParseError(requirement) ? text : requirement.text
    })
    .join(' ')
}
