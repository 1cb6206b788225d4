/** `version` and ranges as commands see them (`VersionBinding` and `intersects` in `src/rez/rex_bindings.py`). */
import { sliceIndices } from '../python/subscript.ts'
import { builtin, indexArgument, int, NONE, str, textArgument, tuple, unknown } from '../python/runtime.ts'
import type { HostObject, Rt } from '../python/runtime.ts'
import { isParseError } from '../version/parse-error.ts'
import { parseRange } from '../version/range.ts'
import type { VersionRange } from '../version/range.ts'
import { parseRequirement } from '../version/requirement.ts'

/** A version: tokens of digits are numbers, an index out of range gives None. */
export class VersionObject implements HostObject {
  readonly kind = 'object'
  readonly type = 'version'
  readonly version: string
  readonly #tokens: readonly string[]

  constructor(version: string) {
    this.version = version
    this.#tokens = version === '' ? [] : version.split(/[^A-Za-z0-9_]/)
  }

  text(): string {
    return this.version
  }

  truth(): boolean {
    return this.#tokens.length > 0
  }

  /** A loop meets tokens, which are neither text nor number. */
  elements(): readonly Rt[] {
    return this.#tokens.map((token): HostObject => ({ kind: 'object', type: 'version token', text: () => token }))
  }

  parts(): readonly Rt[] {
    return this.#tokens.map(tokenValue)
  }

  item(index: Rt): Rt {
    const place = indexArgument(index, 'an index of a version')
    return this.#at(place < 0 ? place + this.#tokens.length : place)
  }

  attribute(name: string): Rt | null {
    if (name === 'major') return this.#at(0)
    if (name === 'minor') return this.#at(1)
    if (name === 'patch') return this.#at(2)
    if (name === 'as_tuple') {
      return builtin('as_tuple', () => {
        const indices = sliceIndices(this.#tokens.length, null, null, null)
        return tuple(indices.map((i) => this.#at(i)))
      })
    }
    return null
  }

  /** Rez compares versions of commands by identity. */
  equals(other: Rt): boolean {
    return other === this
  }

  #at(index: number): Rt {
    const token = this.#tokens[index]
    return token === undefined ? NONE : tokenValue(token)
  }
}

function tokenValue(token: string): Rt {
  return /^(?:0|[1-9][0-9]*)$/.test(token) ? int(BigInt(token)) : str(token)
}

/** A range, as `get_range` gives it. */
export class RangeObject implements HostObject {
  readonly kind = 'object'
  readonly type = 'version range'
  readonly range: VersionRange

  constructor(range: VersionRange) {
    this.range = range
  }

  text(): string {
    return this.range.text
  }

  equals(other: Rt): boolean {
    return other instanceof RangeObject && other.range.equals(this.range)
  }
}

/** The range of a text; ends the statement where Rez would raise. */
export function rangeObject(text: string): RangeObject {
  const range = parseRange(text)
  return isParseError(range) ? unknown(`VersionError: ${range.error}`) : new RangeObject(range)
}

/** The range that a requirement string asks for, None for `~foo`. */
export function requirementRange(text: string): Rt {
  const requirement = parseRequirement(text)
  if (isParseError(requirement)) return unknown(`RequirementError: ${requirement.error}`)
  return requirement.range === null ? NONE : new RangeObject(requirement.range)
}

/** `intersects(obj, range)`; `versionOf` gives the version of a bound package. */
export function intersectsFunction(versionOf: (value: Rt) => string | null): HostObject {
  return builtin('intersects', ([object = NONE, range]) => {
    const wanted = rangeObject(textArgument(range, 'intersects')).range
    const version = object instanceof VersionObject ? object.version : versionOf(object)
    if (version !== null) return truthValue(wanted.intersects(rangeObject(version).range))
    if (object instanceof RangeObject) return truthValue(wanted.intersects(object.range))
    const requirement = parseRequirement(textArgument(object, 'intersects'))
    if (isParseError(requirement)) return unknown(`RequirementError: ${requirement.error}`)
    if (requirement.conflict) return truthValue(false)
    return truthValue(requirement.range !== null && wanted.intersects(requirement.range))
  })
}

function truthValue(value: boolean): Rt {
  return { kind: 'bool', value }
}
