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

/** A range of versions of a family; null for `~foo`. */
interface FamilyRange {
  readonly name: string
  readonly range: VersionRange | null
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
    return compareKeys(this.#key(name, a), this.#key(name, b))
  }

  /** As {@link versions}, bound by bound, of ranges that may be of two families; zero where either is that of `~foo`. */
  ranges(a: FamilyRange, b: FamilyRange): number {
    if (a.range === null || b.range === null) return 0
    if (this.#ordererFor(a.name) === DEFAULT && this.#ordererFor(b.name) === DEFAULT) return a.range.compare(b.range)
    const left = a.range.bounds
    const right = b.range.bounds
    for (const [i, bound] of left.entries()) {
      const other = right[i]
      if (other === undefined) break
      const order = this.#bounds(a.name, bound, b.name, other)
      if (order !== 0) return order
    }
    return left.length - right.length
  }

  #ordererFor(name: string): Orderer {
    return this.#byFamily.get(name) ?? this.#byFamily.get('*') ?? DEFAULT
  }

  #bounds(aName: string, a: Bound, bName: string, b: Bound): number {
    return (
      compareKeys(this.#key(aName, a.lower.version), this.#key(bName, b.lower.version)) ||
      Number(b.lower.inclusive) - Number(a.lower.inclusive) ||
      compareKeys(this.#key(aName, a.upper.version), this.#key(bName, b.upper.version)) ||
      Number(a.upper.inclusive) - Number(b.upper.inclusive)
    )
  }

  #key(name: string, version: Version, orderer: Orderer = this.#ordererFor(name)): Key {
    switch (orderer.kind) {
      case 'no_order':
        return { kind: 'same', version }
      case 'sorted':
        return { kind: orderer.descending ? 'up' : 'down', version }
      case 'version_split':
        return { kind: 'split', first: compareVersions(version, orderer.first) <= 0, version }
      case 'soft_timestamp': {
        const after = this.#firstAfterOf(orderer, name)
        if (after === null || compareVersions(version, after) < 0) return { kind: 'split', first: true, version }
        return { kind: 'late', first: false, rank: orderer.rank, version }
      }
      case 'per_family':
        return this.#key(name, version, orderer.families.get(name) ?? orderer.otherwise ?? DEFAULT)
    }
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

/** What Rez sorts a version by: by itself, upside down, or those first that come first; all the same with `no_order`. */
type Key =
  | { readonly kind: 'same' | 'up' | 'down'; readonly version: Version }
  | { readonly kind: 'split'; readonly first: boolean; readonly version: Version }
  /** Released too late: as far as the rank the lower comes first. */
  | { readonly kind: 'late'; readonly first: false; readonly rank: number; readonly version: Version }

/** Keys of two families can be of two kinds, which Rez cannot compare: the versions decide (`FallbackComparable`). */
function compareKeys(a: Key, b: Key): number {
  if ('first' in a && 'first' in b && a.first !== b.first) return a.first ? 1 : -1
  if (a.kind === 'late' && b.kind === 'late') return compareLate(a.rank, a.version, b.rank, b.version)
  if (a.kind === 'same' && b.kind === 'same') return 0
  return a.kind === 'down' && b.kind === 'down'
    ? compareVersions(b.version, a.version)
    : compareVersions(a.version, b.version)
}

function compareLate(aRank: number, a: Version, bRank: number, b: Version): number {
  const trimmed = compareVersions(upTo(bRank, b), upTo(aRank, a))
  // The versions agree where one of them was trimmed, so that comparing them whole compares what was cut off.
  return trimmed === 0 ? compareVersions(a, b) : trimmed
}

function upTo(rank: number, version: Version): Version {
  return rank === 0 || version === INFINITE ? version : trimVersion(version, rank - 1)
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
