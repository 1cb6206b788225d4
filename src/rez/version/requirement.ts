/** Requirements such as `foo-1+<2`, `!foo` and `~foo-1`, and how two of them meet (`_requirement.py` of Rez). */
import { ANY, hasImpossibleGap, parseRange } from './range.ts'
import { EMPTY, parseVersion } from './version.ts'
import { isPackageName } from './name.ts'
import { isParseError } from './parse-error.ts'
import type { Parsed } from './parse-error.ts'
import type { Version } from './version.ts'
import type { VersionRange } from './range.ts'

/** Kept as written in the text of a requirement; means nothing. */
export type Separator = '-' | '@' | '#'

interface Shape {
  readonly name: string
  readonly separator: Separator
  readonly range: VersionRange | null
  readonly conflict: boolean
  readonly weak: boolean
}

/** What a package asks of another: immutable. */
export class Requirement {
  readonly name: string
  readonly separator: Separator
  /** For a conflict the versions that must not be there; null only for `~foo`, which demands nothing. */
  readonly range: VersionRange | null
  /** `!foo` and `~foo`: the package itself is not asked for. */
  readonly conflict: boolean
  /** `~foo-1`: if foo is there, its version is in 1; kept as a conflict with the inverse. */
  readonly weak: boolean
  #text: string | null = null

  constructor(shape: Shape) {
    this.name = shape.name
    this.separator = shape.separator
    this.range = shape.range
    this.conflict = shape.conflict
    this.weak = shape.weak
  }

  /** `.foo-1`: no package, only a range that requests merge. */
  get ephemeral(): boolean {
    return this.name.startsWith('.')
  }

  /** The canonical string, also the name of a variant's folder. */
  get text(): string {
    this.#text ??= this.#canonical()
    return this.#text
  }

  /** Whether this version of the package of that name breaks the requirement. */
  conflictsWithVersion(name: string, version: Version): boolean {
    if (name !== this.name || this.range === null) return false
    return this.range.contains(version) === this.conflict
  }

  /** Whether no version meets both. */
  conflictsWith(other: Requirement): boolean {
    if (this.name !== other.name || this.range === null || other.range === null) return false
    if (this.conflict) return !other.conflict && this.range.isSuperset(other.range)
    return other.conflict ? other.range.isSuperset(this.range) : !this.range.intersects(other.range)
  }

  /** The one requirement that demands what both demand; null where they clash or name different packages. */
  merged(other: Requirement): Requirement | null {
    if (this.name !== other.name) return null
    if (this.range === null) return other
    if (other.range === null) return this
    if (this.conflict && other.conflict) {
      const range = this.range.union(other.range)
      return this.#with(range, this.weak && other.weak && !range.any)
    }
    if (this.conflict) return other.#narrowed(other.range.difference(this.range))
    if (other.conflict) return this.#narrowed(this.range.difference(other.range))
    return this.#narrowed(this.range.intersection(other.range))
  }

  /** Rez's equality: separators and the way of writing do not count. */
  equals(other: Requirement): boolean {
    if (this.name !== other.name || this.conflict !== other.conflict) return false
    if (this.range === null || other.range === null) return this.range === other.range
    return this.range.equals(other.range)
  }

  #narrowed(range: VersionRange | null): Requirement | null {
    return range === null ? null : this.#with(range, this.weak)
  }

  #with(range: VersionRange, weak: boolean): Requirement {
    const { name, separator, conflict } = this
    return new Requirement({ name, separator, range, conflict, weak })
  }

  #canonical(): string {
    const prefix = this.weak ? '~' : this.conflict ? '!' : ''
    const range = this.weak ? this.range?.inverse() : this.range
    if (range === null || range === undefined || range.any) return `${prefix}${this.name}`
    return `${prefix}${this.name}${/^[=<>]/.test(range.text) ? '' : this.separator}${range.text}`
  }
}

/** The requirement of a range of versions of one package. */
export function requirementOf(name: string, range: VersionRange): Requirement {
  return new Requirement({ name, separator: '-', range, conflict: false, weak: false })
}

/** Reads a requirement; any text before the separator is a name here, as in Rez's own `Requirement`. */
export function parseRequirement(text: string): Parsed<Requirement> {
  const weak = text.startsWith('~')
  const conflict = weak || text.startsWith('!')
  const body = conflict ? text.slice(1) : text
  const split = body.search(/[-@#=<>]/)
  if (split < 0) return new Requirement({ name: body, separator: '-', range: weak ? null : ANY, conflict, weak })
  const separator = separatorAt(body, split)
  const range = parseRange(body.slice(separator === null ? split : split + 1))
  if (isParseError(range)) return { error: `"${text}" is no requirement: ${range.error}` }
  if (weak && hasImpossibleGap(range)) return { error: `"${text}" is no requirement: its range has no inverse` }
  return new Requirement({
    name: body.slice(0, split),
    separator: separator ?? '-',
    range: weak ? range.inverse() : range,
    conflict,
    weak,
  })
}

/**
 * Reads a requirement on a package, or on an ephemeral (`.foo-1`), which can be neither conflict nor weak
 * (`PackageRequest` in `src/rez/utils/formatting.py`).
 */
export function parsePackageRequest(text: string): Parsed<Requirement> {
  const requirement = parseRequirement(text)
  if (isParseError(requirement)) return requirement
  const name = text.startsWith('.') ? requirement.name.slice(1) : requirement.name
  if (isPackageName(name)) return requirement
  return { error: `"${text}" is no request: "${requirement.name}" is no package name` }
}

/** A package's name and version, as in `foo-1.2`. */
export interface VersionedName {
  readonly name: string
  readonly version: Version
}

/** Reads `foo-1.2`, `foo@1.2`, `foo#1.2` or `foo`. */
export function parseVersionedName(text: string): Parsed<VersionedName> {
  const split = text.search(/[-@#]/)
  if (split < 0) return { name: text, version: EMPTY }
  const version = parseVersion(text.slice(split + 1))
  return isParseError(version) ? version : { name: text.slice(0, split), version }
}

function separatorAt(text: string, at: number): Separator | null {
  const unit = text[at]
  return unit === '-' || unit === '@' || unit === '#' ? unit : null
}
