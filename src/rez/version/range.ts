/** Version ranges: sets of contiguous bounds with Rez's canonical text and algebra (`VersionRange` of `_version.py`). */
import {
  ANY_BOUND,
  HIGHEST,
  LOWEST,
  boundText,
  compareBounds,
  compareUppers,
  holds,
  isPossible,
  overlap,
  placeIn,
} from './bound.ts'
import { EMPTY, INFINITE, compareVersions, nextVersion } from './version.ts'
import { isParseError } from './parse-error.ts'
import { parseBounds } from './range-grammar.ts'
import type { Bound, End } from './bound.ts'
import type { Parsed } from './parse-error.ts'
import type { Version } from './version.ts'

/** An immutable, never empty set of versions. Ranges with equal text are equal up to the separators in versions. */
export class VersionRange {
  /** Ascending, none overlapping another. */
  readonly bounds: readonly Bound[]
  #text: string | null = null

  /** `bounds` as the field demands. */
  constructor(bounds: readonly Bound[]) {
    this.bounds = bounds
  }

  /** The canonical string; empty for the range of every version. */
  get text(): string {
    this.#text ??= this.bounds.map(boundText).join('|')
    return this.#text
  }

  /** Every version is in it. */
  get any(): boolean {
    const [only] = this.bounds
    return this.bounds.length === 1 && only !== undefined && compareBounds(only, ANY_BOUND) === 0
  }

  contains(version: Version): boolean {
    let low = 0
    let high = this.bounds.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const bound = this.bounds[middle]
      const place = bound === undefined ? 0 : placeIn(bound, version)
      if (place === 0) return true
      if (place < 0) high = middle
      else low = middle + 1
    }
    return false
  }

  equals(other: VersionRange): boolean {
    if (this === other) return true
    if (this.bounds.length !== other.bounds.length) return false
    return this.bounds.every((bound, i) => {
      const against = other.bounds[i]
      return against !== undefined && compareBounds(bound, against) === 0
    })
  }

  /** Negative, zero or positive as Rez sorts the two: bound by bound. */
  compare(other: VersionRange): number {
    const length = Math.min(this.bounds.length, other.bounds.length)
    for (let i = 0; i < length; i += 1) {
      const left = this.bounds[i]
      const right = other.bounds[i]
      if (left === undefined || right === undefined) break
      const order = compareBounds(left, right)
      if (order !== 0) return order
    }
    return this.bounds.length - other.bounds.length
  }

  /** All of `other` is in this range, each of its bounds in one bound of this. */
  isSuperset(other: VersionRange): boolean {
    let i = 0
    for (const inner of other.bounds) {
      for (;;) {
        const outer = this.bounds[i]
        if (outer === undefined) return false
        if (holds(outer, inner)) break
        i += 1
      }
    }
    return true
  }

  intersects(other: VersionRange): boolean {
    return firstOverlap(this.bounds, other.bounds) !== null
  }

  union(...others: readonly VersionRange[]): VersionRange {
    return new VersionRange(mergeBounds([this, ...others].flatMap((range) => range.bounds)))
  }

  /** Null where no version is in both. */
  intersection(other: VersionRange): VersionRange | null {
    const bounds = overlaps(this.bounds, other.bounds)
    return bounds.length === 0 ? null : new VersionRange(bounds)
  }

  /** The versions outside; null for the range of every version. */
  inverse(): VersionRange | null {
    if (this.any) return null
    const bounds = gaps(this.bounds).filter(({ lower, upper }) => isPossible(lower, upper))
    return bounds.length === 0 ? null : new VersionRange(bounds)
  }

  /** The versions of this range that are not in `other`; null where there are none. */
  difference(other: VersionRange): VersionRange | null {
    const outside = other.inverse()
    return outside === null ? null : this.intersection(outside)
  }

  /** The one contiguous range from the lowest to the highest bound. */
  span(): VersionRange {
    const lower = this.bounds[0]?.lower ?? LOWEST
    const upper = this.bounds.at(-1)?.upper ?? HIGHEST
    return new VersionRange([{ lower, upper }])
  }

  /** The versions that it names with `==`. */
  exactVersions(): readonly Version[] {
    return this.bounds.filter(isExact).map((bound) => bound.lower.version)
  }
}

