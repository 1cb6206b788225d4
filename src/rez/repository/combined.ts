/** Combined families: one file with all versions and what differs between them (`FileSystemCombinedPackageResource`). */
import { EMPTY, parseVersion } from '../version/version.ts'
import { faultAtLine } from '../../domain/fault.ts'
import { isParseError } from '../version/parse-error.ts'
import { parseRange } from '../version/range.ts'
import { REX_NAMES, rexSource } from '../source/rex-source.ts'
import { str } from '../python/value.ts'
import type { Attribute, DefinedFunction, Definition } from '../source/definition.ts'
import type { Fault } from '../../domain/fault.ts'
import type { Parse } from '../python/plain.ts'
import type { Unevaluated } from '../../domain/context.ts'
import type { Value } from '../python/value.ts'
import type { Version } from '../version/version.ts'

export interface CombinedVersions {
  /** As listed; the empty version alone for a family without `versions`. */
  readonly versions: readonly Version[]
  readonly faults: readonly Fault[]
}

/** The versions that a combined file lists. */
export function combinedVersions(definition: Definition): CombinedVersions {
  const attribute = definition.attributes.get('versions')
  const unread = definition.unknown.get('versions')
  if (unread !== undefined) {
    const message = `the list of versions is not known: ${unread.reason}`
    return { versions: [], faults: [faultAtLine('unsupported', definition.file, unread.line, message)] }
  }
  if (attribute === undefined) return { versions: [EMPTY], faults: [] }
  const { value, line } = attribute
  const wrong = (message: string): Fault => faultAtLine('malformed', definition.file, line, message)
  if (value.kind !== 'list' && value.kind !== 'tuple') {
    return { versions: [], faults: [wrong('versions is no list of strings')] }
  }
  const versions: Version[] = []
  const faults: Fault[] = []
  for (const item of value.items) {
    const version = item.kind === 'str' ? parseVersion(item.value) : { error: 'an entry of versions is no string' }
    if (isParseError(version)) faults.push(wrong(version.error))
    else versions.push(version)
  }
  return { versions: versions.length === 0 && faults.length === 0 ? [EMPTY] : versions, faults }
}

/** The definition of one version: the family's attributes, overridden by each range that holds the version, in order. */
export function combinedDefinition(family: Definition, version: Version, parse: Parse): Definition {
  if (!family.attributes.has('versions')) return family
  const attributes = new Map(family.attributes)
  const functions = new Map(family.functions)
  const unknown = new Map(family.unknown)
  const overrides = attributes.get('version_overrides')
  attributes.delete('versions')
  attributes.delete('version_overrides')
  attributes.set('version', { name: 'version', line: attributes.get('name')?.line ?? 1, value: str(version.text) })
  if (overrides?.value.kind === 'dict') {
    for (const [range, changes] of overrides.value.entries) {
      if (!applies(range, version) || changes.kind !== 'dict') continue
      for (const [key, value] of changes.entries) {
        if (key.kind === 'str')
          override({ attributes, functions, unknown, parse }, family.file, overrides.line, key.value, value)
      }
    }
  }
  return { ...family, attributes, functions, unknown }
}

interface Parts {
  readonly attributes: Map<string, Attribute>
  readonly functions: Map<string, DefinedFunction>
  readonly unknown: Map<string, Unevaluated>
  readonly parse: Parse
}

function override(parts: Parts, file: string, line: number, name: string, value: Value): void {
  parts.attributes.delete(name)
  parts.functions.delete(name)
  parts.unknown.delete(name)
  if (!REX_NAMES.has(name)) {
    parts.attributes.set(name, { name, line, value })
    return
  }
  const source = rexSource({ file, name, line }, value, parts.parse)
  if (source.kind === 'code') parts.functions.set(name, source.code)
  else parts.unknown.set(name, source.unevaluated)
}

function applies(range: Value, version: Version): boolean {
  if (range.kind !== 'str') return false
  const parsed = parseRange(range.value)
  return !isParseError(parsed) && parsed.contains(version)
}
