/** Reads a resolved context (`.rxt`): JSON, or YAML as old versions of Rez wrote it (`ResolvedContext.from_dict`). */
import { faultAt, faultAtLine } from '../../domain/fault.ts'
import { isFault } from '../repository/files.ts'
import { yamlData } from '../source/yaml-data.ts'
import type { Fault } from '../../domain/fault.ts'

/** One entry of `resolved_packages`: where a variant is, nothing of what it holds. */
export interface Handle {
  readonly name: string
  /** Empty for an unversioned package. */
  readonly version: string
  /** Null for a package without variants. */
  readonly index: number | null
  /** As written; relative in bundles. */
  readonly location: string
  /** `filesystem` for all that have files. */
  readonly repositoryType: string
  /** Suffix of a combined family's file, null for a package with a folder of its own. */
  readonly extension: string | null
}

export interface Rxt {
  readonly requests: readonly string[]
  readonly implicit: readonly string[]
  readonly ephemerals: readonly string[]
  readonly packagePaths: readonly string[]
  readonly platform: string | null
  readonly arch: string | null
  readonly os: string | null
  readonly handles: readonly Handle[]
  readonly notes: readonly string[]
}

/** Bytes of a context; the graph in it makes large ones. */
export const RXT_LIMIT: number = 64 * 1024 * 1024

/** The newest `serialize_version` whose fields are known here. */
const KNOWN_VERSION = 4

type Fields = Readonly<Record<string, unknown>>

/** The context in `text`, or every reason for which there is none. */
export function readRxt(text: string, file: string): Rxt | readonly Fault[] {
  const read = text.startsWith('{') ? jsonData(text, file) : yamlData(text, file, 'is neither JSON nor YAML')
  if (isFault(read)) return [read]
  const document = read.data
  if (!isFields(document) || !('resolved_packages' in document)) {
    const message = 'is no context of Rez: a mapping with "resolved_packages" was expected'
    return [faultAt('malformed', file, null, message)]
  }
  const status = textOf(document['status']) ?? 'unknown'
  if (status !== 'solved') {
    const why = textOf(document['failure_description'])
    const message = `the context is not solved (status ${status})${why === null ? '' : `: ${why}`}; resolve it again`
    return [faultAt('malformed', file, null, message)]
  }
  return readFields(document, file)
}

function readFields(document: Fields, file: string): Rxt | readonly Fault[] {
  const version = versionOf(document['serialize_version'])
  const items = document['resolved_packages']
  if (!Array.isArray(items)) return [faultAt('malformed', file, null, 'resolved_packages is no list')]
  const faults: Fault[] = []
  const handles: Handle[] = []
  items.forEach((item: unknown, i) => {
    const handle = readHandle(item, version < 4)
    if (typeof handle !== 'string') handles.push(handle)
    else faults.push(faultAt('malformed', file, null, `resolved_packages[${i}] ${handle}`))
  })
  if (faults.length > 0) return faults
  const newer = `written by a newer Rez (serialize_version ${version}); known are those up to ${KNOWN_VERSION}.9`
  return {
    requests: texts(document['package_requests']),
    implicit: texts(document['implicit_packages']),
    ephemerals: texts(document['resolved_ephemerals']),
    packagePaths: texts(document['package_paths']),
    platform: textOf(document['platform']),
    arch: textOf(document['arch']),
    os: textOf(document['os']),
    handles,
    notes: version > KNOWN_VERSION ? [newer] : [],
  }
}

/** The handle, or what is wrong with it. `old`: the shape before version 4, which names the definition's file. */
function readHandle(item: unknown, old: boolean): Handle | string {
  if (!isFields(item) || !isFields(item['variables'])) return 'has no "variables"'
  const variables = item['variables']
  const name = textOf(variables['name'])
  const location = textOf(variables['location']) ?? (old ? textOf(variables['search_path']) : null)
  if (name === null || location === null) return 'lacks a name or a location'
  const index = variables['index'] ?? null
  if (!isIndex(index)) return `has the index ${JSON.stringify(index)}; a number or null was expected`
  const version = variables['version'] ?? ''
  if (typeof version !== 'string' && typeof version !== 'number') return 'has a version that is no text'
  const kind = old
    ? { repositoryType: 'filesystem', extension: oldExtension(textOf(item['path'])) }
    : kindOf(textOf(item['key']) ?? '', variables)
  return { name, version: String(version), index, location, ...kind }
}

function kindOf(key: string, variables: Fields): Pick<Handle, 'repositoryType' | 'extension'> {
  const extension = key === 'filesystem.variant.combined' ? (textOf(variables['ext']) ?? 'py') : null
  return { repositoryType: textOf(variables['repository_type']) ?? key.replace(/\..*$/s, ''), extension }
}

function isIndex(value: unknown): value is number | null {
  return value === null || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)
}

/** Null where the path ends in `package.py` or `package.yaml`: anything else is a combined family. */
function oldExtension(path: string | null): string | null {
  if (path === null || /(?:^|\/)package\.[^./]*$/.test(path)) return null
  return path.endsWith('.py') ? 'py' : 'yaml'
}

function jsonData(text: string, file: string): { readonly data: unknown } | Fault {
  try {
    return { data: JSON.parse(text) as unknown }
  } catch (error) {
    const { message } = error as SyntaxError
    const at = /position (\d+)/.exec(message)?.[1]
    const line = at === undefined ? null : text.slice(0, Number(at)).split('\n').length
    return faultAtLine('malformed', file, line, `is no JSON: ${message}`)
  }
}

function versionOf(value: unknown): number {
  const major = Number.parseInt(typeof value === 'number' ? String(value) : (textOf(value) ?? '0'), 10)
  return Number.isNaN(major) ? 0 : major
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
