/** musl's search for a name (ldso/dynlink.c `load_library`, `path_open`, `fixup_rpath`). */
import type { Candidate, How } from '../domain/closure.ts'
import type { ElfReading } from '../domain/object.ts'
import { ET_DYN, ET_EXEC } from '../domain/object.ts'
import type { World } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'

const RESERVED = /^lib(?:c|pthread|rt|m|dl|util|xnet)\./

/** One folder list, and whose run path it is. */
export interface MuslPath {
  readonly how: How
  readonly folders: readonly string[]
  readonly origin: string | null
}

export interface MuslFile {
  readonly path: string
  readonly file: string
  readonly identity: string
  readonly reading: ElfReading
}

/** The C library itself answers to these names, whatever follows: `libc.so.6` too. */
export function isReserved(name: string): boolean {
  return RESERVED.test(name)
}

/** A folder list split as musl does: at colons and newlines, empty elements skipped. */
export function splitMuslPath(text: string): readonly string[] {
  return text.split(/[:\n]/).filter((element) => element !== '')
}

/**
 * The run path of an object with `$ORIGIN` replaced, by prefix; any other `$` makes all of it unused.
 *
 * @param origin the folder of the path the object was opened by
 */
export function muslRunPath(reading: ElfReading, origin: string): readonly string[] {
  const text = reading.object?.runpath ?? reading.object?.rpath ?? null
  if (text === null) return []
  const replaced = text.replace(/\$ORIGIN|\$\{ORIGIN\}/g, () => origin)
  return text.replace(/\$ORIGIN|\$\{ORIGIN\}/g, '').includes('$') ? [] : splitMuslPath(replaced)
}

/** The first candidate that can be opened is final; an odd error ends the whole search. */
export function muslSearch(
  world: World,
  name: string,
  paths: readonly MuslPath[],
  trail: Candidate[] | null,
): MuslFile | null {
  for (const { how, folders, origin } of paths) {
    for (const folder of folders) {
      const path = `${folder}/${name}`
      const opened = openMusl(world, path)
      if (typeof opened !== 'string') {
        trail?.push({ stage: how, path, verdict: 'won', origin, reason: null })
        return opened
      }
      const ends = !CONTINUE.has(opened)
      const verdict = ends ? 'list-ended' : opened === 'EACCES' ? 'unreadable' : 'absent'
      trail?.push({ stage: how, path, verdict, origin, reason: verdict === 'absent' ? null : opened })
      if (ends) return null
    }
  }
  return null
}

const CONTINUE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'ENAMETOOLONG'])

/** Opens a path from the process's working folder; the errno where that fails. A folder opens, and is refused later. */
export function openMusl(world: World, path: string): MuslFile | string {
  const base = world.environment.folder.replace(/\/$/, '')
  const entry = world.lookup(path.startsWith('/') ? path : `${base}/${path}`)
  if (failed(entry)) return entry.errno
  const identity = entry.kind === 'folder' ? `folder:${entry.path}` : world.identity(entry.path)
  const reading = entry.kind === 'folder' ? NOTHING : world.read(entry.path)
  return { path, file: entry.path, identity, reading }
}

const NOTHING: ElfReading = { header: null, object: null, size: 0, faults: [] }

/** musl compares nearly nothing: a type that can be loaded and a dynamic section. */
export function muslAccepts(reading: ElfReading): boolean {
  const object = reading.object
  if (object === null) return false
  return (object.header.type === ET_DYN || object.header.type === ET_EXEC) && object.dynamic
}
