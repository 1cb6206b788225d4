/** Small worlds of packages in memory, written as a table, and solves over them. */
import { DEFAULT_OPTIONS, Solve } from '../../../src/rez/solver/solve.ts'
import { isParseError } from '../../../src/rez/version/parse-error.ts'
import { parsePackageRequest } from '../../../src/rez/version/requirement.ts'
import { parseVersion } from '../../../src/rez/version/version.ts'
import { UNREAD } from '../../../src/rez/solver/source.ts'
import type { PackageSource, SourcePackage } from '../../../src/rez/solver/source.ts'
import type { Parsed } from '../../../src/rez/version/parse-error.ts'
import type { Requirement } from '../../../src/rez/version/requirement.ts'
import type { Solution, SolveOptions } from '../../../src/rez/solver/solve.ts'
import type { Version } from '../../../src/rez/version/version.ts'

/** Requires, or variants' requires, by `NAME-VERSION`; with a release in seconds after `@` where there is one. */
export type World = Readonly<Record<string, readonly string[] | readonly (readonly string[])[]>>

export function sure<T extends object>(value: Parsed<T>): T {
  if (isParseError(value)) throw new Error(value.error)
  return value
}

/** The requirements of a line such as `maya-2024 !usd-23`. */
export function requirements(line: string): readonly Requirement[] {
  return line
    .split(' ')
    .filter((text) => text !== '')
    .map((text) => sure(parsePackageRequest(text)))
}

/** A source that has everything at hand; `loaded` lists what was looked at. */
export function sourceOf(world: World): { readonly source: PackageSource; readonly loaded: string[] } {
  const families = new Map<string, Map<Version, SourcePackage>>()
  for (const [key, lists] of Object.entries(world)) {
    const [id = '', time] = key.split('@')
    const [name = '', version = ''] = id.split(/-(.*)/)
    const family = families.get(name) ?? new Map<Version, SourcePackage>()
    families.set(name, family)
    const nested = lists.filter((item) => typeof item !== 'string')
    const variants = nested.map((list, index) => ({ index, requires: requirements(list.join(' ')) }))
    const flat = { index: null, requires: requirements(lists.filter((item) => typeof item === 'string').join(' ')) }
    family.set(sure(parseVersion(version)), {
      variants: variants.length === 0 ? [flat] : variants,
      timestamp: time === undefined ? null : Number(time),
    })
  }
  const loaded: string[] = []
  const source: PackageSource = {
    versions: (name) => {
      const family = families.get(name)
      return family === undefined ? null : [...family.keys()]
    },
    load: (name, version) => {
      loaded.push(`${name}-${version.text}`)
      return families.get(name)?.get(version) ?? { faults: [] }
    },
  }
  return { source, loaded }
}

export function solve(world: World, line: string, more: Partial<SolveOptions> = {}): Solution {
  const solution = new Solve(requirements(line), sourceOf(world).source, { ...DEFAULT_OPTIONS, ...more }).run()
  if (solution === UNREAD) throw new Error('everything was at hand')
  return solution
}

/** The answer as `math-1 app-2[0] .eph-1`, or why there is none. */
export function answer(world: World, line: string, more: Partial<SolveOptions> = {}): string {
  return textOf(solve(world, line, more))
}

export function textOf(solution: Solution): string {
  if (solution.kind === 'dead') return `dead: ${solution.dead.kind}`
  if (solution.kind === 'failed') return `failed: ${solution.failed[0]?.failure.kind ?? ''}`
  const packages = solution.packages.map(
    ({ name, version, index }) => `${name}-${version.text}${index === null ? '' : `[${index}]`}`,
  )
  return [...packages, ...solution.ephemerals.map((one) => one.text)].join(' ')
}
