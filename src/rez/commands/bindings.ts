/** `this`, `resolve`, `request` and their like as commands see them (`src/rez/rex_bindings.py`). */
import type { Package } from '../../domain/context.ts'
import { packageId } from '../../domain/context.ts'
import {
  bool,
  builtin,
  elements,
  int,
  list,
  NONE,
  raised,
  str,
  textArgument,
  thaw,
  unknown,
} from '../python/runtime.ts'
import type { HostObject, Rt } from '../python/runtime.ts'
import type { Definition } from '../source/definition.ts'
import { isParseError } from '../version/parse-error.ts'
import { parseRequirement } from '../version/requirement.ts'
import { rangeObject, requirementRange, VersionObject } from './version-binding.ts'

/** A resolved package with the definition it was read from. */
export interface Resolved {
  readonly package: Package
  readonly definition: Definition
}

/** Attributes that Rez makes from the definition in a form that is not modelled. */
const MADE_BY_REZ = new Set(['config', 'timestamp', 'uri', 'help', 'tests'])

/** Lists of requirements, which Rez turns into objects. */
const REQUIREMENTS = new Set(['build_requires', 'private_build_requires'])

/** A package of the resolve: `this` and `resolve.name`. */
export class PackageObject implements HostObject {
  readonly kind = 'object'
  readonly type = 'package'
  readonly resolved: Resolved
  readonly version: VersionObject
  /** Attributes that commands have set; they last, and all packages see them. */
  readonly #own = new Map<string, Rt>()

  constructor(resolved: Resolved) {
    this.resolved = resolved
    this.version = new VersionObject(resolved.package.version)
  }

  text(): string {
    return packageId(this.resolved.package)
  }

  setAttribute(name: string, value: Rt): void {
    this.#own.set(name, value)
  }

  attribute(name: string): Rt | null {
    const own = this.#own.get(name)
    if (own !== undefined) return own
    const item = this.resolved.package
    switch (name) {
      case 'name':
        return str(item.name)
      case 'version':
        return this.version
      case 'root':
        return str(item.root)
      case 'base':
        return str(item.base)
      case 'index':
        return item.variant === null ? NONE : int(item.variant)
      case 'requires':
        return list(item.requires.map((text) => requirementObject(str(text))))
      case 'variant_requires':
        return list(item.variantRequires.map((text) => requirementObject(str(text))))
      case 'qualified_package_name':
        return str(packageId(item))
      case 'qualified_name':
        return str(`${packageId(item)}[${item.variant ?? ''}]`)
    }
    return this.#fromDefinition(name)
  }

  #fromDefinition(name: string): Rt | null {
    const { definition } = this.resolved
    if (MADE_BY_REZ.has(name)) return unknown(`the attribute ${name} as Rez makes it is not evaluated`)
    const known = definition.attributes.get(name)
    if (known !== undefined && name === 'variants') return unknown(`the variants as Rez makes them are not evaluated`)
    if (known !== undefined && REQUIREMENTS.has(name)) return list(elements(thaw(known.value)).map(requirementObject))
    if (known !== undefined) return thaw(known.value)
    const lost = definition.unknown.get(name)
    if (lost !== undefined) return unknown(`the attribute ${name} is not known: ${lost.reason}`)
    const scoped = [...definition.scopes.keys()].some((key) => key.startsWith(`${name}.`))
    if (OPTIONAL.has(name) && !scoped && !definition.functions.has(name)) return NONE
    return scoped || definition.functions.has(name) || KNOWN_TO_REZ.has(name)
      ? unknown(`the attribute ${name} is not evaluated`)
      : null
  }
}

/** Attributes that are None where the definition has none. */
const OPTIONAL = new Set([
  'build_requires',
  'private_build_requires',
  'description',
  'authors',
  'tools',
  'uuid',
  'hashed_variants',
  'has_plugins',
  'plugin_for',
  'revision',
  'changelog',
  'vcs',
  'release_message',
  'previous_version',
  'pre_commands',
  'commands',
  'post_commands',
])

/** Attributes that every package has, with a value that Rez chooses where the definition gives none. */
const KNOWN_TO_REZ = new Set([
  'relocatable',
  'cachable',
  'is_local',
  'is_relocatable',
  'num_variants',
  'parent',
  'subpath',
  'filepath',
  'format_version',
])

/** One requirement: its text, name and range. */
function requirementObject(value: Rt): HostObject {
  const text = textArgument(value, 'a requirement')
  const requirement = parseRequirement(text)
  if (isParseError(requirement)) return unknown(`RequirementError: ${requirement.error}`)
  return {
    kind: 'object',
    type: 'requirement',
    text: () => requirement.text,
    attribute: (name) => {
      if (name === 'name') return str(requirement.name)
      if (name === 'conflict') return bool(requirement.conflict)
      return name === 'range'
        ? requirementRange(text)
        : unknown(`the attribute ${name} of a requirement is not evaluated`)
    },
  }
}

/** A read-only mapping from names; `missing` is what Rez says of a name that is not there. */
function mapping(
  type: string,
  entries: ReadonlyMap<string, Rt>,
  extra: (name: string) => Rt | null = () => null,
): HostObject {
  const key = (index: Rt): string => textArgument(index, type)
  return {
    kind: 'object',
    type,
    attribute: (name) =>
      name === 'get'
        ? builtin('get', ([index = NONE, fallback = NONE]) => entries.get(key(index)) ?? fallback)
        : (extra(name) ?? entries.get(name) ?? null),
    item: (index) => entries.get(key(index)) ?? raised('AttributeError', `${type} has no ${key(index)}`),
    contains: (item) => item.kind === 'str' && entries.has(item.value),
  }
}

/** `resolve`. */
export function resolveObject(packages: readonly PackageObject[]): HostObject {
  return mapping('resolve', new Map(packages.map((item) => [item.resolved.package.name, item])))
}

/** `request`, `implicits` and `ephemerals`: requirement strings by name; ephemerals lose their leading dot. */
export function requirementsObject(type: string, requests: readonly string[]): HostObject {
  const entries = new Map<string, Rt>()
  for (const request of requests) {
    const requirement = parseRequirement(request)
    if (isParseError(requirement)) continue
    const name = type === 'ephemerals' ? requirement.name.replace(/^\./, '') : requirement.name
    entries.set(name, str(requirement.text))
  }
  const range = builtin('get_range', ([index = NONE, fallback]) => {
    const found = entries.get(textArgument(index, 'get_range'))
    if (found?.kind === 'str') return requirementRange(found.value)
    return fallback === undefined || fallback.kind === 'none' ? NONE : rangeObject(textArgument(fallback, 'get_range'))
  })
  return mapping(type, entries, (name) => (name === 'get_range' ? range : null))
}

/** An object of which nothing is known. */
export function unknownObject(type: string): HostObject {
  const lost = (): never => unknown(`${type} is not known here`)
  return { kind: 'object', type, attribute: lost, item: lost, contains: lost, text: lost, truth: lost, elements: lost }
}

/** `system`: what is known of the machine that the context was resolved for. */
export function systemObject(
  system: { readonly platform: string; readonly arch: string; readonly os: string } | null,
): HostObject {
  if (system === null) return unknownObject('system')
  return {
    kind: 'object',
    type: 'system',
    attribute: (name) => {
      if (name === 'platform' || name === 'arch' || name === 'os') return str(system[name])
      return unknown(`system.${name} depends on the machine`)
    },
  }
}
