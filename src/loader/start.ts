/** What ends a real start after everything is mapped: version needs (elf/dl-version.c) and the CPU's ISA level. */
import type { LinkMap, MapEntry } from './link-map.ts'
import { isBefore } from './accept.ts'
import { hidesThreadStorage, inconsistency } from './assertions.ts'
import { compareVersions, versionErrorText } from './versions.ts'

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
  const version = compareVersions(map, list, false).errors.find(({ weak }) => !weak)
  if (version !== undefined) return versionErrorText(map, version)
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
