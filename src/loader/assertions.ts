/** Where the loader gives up on its own account, in a trace as well: its assertions, and versions it cannot compare. */
import type { ElfObject } from '../domain/object.ts'
import { isBefore } from './accept.ts'
import { LoadError } from './link-map.ts'
import type { LinkMap, MapEntry } from './link-map.ts'
import type { Session } from './session.ts'

/** Until 2.31 a filter as the program itself was not provided for (BZ 16272). */
export function checkFirst(session: Session, list: readonly MapEntry[], main: MapEntry): void {
  if (list[0] === main || !isBefore(session.setup, 32)) return
  throw new LoadError(inconsistency('dl-deps.c', '_dl_map_object_deps', 'map->l_searchlist.r_list[0] == map'))
}

/**
 * What stops even a trace when versions are compared (elf/dl-version.c `_dl_check_map_versions`): a version demanded of
 * a file that nobody asked for, and DT_RELR in an object that needs libc without saying so (2.36).
 */
export function checkDemands(map: LinkMap, list: readonly MapEntry[]): void {
  const relr = !isBefore(map.session.setup, 36)
  for (const entry of map.visible()) {
    const own = entry === map.main ? list : []
    for (const fileId of entry.file?.demands ?? []) {
      if (map.demanded(fileId, own) !== null) continue
      throw new LoadError(inconsistency('dl-version.c', '_dl_check_map_versions', 'needed != NULL'))
    }
    const object = entry.file?.record.reading.object
    if (relr && object?.relr === true && lacksRelrDemand(map, object, own)) {
      throw new LoadError(`${entry.path ?? ''}: DT_RELR without GLIBC_ABI_DT_RELR dependency`)
    }
  }
}

/** Whether a filter has moved an object with thread storage out of sight: in practice, libc. */
export function hidesThreadStorage(map: LinkMap): boolean {
  const count = (entries: readonly MapEntry[]): number =>
    entries.filter((entry) => entry.file?.record.reading.object?.tls === true).length
  return map.moved && count(map.visible()) !== count(map.entries)
}

/** Up to 2.40 objects with thread storage that a filter has moved out of sight are counted, but not met (elf/rtld.c `init_tls`). */
export function checkThreadStorage(map: LinkMap): void {
  // With an auditor, storage has been set up before anything was moved.
  const audited = map.main?.file?.record.reading.object?.audit != null
  if (audited || !isBefore(map.session.setup, 41) || !hidesThreadStorage(map)) return
  throw new LoadError(inconsistency('rtld.c', 'init_tls', 'i == GL(dl_tls_max_dtv_idx)'))
}

/** A demand of a file that was not found is not looked at. */
function lacksRelrDemand(map: LinkMap, { needs, versionNeeds }: ElfObject, list: readonly MapEntry[]): boolean {
  if (versionNeeds.length === 0) return false
  const demands = versionNeeds.filter((need) => need.version === 'GLIBC_ABI_DT_RELR')
  if (demands.some(({ file }) => map.demanded(map.session.nameId(file), list)?.how !== 'missing')) return false
  return needs.some((need) => need.kind === 'needed' && need.name.startsWith('libc.so.'))
}

/** The words in which an assertion of the loader fails. */
export function inconsistency(file: string, where: string, assertion: string): string {
  return `Inconsistency detected by ld.so: ${file}: ${where}: Assertion \`${assertion}' failed!`
}