/** The range of every version. */
export const ANY: VersionRange = new VersionRange([ANY_BOUND])

/** Reads a range such as `1.2+<3|5`, or tells what no range looks like. */
export function parseRange(text: string): Parsed<VersionRange> {
  if (text === '') return ANY
  const bounds = parseBounds(text)
  if (isParseError(bounds)) return bounds
  return bounds.length === 0 ? ANY : new VersionRange(mergeBounds(bounds))
}

/** The range that a bare version stands for in a requirement: `3` is `3+<3_`. */
export function rangeOf(version: Version): VersionRange {
  return new VersionRange([
    { lower: { version, inclusive: true }, upper: { version: nextVersion(version), inclusive: version === EMPTY } },
  ])
}

/** The range that holds these versions and no other. */
export function exactRange(versions: readonly Version[]): VersionRange | null {
  const sorted = [...versions].sort(compareVersions)
  const distinct = sorted.filter((version, i) => {
    const before = sorted[i - 1]
    return before === undefined || compareVersions(before, version) !== 0
  })
  if (distinct.length === 0) return null
  return new VersionRange(
    distinct.map((version) => ({ lower: { version, inclusive: true }, upper: { version, inclusive: true } })),
  )
}

/** Whether a gap of the range is impossible, so that Rez fails to invert it (`1..2|>2`, which it leaves unmerged). */
export function hasImpossibleGap(range: VersionRange): boolean {
  return gaps(range.bounds).some(({ lower, upper }) => !isPossible(lower, upper))
}

function isExact({ lower, upper }: Bound): boolean {
  return lower.inclusive && upper.inclusive && compareVersions(lower.version, upper.version) === 0
}

/**
 * Sorts bounds and joins those that overlap or touch. Like Rez it decides whether two touch by the upper end of the
 * bound that sorts before, which is not always the highest one so far.
 */
function mergeBounds(bounds: readonly Bound[]): readonly Bound[] {
  if (bounds.length < 2) return bounds
  const merged: Bound[] = []
  let lower: End | null = null
  let upper: End | null = null
  let before: Bound | null = null
  for (const bound of [...bounds].sort(compareBounds)) {
    if (lower === null || upper === null || before === null) {
      lower = bound.lower
    } else if (isApart(bound.lower, upper, before.upper)) {
      merged.push({ lower, upper })
      lower = bound.lower
    }
    before = bound
    upper = upper === null || compareUppers(bound.upper, upper) > 0 ? bound.upper : upper
  }
  if (lower !== null && upper !== null) merged.push({ lower, upper })
  return merged
}

function isApart(lower: End, upper: End, before: End): boolean {
  const order = compareVersions(lower.version, upper.version)
  return order > 0 || (order === 0 && !lower.inclusive && !before.inclusive)
}

/** Calls for each overlapping pair by walking both lists once. */
function overlaps(a: readonly Bound[], b: readonly Bound[]): readonly Bound[] {
  const found: Bound[] = []
  walk(a, b, (bound) => {
    found.push(bound)
    return true
  })
  return found
}

function firstOverlap(a: readonly Bound[], b: readonly Bound[]): Bound | null {
  let found: Bound | null = null
  walk(a, b, (bound) => {
    found = bound
    return false
  })
  return found
}

function walk(a: readonly Bound[], b: readonly Bound[], visit: (bound: Bound) => boolean): void {
  for (let i = 0, k = 0; ;) {
    const left = a[i]
    const right = b[k]
    if (left === undefined || right === undefined) return
    const both = overlap(left, right)
    if (both !== null && !visit(both)) return
    if (compareUppers(left.upper, right.upper) < 0) i += 1
    else k += 1
  }
}

/** What lies before, between and after the bounds. */
function gaps(bounds: readonly Bound[]): readonly Bound[] {
  const out: Bound[] = []
  let lower: End | null = LOWEST
  for (const bound of bounds) {
    const below = bound.lower
    if (lower !== null && !(below.version.tokens.length === 0 && below.inclusive)) {
      out.push({ lower, upper: { version: below.version, inclusive: !below.inclusive } })
    }
    lower =
      bound.upper.version === INFINITE ? null : { version: bound.upper.version, inclusive: !bound.upper.inclusive }
  }
  if (lower !== null) out.push({ lower, upper: HIGHEST })
  return out
}
