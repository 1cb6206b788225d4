/** The grammar of version ranges, form by form as Rez accepts it (`_VersionRangeParser` of `_version.py`). */
import { HIGHEST, LOWEST, isPossible } from './bound.ts'
import { EMPTY, nextVersion, parseVersion } from './version.ts'
import { isParseError } from './parse-error.ts'
import { isTokenUnit } from './token.ts'
import type { Bound, End } from './bound.ts'
import type { Parsed } from './parse-error.ts'
import type { Version } from './version.ts'

const DOT = 46
const HYPHEN = 45

/**
 * The bounds of the parts between `|`, in the order written and not yet merged; empty for the range of every version.
 * An empty part makes that range: the bounds of the parts after it are not looked at, their syntax is.
 */
export function parseBounds(text: string): Parsed<readonly Bound[]> {
  const bounds: Bound[] = []
  let any = false
  for (const part of text.split('|')) {
    if (part === '') {
      any = true
      continue
    }
    const shape = new PartReader(part).read()
    if (isParseError(shape)) return { error: `in the range "${text}" ${shape.error}` }
    if (any || shape.lower === null || shape.upper === null) continue
    if (!isPossible(shape.lower, shape.upper)) {
      return { error: `in the range "${text}" no version can be in "${part}"` }
    }
    bounds.push({ lower: shape.lower, upper: shape.upper })
  }
  return any ? [] : bounds
}

/** The ends of one part; both null for a part that says nothing. */
interface Shape {
  readonly lower: End | null
  readonly upper: End | null
}

type Operator = '==' | '>=' | '>' | '<=' | '<' | null

/** Reads one part from left to right; no form needs more than one operator of lookahead. */
class PartReader {
  readonly #text: string
  /** Rez's pattern ends in `$`, which also matches before a line feed at the end. */
  readonly #end: number
  #at = 0

  constructor(text: string) {
    this.#text = text
    this.#end = text.endsWith('\n') ? text.length - 1 : text.length
  }

  read(): Parsed<Shape> {
    const operator = this.#operator()
    const version = this.#version()
    if (operator === '==') return this.#finish(included(version ?? EMPTY), included(version ?? EMPTY))
    if (operator === '>' || operator === '>=') return this.#fromLower(operator, version)
    if (operator === '<' || operator === '<=') return this.#fromUpper(operator, version)
    return this.#fromVersion(version)
  }

  /** `V`, `V..W`, `V+`, and both orders of two ends whose first has no operator. */
  #fromVersion(version: Version | null): Parsed<Shape> {
    const start = included(version ?? EMPTY)
    if (this.#at === this.#end) {
      if (version === null) return { lower: null, upper: null }
      return { lower: start, upper: { version: nextVersion(version), inclusive: false } }
    }
    if (this.#take('..')) return this.#finish(start, included(this.#version() ?? EMPTY))
    const plus = this.#take('+')
    if (plus && this.#at === this.#end) return { lower: start, upper: HIGHEST }
    const comma = version !== null && this.#take(',')
    const operator = this.#operator()
    if (operator === '<' || operator === '<=') return this.#upperAfter(start, operator)
    if (operator === '>' || operator === '>=') {
      if (version !== null && !comma) return this.#error()
      return this.#finish(this.#endOf(operator), start)
    }
    return this.#error()
  }

  /** `>V` and `>=V`, alone or with an upper end after it. */
  #fromLower(operator: '>' | '>=', version: Version | null): Parsed<Shape> {
    const lower = { version: version ?? EMPTY, inclusive: operator === '>=' }
    if (this.#at === this.#end) return { lower, upper: HIGHEST }
    if (version !== null) this.#take(',')
    const next = this.#operator()
    return next === '<' || next === '<=' ? this.#upperAfter(lower, next) : this.#error()
  }

  /** `<V` and `<=V`, alone or with a lower end after a comma. */
  #fromUpper(operator: '<' | '<=', version: Version | null): Parsed<Shape> {
    const upper = { version: version ?? EMPTY, inclusive: operator === '<=' }
    if (this.#at === this.#end) {
      return operator === '<' && version === null ? this.#error() : { lower: LOWEST, upper }
    }
    if (version !== null && !this.#take(',')) return this.#error()
    const next = this.#operator()
    if (next === '>' || next === '>=') return this.#finish(this.#endOf(next), upper)
    // Rez takes `<4,<3` for `3+<4`: its pattern reads the second `<` as the mark of an inclusive lower end.
    if (next !== '<') return this.#error()
    const lower = this.#version()
    return lower === null ? this.#error() : this.#finish(included(lower), upper)
  }

  #upperAfter(lower: End, operator: '<' | '<='): Parsed<Shape> {
    const version = this.#version()
    if (version === null && operator === '<') return this.#error()
    return this.#finish(lower, { version: version ?? EMPTY, inclusive: operator === '<=' })
  }

  /** The version after `>` or `>=`. */
  #endOf(operator: '>' | '>='): End {
    return { version: this.#version() ?? EMPTY, inclusive: operator === '>=' }
  }

  #finish(lower: End, upper: End): Parsed<Shape> {
    return this.#at === this.#end ? { lower, upper } : this.#error()
  }

  #operator(): Operator {
    for (const operator of ['==', '>=', '<=', '>', '<'] as const) if (this.#take(operator)) return operator
    return null
  }

  #take(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false
    this.#at += word.length
    return true
  }

  /** Tokens joined by `.` or `-`; null where none begins here. */
  #version(): Version | null {
    const start = this.#at
    let end = start
    while (isTokenUnit(this.#text.charCodeAt(end))) {
      end += 1
      while (isTokenUnit(this.#text.charCodeAt(end))) end += 1
      const unit = this.#text.charCodeAt(end)
      if ((unit !== DOT && unit !== HYPHEN) || !isTokenUnit(this.#text.charCodeAt(end + 1))) break
      end += 1
    }
    if (end === start) return null
    this.#at = end
    const version = parseVersion(this.#text.slice(start, end))
    return isParseError(version) ? null : version
  }

  #error(): Parsed<Shape> {
    return { error: `"${this.#text}" cannot be read from "${this.#text.slice(this.#at)}" on` }
  }
}

function included(version: Version): End {
  return { version, inclusive: true }
}
