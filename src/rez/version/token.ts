/** One token of a version: runs of digits and of other characters, in the order that Rez gives them. */

/** A longest stretch of digits, or of `[A-Za-z_]`. */
export interface Run {
  readonly text: string
  /** The number of a run of digits, NaN where a double cannot hold it exactly; -1 for a run of other characters. */
  readonly value: number
}

export interface Token {
  readonly text: string
  readonly runs: readonly Run[]
}

const ZERO = 48
const NINE = 57

/** Digits that a double holds exactly. */
const EXACT_DIGITS = 15

/** Versions of a repository share few tokens; the limit keeps a hostile one from growing this for ever. */
const SHARED_LIMIT = 16384
const shared = new Map<string, Token>()

/** Whether the UTF-16 unit may stand in a token: `[A-Za-z0-9_]`. */
export function isTokenUnit(unit: number): boolean {
  return (unit >= ZERO && unit <= NINE) || (unit >= 65 && unit <= 90) || unit === 95 || (unit >= 97 && unit <= 122)
}

/** The token with this text, which must be one or more of `[A-Za-z0-9_]`. */
export function tokenOf(text: string): Token {
  const known = shared.get(text)
  if (known !== undefined) return known
  const token = { text, runs: runsOf(text) }
  if (shared.size >= SHARED_LIMIT) shared.clear()
  shared.set(text, token)
  return token
}

/**
 * Negative, zero or positive as `a` sorts before, with or after `b` (`AlphanumericVersionToken` of Rez): run by run, a
 * run of digits after any other, numbers by value and then by text so that `01 < 1`, others by code point.
 */
export function compareTokens(a: Token, b: Token): number {
  if (a === b) return 0
  const length = Math.min(a.runs.length, b.runs.length)
  for (let i = 0; i < length; i += 1) {
    const left = a.runs[i]
    const right = b.runs[i]
    if (left === undefined || right === undefined) break
    const order = compareRuns(left, right)
    if (order !== 0) return order
  }
  return a.runs.length - b.runs.length
}

/** The smallest token that is larger than every token which starts with this one's digits: `3` gives `3_`. */
export function nextToken(token: Token): Token {
  return tokenOf(`${token.text}_`)
}

function compareRuns(a: Run, b: Run): number {
  if (a.text === b.text) return 0
  if (a.value === -1) return b.value === -1 ? compareText(a.text, b.text) : -1
  if (b.value === -1) return 1
  if (a.value < b.value) return -1
  if (a.value > b.value) return 1
  return Number.isNaN(a.value) || Number.isNaN(b.value) ? compareLong(a.text, b.text) : compareText(a.text, b.text)
}

/** Numbers of any length, then their text. */
function compareLong(a: string, b: string): number {
  const left = a.replace(/^0+/, '')
  const right = b.replace(/^0+/, '')
  if (left.length !== right.length) return left.length - right.length
  return compareText(left, right) || compareText(a, b)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function runsOf(text: string): readonly Run[] {
  const runs: Run[] = []
  for (let start = 0; start < text.length;) {
    const digits = isDigit(text.charCodeAt(start))
    let end = start + 1
    while (end < text.length && isDigit(text.charCodeAt(end)) === digits) end += 1
    const run = text.slice(start, end)
    runs.push({ text: run, value: digits ? numberOf(run) : -1 })
    start = end
  }
  return runs
}

function numberOf(digits: string): number {
  return digits.length <= EXACT_DIGITS ? Number(digits) : NaN
}

function isDigit(unit: number): boolean {
  return unit >= ZERO && unit <= NINE
}
