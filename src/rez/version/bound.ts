/** A contiguous stretch of versions between two ends, and the order that Rez gives such stretches. */
import { EMPTY, INFINITE, compareVersions, nextVersion } from './version.ts'
import type { Version } from './version.ts'

/** One end of a bound. */
export interface End {
  readonly version: Version
  readonly inclusive: boolean
}

export interface Bound {
  readonly lower: End
  readonly upper: End
}

export const LOWEST: End = { version: EMPTY, inclusive: true }
export const HIGHEST: End = { version: INFINITE, inclusive: true }

/** Every version. */
export const ANY_BOUND: Bound = { lower: LOWEST, upper: HIGHEST }

/** Whether any version can lie between the two ends; Rez refuses a bound for which this is false. */
export function isPossible(lower: End, upper: End): boolean {
  const order = compareVersions(lower.version, upper.version)
  return order < 0 || (order === 0 && lower.inclusive && upper.inclusive)
}

function compareLowers(a: End, b: End): number {
  return compareVersions(a.version, b.version) || Number(b.inclusive) - Number(a.inclusive)
}

export function compareUppers(a: End, b: End): number {
  return compareVersions(a.version, b.version) || Number(a.inclusive) - Number(b.inclusive)
}

export function compareBounds(a: Bound, b: Bound): number {
  return compareLowers(a.lower, b.lower) || compareUppers(a.upper, b.upper)
}

/** -1 where the version lies below the bound, 1 above, 0 inside. */
export function placeIn(bound: Bound, version: Version): -1 | 0 | 1 {
  const low = compareVersions(version, bound.lower.version)
  if (low < 0 || (low === 0 && !bound.lower.inclusive)) return -1
  const high = compareVersions(version, bound.upper.version)
  return high > 0 || (high === 0 && !bound.upper.inclusive) ? 1 : 0
}

/** Whether `outer` holds all of `inner`. */
export function holds(outer: Bound, inner: Bound): boolean {
  return compareLowers(outer.lower, inner.lower) <= 0 && compareUppers(outer.upper, inner.upper) >= 0
}

/** What both hold; null where that is nothing. */
export function overlap(a: Bound, b: Bound): Bound | null {
  const lower = compareLowers(a.lower, b.lower) >= 0 ? a.lower : b.lower
  const upper = compareUppers(a.upper, b.upper) <= 0 ? a.upper : b.upper
  return isPossible(lower, upper) ? { lower, upper } : null
}

/** The shortest way to write it: empty for every version. */
export function boundText(bound: Bound): string {
  const { lower, upper } = bound
  if (upper.version === INFINITE) return lowerText(lower)
  if (compareVersions(lower.version, upper.version) === 0) return `==${lower.version.text}`
  if (lower.inclusive && upper.inclusive) {
    return lower.version.tokens.length === 0
      ? `<=${upper.version.text}`
      : `${lower.version.text}..${upper.version.text}`
  }
  if (lower.inclusive && compareVersions(nextVersion(lower.version), upper.version) === 0) return lower.version.text
  return `${lowerText(lower)}${upper.inclusive ? '<=' : '<'}${upper.version.text}`
}

function lowerText(lower: End): string {
  if (lower.version.tokens.length === 0) return lower.inclusive ? '' : '>'
  return lower.inclusive ? `${lower.version.text}+` : `>${lower.version.text}`
}
