/** Elements of path variables with the package that put them there, looked up in each world. */
import type { ContextAudit, WorldName } from '../../domain/audit.ts'
import type { Package } from '../../domain/context.ts'
import { packageId } from '../../domain/context.ts'
import type { Place } from './presence.ts'
import { isBelow, normalPath, placeAt } from './presence.ts'

export interface PathElement {
  readonly variable: string
  /** As it stands in the variable. */
  readonly text: string
  /** Who put it there; null for Rez, the caller, or a package that is not in the context. */
  readonly setter: Package | null
  /** What stands there, by world; empty for a relative element, and for one with a reference, which leads nobody knows where. */
  readonly places: readonly { readonly world: WorldName; readonly place: Place | null }[]
}

/**
 * Elements of one variable in order, each text once.
 *
 * @param separators how this variable is split
 */
export function elementsOf(
  audit: ContextAudit,
  variable: string,
  separators: RegExp,
  worlds: readonly WorldName[],
): readonly PathElement[] {
  const entries = audit.context.environment.variables.find((item) => item.name === variable)?.entries ?? []
  const setters = new Map(audit.context.packages.map((item) => [packageId(item), item]))
  const seen = new Set<string>()
  const elements: PathElement[] = []
  for (const entry of entries) {
    // An address is no list of paths, though it has colons.
    if (entry.value.includes('://')) continue
    for (const text of entry.value.split(separators)) {
      if (text === '' || seen.has(text)) continue
      seen.add(text)
      const isPath = text.startsWith('/') && !text.includes('$')
      const places = isPath ? worlds.map((world) => ({ world, place: placeAt(audit, world, text) })) : []
      elements.push({ variable, text, setter: setters.get(entry.package ?? '') ?? null, places })
    }
  }
  return elements
}

/** The element as a subject that stays the same over versions and repositories: the setter's root becomes `{root}`. */
export function elementSubject({ text, setter }: PathElement): string {
  if (setter === null || setter.root === '' || !text.startsWith('/')) return text
  const root = normalPath(setter.root)
  const path = normalPath(text)
  return isBelow(path, root) ? `{root}${path.slice(root.length)}` : text
}

/** Worlds in which nothing stands there. */
export function absentIn(element: PathElement): readonly WorldName[] {
  return element.places.filter(({ place }) => place === null).map(({ world }) => world)
}

/** It stands on the host, belongs to no package, and the base does not have it. */
export function isHostOnly(element: PathElement): boolean {
  const host = element.places.find(({ world }) => world === 'host')?.place ?? null
  const base = element.places.find(({ world }) => world === 'base')
  return host !== null && host.owner === null && base?.place === null
}
