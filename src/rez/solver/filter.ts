/** Which versions are hidden from a resolve (`package_filter` of Rez's configuration, `package_filter.py`). */
import { isParseError } from '../version/parse-error.ts'
import { parseRequirement } from '../version/requirement.ts'
import type { Parsed } from '../version/parse-error.ts'
import type { Requirement } from '../version/requirement.ts'
import type { Version } from '../version/version.ts'

type Test =
  | { readonly kind: 'name'; readonly pattern: RegExp }
  | { readonly kind: 'range'; readonly requirement: Requirement }
  /** Released at or before `timestamp`, or after it. Packages without a release match neither. */
  | { readonly kind: 'released'; readonly timestamp: number; readonly after: boolean }

/** One rule such as `glob(foo-*)`, `regex(.*\.beta$)`, `foo-1+`, `before(foo:1429830188)`. */
export interface Rule {
  /** The family that it holds for; null for all. */
  readonly family: string | null
  readonly test: Test
}

/** A version is hidden where a rule of `excludes` matches it and none of `includes` does. */
export interface PackageFilter {
  readonly excludes: readonly Rule[]
  readonly includes: readonly Rule[]
}

/** A version as a filter sees it; `timestamp` reads its definition and is called only where a rule needs it. */
export interface Candidate {
  readonly name: string
  readonly version: Version
  timestamp(): number | null
}

/** Characters of a pattern. */
const PATTERN_LIMIT = 4096

/** Whether any of the filters hides the candidate. */
export function isHidden(filters: readonly PackageFilter[], candidate: Candidate): boolean {
  return filters.some(({ excludes, includes }) => anyMatches(excludes, candidate) && !anyMatches(includes, candidate))
}

/**
 * The filters with the rule that a resolve at a point in time adds: nothing that was released after it. Rez adds it to
 * the most costly filter, whose inclusions let newer packages through.
 */
export function filtersAt(filters: readonly PackageFilter[], timestamp: number): readonly PackageFilter[] {
  const rule: Rule = { family: null, test: { kind: 'released', timestamp, after: true } }
  const byCost = [...filters].sort((a, b) => costOf(a) - costOf(b))
  const last = byCost.pop() ?? { excludes: [], includes: [] }
  return [...byCost, { ...last, excludes: [...last.excludes, rule] }]
}

/** Reads one rule; without a label it is a glob where it has a `*`, else a requirement. */
export function parseRule(text: string): Parsed<Rule> {
  const labelled = /^([^(]+)\(([^()]+)\)$/.exec(text)
  const label = labelled?.[1] ?? (text.includes('*') ? 'glob' : 'range')
  const body = labelled?.[2] ?? text
  const rule = parseBody(label, body)
  return isParseError(rule) ? { error: `the package filter "${text}" cannot be read: ${rule.error}` } : rule
}

function parseBody(label: string, body: string): Parsed<Rule> {
  switch (label) {
    case 'glob':
      return patternRule(body, globPattern(body))
    case 'regex':
      return patternRule(body, pythonPattern(body))
    case 'range': {
      const requirement = parseRequirement(body)
      if (isParseError(requirement)) return requirement
      return { family: requirement.name, test: { kind: 'range', requirement } }
    }
    case 'before':
    case 'after': {
      const split = body.indexOf(':')
      const seconds = body.slice(split + 1).trim()
      if (!/^[+-]?\d+$/.test(seconds)) return { error: `"${seconds}" is no number of seconds` }
      const family = split < 0 ? null : body.slice(0, split)
      return { family, test: { kind: 'released', timestamp: Number(seconds), after: label === 'after' } }
    }
    default:
      return { error: `"${label}" is none of glob, regex, range, before, after` }
  }
}

function patternRule(body: string, source: string): Parsed<Rule> {
  if (body.length > PATTERN_LIMIT) return { error: `the pattern has more than ${PATTERN_LIMIT} characters` }
  try {
    return { family: familyOf(body), test: { kind: 'name', pattern: new RegExp(`^(?:${source})`, 's') } }
  } catch (error) {
    return { error: error instanceof Error ? error.message : 'it is no regular expression' }
  }
}

/** The longest start without wildcards that ends at a separator; `foo-1-*` holds for a family called "foo-1", as in Rez. */
function familyOf(pattern: string): string | null {
  return /^([^*?]+)[-@#]/.exec(pattern)?.[1] ?? null
}

/** `*`, `?`, `[seq]` and `[!seq]`, on the whole name (`fnmatch.translate` of Python). */
function globPattern(glob: string): string {
  let out = ''
  for (let i = 0; i < glob.length; i += 1) {
    const unit = glob.charAt(i)
    if (unit === '*') out += '.*'
    else if (unit === '?') out += '.'
    else if (unit === '[') {
      // A bracket directly after the opening one (or after `!`) stands for itself.
      const close = glob.indexOf(']', i + (glob.charAt(i + 1) === '!' ? 3 : 2))
      if (close < 0) out += '\\['
      else {
        const set = glob
          .slice(i + 1, close)
          .replaceAll('\\', '\\\\')
          .replaceAll(']', '\\]')
          .replaceAll('[', '\\[')
        out += set.startsWith('!') ? `[^${set.slice(1)}]` : `[${set.replace(/^\^/, '\\^')}]`
        i = close
      }
    } else out += unit.replace(/[\\^$.|+(){}\]/]/, '\\$&')
  }
  return `${out}$`
}

/** Where Python writes a pattern differently. */
function pythonPattern(pattern: string): string {
  return pattern
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\A', '^')
    .replaceAll('\\Z', '$')
}

function anyMatches(rules: readonly Rule[], candidate: Candidate): boolean {
  const holding = rules.filter(({ family }) => family === null || family === candidate.name)
  // Whether a version was released in time takes reading its definition: only where nothing else decides.
  return (
    holding.some(({ test }) => test.kind !== 'released' && matches(test, candidate)) ||
    holding.some(({ test }) => test.kind === 'released' && matches(test, candidate))
  )
}

function matches(test: Test, candidate: Candidate): boolean {
  const { name, version } = candidate
  switch (test.kind) {
    case 'name':
      return test.pattern.test(version.text === '' ? name : `${name}-${version.text}`)
    case 'range':
      return !test.requirement.conflictsWithVersion(name, version)
    case 'released': {
      const released = candidate.timestamp()
      if (released === null || released === 0) return false
      return test.after ? released > test.timestamp : released <= test.timestamp
    }
  }
}

/** Rez's measure: what holds for one family counts a tenth, reading definitions a hundredfold. */
function costOf({ excludes }: PackageFilter): number {
  let cost = 0
  for (const { family, test } of excludes) {
    const one = test.kind === 'released' ? 1000 : 10
    cost += family === null ? one : one / 10
  }
  return cost
}
