/** Reads `package_filter` and `package_orderers` as Rez's configuration writes them, from plain data. */
import { DEFAULT_OPTIONS } from './solve.ts'
import { isParseError } from '../version/parse-error.ts'
import { parseRule } from './filter.ts'
import { parseVersion } from '../version/version.ts'
import type { Orderer } from './orderer.ts'
import type { PackageFilter, Rule } from './filter.ts'
import type { Parsed } from '../version/parse-error.ts'
import type { SolveOptions } from './solve.ts'

type Fields = Readonly<Record<string, unknown>>

/** `per_family` inside `per_family` has no meaning in Rez. */
const DEPTH = 4

/**
 * The settings of a rezconfig that bear on resolving: `package_filter`, `package_orderers`, `variant_select_mode` and
 * `error_on_missing_variant_requires`; Rez's defaults for those that it lacks.
 */
export function readSolveOptions(config: unknown): Parsed<SolveOptions> {
  if (config === null || config === undefined) return DEFAULT_OPTIONS
  if (!isFields(config)) return { error: "Rez's configuration is no mapping" }
  const filters = readFilters(config['package_filter'])
  if (isParseError(filters)) return filters
  const orderers = readOrderers(config['package_orderers'])
  if (isParseError(orderers)) return orderers
  const mode = config['variant_select_mode'] ?? DEFAULT_OPTIONS.variantSelectMode
  if (mode !== 'version_priority' && mode !== 'intersection_priority') {
    return {
      error: `variant_select_mode is ${JSON.stringify(mode)}, neither version_priority nor intersection_priority`,
    }
  }
  const missingFamilyIsFatal = config['error_on_missing_variant_requires'] !== false
  return { ...DEFAULT_OPTIONS, filters, orderers, variantSelectMode: mode, missingFamilyIsFatal }
}

/** One filter or a list of them; none for null. */
export function readFilters(data: unknown): Parsed<readonly PackageFilter[]> {
  if (data === null || data === undefined) return []
  const filters: PackageFilter[] = []
  for (const item of isList(data) ? data : [data]) {
    if (!isFields(item)) return { error: 'package_filter holds something that is no mapping of excludes and includes' }
    const excludes = readRules(item['excludes'], 'excludes')
    if (isParseError(excludes)) return excludes
    const includes = readRules(item['includes'], 'includes')
    if (isParseError(includes)) return includes
    filters.push({ excludes, includes })
  }
  return filters
}

/** A list of orderers; none for null. */
export function readOrderers(data: unknown): Parsed<readonly Orderer[]> {
  if (data === null || data === undefined) return []
  if (!isList(data)) return { error: 'package_orderers is no list' }
  return readEach(data, 0)
}

function readRules(data: unknown, name: string): Parsed<readonly Rule[]> {
  if (data === null || data === undefined) return []
  const rules: Rule[] = []
  for (const text of isList(data) ? data : [data]) {
    if (typeof text !== 'string') return { error: `${name} of package_filter holds something that is no text` }
    const rule = parseRule(text)
    if (isParseError(rule)) return rule
    rules.push(rule)
  }
  return rules
}

function readEach(data: readonly unknown[], depth: number): Parsed<readonly Orderer[]> {
  const orderers: Orderer[] = []
  for (const item of data) {
    const orderer = readOrderer(item, depth)
    if (isParseError(orderer)) return orderer
    orderers.push(orderer)
  }
  return orderers
}

function readOrderer(data: unknown, depth: number): Parsed<Orderer> {
  if (!isFields(data)) return { error: 'package_orderers holds something that is no mapping with a type' }
  if (depth > DEPTH) return { error: 'orderers of package_orderers are nested too deeply' }
  const packages = readPackages(data['packages'])
  if (isParseError(packages)) return packages
  const kind = data['type']
  switch (kind) {
    case 'no_order':
      return { kind, packages }
    case 'sorted':
      return typeof data['descending'] === 'boolean'
        ? { kind, descending: data['descending'], packages }
        : { error: 'a sorted orderer needs descending: true or false' }
    case 'version_split':
      return readSplit(data, packages)
    case 'soft_timestamp':
      return readSoftTimestamp(data, packages)
    case 'per_family':
      return readPerFamily(data, depth)
    default:
      return { error: `an orderer has the type ${JSON.stringify(kind)}, which Rez does not have` }
  }
}

function readSplit(data: Fields, packages: readonly string[]): Parsed<Orderer> {
  const text = data['first_version']
  if (typeof text !== 'string') return { error: 'a version_split orderer needs first_version as text' }
  const first = parseVersion(text)
  return isParseError(first) ? first : { kind: 'version_split', first, packages }
}

function readSoftTimestamp(data: Fields, packages: readonly string[]): Parsed<Orderer> {
  const { timestamp, rank = 0 } = data
  if (typeof timestamp !== 'number' || typeof rank !== 'number') {
    return { error: 'a soft_timestamp orderer needs timestamp, and rank if any, as numbers' }
  }
  return { kind: 'soft_timestamp', timestamp, rank, packages }
}

function readPerFamily(data: Fields, depth: number): Parsed<Orderer> {
  const list = data['orderers']
  if (!isList(list)) return { error: 'a per_family orderer needs orderers, a list' }
  const orderers = readEach(list, depth + 1)
  if (isParseError(orderers)) return orderers
  const families = new Map<string, Orderer>()
  for (const orderer of orderers) for (const name of orderer.packages) families.set(name, orderer)
  const given = data['default_order']
  const otherwise = given === null || given === undefined ? null : readOrderer(given, depth + 1)
  if (otherwise !== null && isParseError(otherwise)) return otherwise
  return { kind: 'per_family', families, otherwise, packages: [...families.keys()].sort() }
}

/** `*` where nothing is said. */
function readPackages(data: unknown): Parsed<readonly string[]> {
  if (data === null || data === undefined) return ['*']
  const list = isList(data) ? data : [data]
  const texts = list.filter((item) => typeof item === 'string')
  return texts.length === list.length ? texts : { error: 'packages of an orderer holds something that is no name' }
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
