/** What ends a real start after everything is mapped: version needs (elf/dl-version.c) and the CPU's ISA level. */
import type { ElfObject } from '../domain/object.ts'
import type { LinkMap, MapEntry } from './link-map.ts'
import { isBefore } from './accept.ts'
import type { Session } from './session.ts'

/** A version that an object demands of another one, which does not define it. */
export interface VersionError {
  /** Path of the object that demands. */
  readonly object: string
  /** Path of the object that should define. */
  readonly provider: string
  readonly version: string
}

/** Every version error of a link map, in the loader's order. */
export function versionErrors(map: LinkMap): readonly VersionError[] {
  const errors: VersionError[] = []
  for (const entry of map.order) {
    const object = entry.file?.record.reading.object ?? null
    if (object === null || entry.path === null) continue
    for (const need of object.versionNeeds) {
      if (need.weak) continue
      const provider = named(map, need.file)
      const defines = provider === null ? null : definitionsOf(map.session, provider)
      // A file without any version definition is older than the demand: the loader takes it as it is.
      if (provider?.path == null || defines === null || defines.has(need.version)) continue
      errors.push({ object: entry.path, provider: provider.path, version: need.version })
    }
  }
  return errors
}

/** The first object by name; missing entries have names as well (`find_needed`). */
function named(map: LinkMap, name: string): MapEntry | null {
  return map.lookup(map.session.nameId(name))
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

/** The first error of a real start that a complete link map still has, in the loader's words; null when there is none. */
export function lateError(map: LinkMap): string | null {
  const version = versionErrors(map)[0]
  if (version !== undefined) {
    return `${version.provider}: version \`${version.version}' not found (required by ${version.object})`
  }
  return relrError(map) ?? isaError(map)
}

/** DT_RELR without a need for GLIBC_ABI_DT_RELR, in an object that demands versions and needs libc (2.36 and later). */
function relrError(map: LinkMap): string | null {
  if (isBefore(map.session.setup, 36)) return null
  for (const entry of map.order) {
    const object = entry.file?.record.reading.object
    if (!object?.relr || object.versionNeeds.length === 0) continue
    const needsLibc = object.needs.some((need) => need.kind === 'needed' && need.name.startsWith('libc.so.'))
    if (!needsLibc || object.versionNeeds.some((need) => need.version === 'GLIBC_ABI_DT_RELR')) continue
    return `${entry.path ?? entry.name}: DT_RELR without GLIBC_ABI_DT_RELR dependency`
  }
  return null
}

/** The ISA level that GNU properties demand (sysdeps/x86/dl-prop.h `dl_isa_level_check`, 2.33 and later). */
function isaError(map: LinkMap): string | null {
  const { setup } = map.session
  if (isBefore(setup, 33)) return null
  for (const entry of map.order) {
    const needed = entry.file?.record.reading.object?.properties.isaNeeded ?? 0
    if ((needed & setup.isa) !== needed) return `${entry.path ?? entry.name}: CPU ISA level is lower than required`
  }
  return null
}
