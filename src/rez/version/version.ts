/** Versions as Rez orders them: tokens joined by separators that do not count (`src/rez/version/_version.py`). */
import { compareTokens, isTokenUnit, nextToken, tokenOf } from './token.ts'
import type { Parsed } from './parse-error.ts'
import type { Token } from './token.ts'

export interface Version {
  /** As written: tokens and separators. */
  readonly text: string
  readonly tokens: readonly Token[]
  /** One fewer than the tokens. */
  readonly separators: readonly string[]
}

/** No version: smaller than every other. */
export const EMPTY: Version = { text: '', tokens: [], separators: [] }

/** Larger than every version; stands in bounds only. */
export const INFINITE: Version = { text: '[INF]', tokens: [], separators: [] }

/**
 * Reads a version. As in Rez any single character outside `[A-Za-z0-9_]` separates two tokens, not only `.` and `-`;
 * ranges are stricter.
 */
export function parseVersion(text: string): Parsed<Version> {
  if (text === '') return EMPTY
  const tokens: Token[] = []
  const separators: string[] = []
  for (let i = 0; ;) {
    let end = i
    while (end < text.length && isTokenUnit(text.charCodeAt(end))) end += 1
    if (end === i) return { error: `"${text}" is no version: a token of letters, digits and _ is missing` }
    tokens.push(tokenOf(text.slice(i, end)))
    if (end === text.length) return { text, tokens, separators }
    const separator = String.fromCodePoint(text.codePointAt(end) ?? 0)
    separators.push(separator)
    i = end + separator.length
  }
}

/** Negative, zero or positive as `a` sorts before, with or after `b`; `1.0` and `1-0` are equal. */
export function compareVersions(a: Version, b: Version): number {
  if (a === b) return 0
  if (a === INFINITE) return 1
  if (b === INFINITE) return -1
  const length = Math.min(a.tokens.length, b.tokens.length)
  for (let i = 0; i < length; i += 1) {
    const left = a.tokens[i]
    const right = b.tokens[i]
    if (left === undefined || right === undefined) break
    const order = compareTokens(left, right)
    if (order !== 0) return order
  }
  return a.tokens.length - b.tokens.length
}

/** The upper end of the range that a bare version stands for: `3` gives `3_`, no version gives {@link INFINITE}. */
export function nextVersion(version: Version): Version {
  const last = version.tokens.at(-1)
  if (last === undefined) return INFINITE
  return {
    text: `${version.text}_`,
    tokens: [...version.tokens.slice(0, -1), nextToken(last)],
    separators: version.separators,
  }
}

/** The first `length` tokens, the whole version when it has fewer. */
export function trimVersion(version: Version, length: number): Version {
  if (length >= version.tokens.length) return version
  const tokens = version.tokens.slice(0, Math.max(0, length))
  const separators = version.separators.slice(0, Math.max(0, tokens.length - 1))
  return { text: tokens.map((token, i) => token.text + (separators[i] ?? '')).join(''), tokens, separators }
}
