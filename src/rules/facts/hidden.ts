/**
 * OS packages that do not fit beside the packages of a context: what they bring relies on a newer release of a library
 * than the copy that a package puts on the library path, which hides it from them.
 */
import type { Package } from '../../domain/context.ts'
import { packageId } from '../../domain/context.ts'
import { once } from '../../domain/once.ts'
import { compareVersions } from '../../system/index-entries.ts'
import type { MoveFacts } from './facts.ts'
import { debianName } from './stems.ts'
import type { Stock } from './stock.ts'

/** Why an OS package does not fit. */
export interface HiddenReliance {
  /** The OS package that relies on another: the one asked about, or one that comes with it. */
  readonly by: string
  /** The OS package of the library, and the least version of it. */
  readonly on: string
  readonly least: string
  /** The package whose older copy is found in its place. */
  readonly hiddenBy: Package
}

/** Answers for the OS packages of one context: why one does not fit, null where nothing says so. */
export type Fitting = (install: string) => HiddenReliance | null

/**
 * What tells whether OS packages fit beside the packages of a context.
 *
 * @param stock what can be installed in the new base
 */
export function fittingOf(facts: MoveFacts, stock: Stock): Fitting {
  const carried = once(() => carriedIn(facts, stock))
  return (install) => {
    for (const [on, { by, least }] of carried().size === 0 ? [] : stock.relies(install)) {
      const hiddenBy = carried().get(on)
      if (hiddenBy !== undefined && isOlder(hiddenBy.version, least)) return { by, on, least, hiddenBy }
    }
    return null
  }
}

/** The packages that put a library on the library path, by the OS package that has it. */
function carriedIn({ audit }: MoveFacts, stock: Stock): ReadonlyMap<string, Package> {
  const carried = new Map<string, Package>()
  for (const { reading, owner, onLibraryPath } of audit.objects) {
    const soname = reading.object?.soname ?? null
    const name = !onLibraryPath || soname === null ? null : stock.offers(debianName(soname))
    if (name !== null && !carried.has(name)) carried.set(name, owner)
  }
  return carried
}

/**
 * Whether a version is older than that of an OS package, by the numbers of the release: `5.78.0` than `5.116.0~`. False
 * where one of them has none.
 */
function isOlder(version: string, than: string): boolean {
  const [left, right] = [releaseOf(version), releaseOf(than)]
  return left !== '' && right !== '' && compareVersions(left, right) < 0
}

/** The numbers of the upstream release: no epoch, no revision (deb-version(7)), no zeros at the end. */
function releaseOf(version: string): string {
  const numbers = /^\d+(?:\.\d+)*/.exec(version.replace(/^\d+:/, ''))?.[0] ?? ''
  return numbers.replace(/(?:\.0+)+$/, '')
}

/** Why an OS package does not do, as a part of a sentence. */
export function hiddenText({ by, on, least, hiddenBy }: HiddenReliance): string {
  return `${by} relies on ${on} ${least} or later, which the older copy of ${packageId(hiddenBy)} hides`
}
