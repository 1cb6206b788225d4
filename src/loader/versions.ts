/** Versions demanded of other objects, compared with what these define (elf/dl-version.c `_dl_check_map_versions`). */
import type { VersionError } from '../domain/closure.ts'
import type { ElfObject } from '../domain/object.ts'
import type { LinkMap, MapEntry } from './link-map.ts'

/** What comparing versions finds in one link map, in the loader's order. */
export interface VersionReport {
  readonly errors: readonly VersionError[]
  readonly unversioned: readonly { readonly object: number; readonly provider: number }[]
}

/**
 * Compares all versions of a link map.
 *
 * @param list the search list
 * @param trace a trace keeps entries for what was not found and leaves their versions alone; a start has no such entries
 */
export function compareVersions(map: LinkMap, list: readonly MapEntry[], trace: boolean): VersionReport {
  const errors: VersionError[] = []
  const unversioned: { object: number; provider: number }[] = []
  for (const entry of map.visible()) {
    const object = entry.file?.record.reading.object ?? null
    if (object === null) continue
    const own = entry === map.main ? list : []
    for (const { file, demands } of demandsOf(object)) {
      const fileId = map.session.nameId(file)
      const provider = trace ? map.demanded(fileId, own) : map.demandedInStart(fileId, own)
      if (provider === null || provider.how === 'missing') continue
      const reading = provider.how === 'interpreter' ? map.session.setup.reading : provider.file?.record.reading
      const lacking = lackingOf(demands, reading?.object ?? null)
      if (lacking === 'unversioned') unversioned.push({ object: entry.index, provider: provider.index })
      else for (const one of lacking) errors.push({ object: entry.index, provider: provider.index, ...one })
    }
  }
  return { errors, unversioned }
}

interface Demand {
  readonly version: string
  readonly weak: boolean
}

interface FileDemands {
  readonly file: string
  readonly demands: readonly Demand[]
}

const DEMANDS = new WeakMap<ElfObject, readonly FileDemands[]>()

/** The demands of one object by the file they are made of: a plain list, for it is walked once for each process. */
function demandsOf(object: ElfObject): readonly FileDemands[] {
  const known = DEMANDS.get(object)
  if (known !== undefined) return known
  const demands = new Map<string, Demand[]>()
  for (const { file, version, weak } of object.versionNeeds) {
    const list = demands.get(file)
    if (list === undefined) demands.set(file, [{ version, weak }])
    else list.push({ version, weak })
  }
  const listed = [...demands].map(([file, list]) => ({ file, demands: list }))
  DEMANDS.set(object, listed)
  return listed
}

const LACKING = new WeakMap<readonly Demand[], WeakMap<ElfObject, readonly Demand[] | 'unversioned'>>()

/** What of the demands a file does not define; the same two files meet in many processes. */
function lackingOf(demands: readonly Demand[], provider: ElfObject | null): readonly Demand[] | 'unversioned' {
  if (provider === null) return []
  // A file without any version definition is older than the demand: the loader takes it as it is.
  if (!provider.hasVersionDefinitions) return 'unversioned'
  const byProvider = LACKING.get(demands) ?? new WeakMap<ElfObject, readonly Demand[]>()
  LACKING.set(demands, byProvider)
  const known = byProvider.get(provider)
  if (known !== undefined) return known
  const defined = definedVersions(provider)
  const lacking = demands.filter(({ version }) => !defined.has(version))
  byProvider.set(provider, lacking)
  return lacking
}

const DEFINED = new WeakMap<ElfObject, ReadonlySet<string>>()

/** The version nodes that a file defines. */
export function definedVersions(object: ElfObject): ReadonlySet<string> {
  const known = DEFINED.get(object)
  if (known !== undefined) return known
  const names = new Set(object.versionDefinitions.map(({ name }) => name))
  DEFINED.set(object, names)
  return names
}

/** The loader's sentence about an error. */
export function versionErrorText(map: LinkMap, error: VersionError): string {
  const path = (index: number): string => map.entries[index]?.path ?? map.session.setup.path
  return `${path(error.provider)}: version \`${error.version}' not found (required by ${path(error.object)})`
}
