/** What ends a real start after everything is mapped: version needs (elf/dl-version.c) and the CPU's ISA level. */
import type { ElfObject } from '../domain/object.ts'
import type { LinkMap, MapEntry } from './link-map.ts'
import { isBefore } from './accept.ts'
import { hidesThreadStorage, inconsistency } from './assertions.ts'
import type { Session } from './session.ts'

/** A version that an object demands of another one, which does not define it. */
export interface VersionError {
  /** Path of the object that demands. */
  readonly object: string
  /** Path of the object that should define. */
  readonly provider: string
  readonly version: string
}

/**
 * Every version error of a link map, in the loader's order.
 *
 * @param list the search list
 */
export function versionErrors(map: LinkMap, list: readonly MapEntry[]): readonly VersionError[] {
  const errors: VersionError[] = []
  for (const entry of map.visible()) {
    const object = entry.file?.record.reading.object ?? null
    if (object === null || entry.path === null) continue
    for (const need of object.versionNeeds) {
      if (need.weak) continue
      const provider = map.demandedInStart(map.session.nameId(need.file), entry === map.main ? list : [])
      const defines = provider === null ? null : definitionsOf(map.session, provider)
      // A file without any version definition is older than the demand: the loader takes it as it is.
      if (provider?.path == null || defines === null || defines.has(need.version)) continue
      errors.push({ object: entry.path, provider: provider.path, version: need.version })
    }
  }
  return errors
}

const DEFINITIONS = new WeakMap<ElfObject, ReadonlySet<string>>()

function definitionsOf(session: Session, entry: MapEntry): ReadonlySet<string> | null {
  const reading = entry.how === 'interpreter' ? session.setup.reading : entry.file?.record.reading
  const object = reading?.object ?? null
  if (object?.hasVersionDefinitions !== true) return null
  const known = DEFINITIONS.get(object)
  if (known !== undefined) return known
  const names = new Set(object.versionDefinitions.map((definition) => definition.name))
  DEFINITIONS.set(object, names)
  return names
}

/** A version demanded of an auxiliary object that is not there: a trace keeps an entry for its name, a start does not. */
function demandError(map: LinkMap, list: readonly MapEntry[]): string | null {
  for (const entry of map.visible()) {
    for (const fileId of entry.file?.demands ?? []) {
      if (map.demandedInStart(fileId, entry === map.main ? list : []) !== null) continue
      return inconsistency('dl-version.c', '_dl_check_map_versions', 'needed != NULL')
    }
  }
  return null
}

/** The first error of a real start that a complete link map still has, in the loader's words; null when there is none. */
export function lateError(map: LinkMap, list: readonly MapEntry[]): string | null {
  const version = versionErrors(map, list)[0]
  if (version !== undefined) {
    return `${version.provider}: version \`${version.version}' not found (required by ${version.object})`
  }
  return demandError(map, list) ?? isaError(map, list) ?? hiddenError(map)
}

/** A libc that a filter has moved out of sight is never relocated, and crashes when it is called (2.41). */
function hiddenError(map: LinkMap): string | null {
  return hidesThreadStorage(map) ? 'Segmentation fault' : null
}

/** The ISA level that GNU properties demand (sysdeps/x86/dl-prop.h `dl_isa_level_check`, 2.33 and later). */
function isaError(map: LinkMap, list: readonly MapEntry[]): string | null {
  const { setup } = map.session
  if (isBefore(setup, 33)) return null
  for (const entry of list) {
    const needed = entry.file?.record.reading.object?.properties.isaNeeded ?? 0
    if ((needed & setup.isa) !== needed) return `${entry.path ?? entry.name}: CPU ISA level is lower than required`
  }
  return null
}
