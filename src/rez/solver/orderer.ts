/** In which order the versions of a family are tried (`package_orderers` of Rez's configuration, `package_order.py`). */
import { compareVersions, INFINITE, trimVersion } from '../version/version.ts'
import type { Bound } from '../version/bound.ts'
import type { Version } from '../version/version.ts'
import type { VersionRange } from '../version/range.ts'

/** `packages`: the families it holds for, `*` for all that no other orderer names. */
export type Orderer =
  | { readonly kind: 'no_order'; readonly packages: readonly string[] }
  | { readonly kind: 'sorted'; readonly descending: boolean; readonly packages: readonly string[] }
  | { readonly kind: 'version_split'; readonly first: Version; readonly packages: readonly string[] }
  | {
      readonly kind: 'soft_timestamp'
      /** Seconds since the epoch. */
      readonly timestamp: number
      readonly rank: number
      readonly packages: readonly string[]
    }
  | {
      readonly kind: 'per_family'
      readonly families: ReadonlyMap<string, Orderer>
      readonly otherwise: Orderer | null
      readonly packages: readonly string[]
    }

/** A version with its release, as `soft_timestamp` asks for them; `timestamp` reads the definition. */
export interface Release {
  readonly version: Version
  timestamp(): number | null
}

/** The releases of a family, in any order; empty where there is no such family. */
export type Releases = (name: string) => readonly Release[]

const DEFAULT: Orderer = { kind: 'sorted', descending: true, packages: [] }

/** Compares versions, and ranges of versions, as the orderers prefer them. */
export class VersionOrder {
  readonly #byFamily = new Map<string, Orderer>()
  readonly #releases: Releases
  readonly #firstAfter = new Map<string, Version | null>()

  /** Of two orderers for one family the first holds. */
  constructor(orderers: readonly Orderer[], releases: Releases) {
    this.#releases = releases
    for (const orderer of orderers) {
      for (const name of orderer.packages) if (!this.#byFamily.has(name)) this.#byFamily.set(name, orderer)
    }
  }

  /** Positive where `a` is tried before `b`. */
  versions(name: string, a: Version, b: Version): number {
    return this.#compare(this.#ordererFor(name), name, a, b)
  }

  /** As {@link versions}, bound by bound; zero where either is the range of `~foo`. */
  ranges(name: string, a: VersionRange | null, b: VersionRange | null): number {
    if (a === null || b === null) return 0
    const orderer = this.#ordererFor(name)
    if (orderer === DEFAULT) return a.compare(b)
    for (let i = 0; i < a.bounds.length && i < b.bounds.length; i += 1) {
      const left = a.bounds[i]
      const right = b.bounds[i]
      if (left === undefined || right === undefined) break
      const order = this.#bounds(orderer, name, left, right)
      if (order !== 0) return order
    }
    return a.bounds.length - b.bounds.length
  }

  #ordererFor(name: string): Orderer {
    return this.#byFamily.get(name) ?? this.#byFamily.get('*') ?? DEFAULT
  }

  #bounds(orderer: Orderer, name: string, a: Bound, b: Bound): number {
    return (
      this.#compare(orderer, name, a.lower.version, b.lower.version) ||
      Number(b.lower.inclusive) - Number(a.lower.inclusive) ||
      this.#compare(orderer, name, a.upper.version, b.upper.version) ||
      Number(a.upper.inclusive) - Number(b.upper.inclusive)
    )
  }

  #compare(orderer: Orderer, name: string, a: Version, b: Version): number {
    switch (orderer.kind) {
      case 'no_order':
        return 0
      case 'sorted':
        return orderer.descending ? compareVersions(a, b) : compareVersions(b, a)
      case 'version_split': {
        const split = ofFirst(orderer.first, a) - ofFirst(orderer.first, b)
        return split === 0 ? compareVersions(a, b) : split
      }
      case 'soft_timestamp':
        return this.#bySoftTimestamp(orderer, name, a, b)
      case 'per_family': {
        const inner = orderer.families.get(name) ?? orderer.otherwise
        return inner === null ? compareVersions(a, b) : this.#compare(inner, name, a, b)
      }
    }
  }

  #bySoftTimestamp(orderer: SoftTimestamp, name: string, a: Version, b: Version): number {
    const after = this.#firstAfterOf(orderer, name)
    const aBefore = after === null || compareVersions(a, after) < 0
    const bBefore = after === null || compareVersions(b, after) < 0
    if (aBefore !== bBefore) return aBefore ? 1 : -1
    if (aBefore) return compareVersions(a, b)
    if (orderer.rank === 0 || a === INFINITE || b === INFINITE) return compareVersions(b, a)
    const trimmed = compareVersions(trimVersion(b, orderer.rank - 1), trimVersion(a, orderer.rank - 1))
    // The versions agree where one of them was trimmed, so that comparing them whole compares what was cut off.
    return trimmed === 0 ? compareVersions(a, b) : trimmed
  }

  #firstAfterOf(orderer: SoftTimestamp, name: string): Version | null {
    const key = `${orderer.timestamp} ${orderer.rank} ${name}`
    const known = this.#firstAfter.get(key)
    if (known !== undefined) return known
    const found = firstAfter(orderer, this.#releases(name))
    this.#firstAfter.set(key, found)
    return found
  }
}

type SoftTimestamp = Extract<Orderer, { kind: 'soft_timestamp' }>

function ofFirst(first: Version, version: Version): number {
  return compareVersions(version, first) <= 0 ? 1 : 0
}

/**
 * The lowest version of the row of newest ones released after the timestamp; with a rank, the first one up from there
 * whose first `rank - 1` tokens differ from those of the version that ended the row (`_calc_first_after`).
 */
function firstAfter({ timestamp, rank }: SoftTimestamp, releases: readonly Release[]): Version | null {
  const descending = [...releases].sort((a, b) => compareVersions(b.version, a.version))
  let found: Version | null = null
  let at = 0
  for (const [i, release] of descending.entries()) {
    at = i
    const released = release.timestamp()
    if (released === null || released === 0) continue
    if (released <= timestamp) break
    found = release.version
  }
  if (rank === 0) return found
  const last = descending[at]
  if (last === undefined) return null
  const trimmed = trimVersion(last.version, rank - 1)
  for (const { version } of descending.slice(0, at).reverse()) {
    if (compareVersions(trimVersion(version, rank - 1), trimmed) !== 0) return version
  }
  return null
}
