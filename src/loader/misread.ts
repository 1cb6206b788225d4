/**
 * What a trace of glibc takes for versions that are demanded of files it did not find.
 *
 * A trace goes on without such a file, but makes its table of versions (`l_versions`) only as long as the indices of files
 * that are there need it, and later reads behind its end (elf/dl-version.c `_dl_check_map_versions`, elf/do-rel.h). There
 * lie the tables of the objects that come next, one behind the other as ld.so's own malloc puts them. A real start never
 * comes so far.
 */
import type { World } from '../domain/system.ts'
import type { LinkMap, MapEntry } from './link-map.ts'
import { isBefore } from './accept.ts'
import { VDSO_NAMES } from './link-map.ts'
import type { DemandedVersion } from './match.ts'

/** A version that is read where there is none. */
export interface Misread extends DemandedVersion {
  /** What the loader prints, null for nothing. */
  readonly text: string | null
}

/** The misreadings of one object by the index of the version; null where it is read rightly. */
export type Misreadings = (version: number) => Misread | 'crash' | null

/** A word of memory: a pointer to text, a hash, or zero. */
type Word = { readonly text: string } | 'hash' | null

/** Words of one `struct r_found_version`: name, hash with hidden, file name. */
const ENTRY = 3
/** Versions of the kernel's object, which stands behind the program: the base, none, and LINUX_2.6. */
const VDSO_VERSION: readonly Word[] = [{ text: 'LINUX_2.6' }, 'hash', null]
const EMPTY: readonly Word[] = [null, null, null]
/** Since 2.41 or shortly before, what has no version is given an empty name. */
const NAMELESS: readonly Word[] = [{ text: '' }, null, null]

/** Every object whose table is too short; empty where nothing is missing. */
export function misreadings(world: World, map: LinkMap, list: readonly MapEntry[]): ReadonlyMap<number, Misreadings> {
  if (!map.entries.some((entry) => entry.how === 'missing')) return new Map()
  const empty = isBefore(map.session.setup, 41) ? EMPTY : NAMELESS
  const words: Word[] = []
  const tables: { readonly entry: MapEntry; readonly start: number; readonly count: number }[] = []
  for (const entry of map.visible()) {
    if (entry.how === 'missing' || VDSO_NAMES.has(entry.name)) continue
    const table = tableOf(world, map, entry, entry === map.main ? list : [], empty)
    // ld.so's malloc keeps to multiples of 16 bytes.
    if (words.length % 2 !== 0) words.push(null)
    tables.push({ entry, start: words.length, count: table.length / ENTRY })
    words.push(...table)
    if (entry !== map.main) continue
    words.push(...(words.length % 2 === 0 ? [] : [null]), ...empty, ...empty, ...VDSO_VERSION)
  }
  return new Map(
    tables.map(({ entry, start, count }): [number, Misreadings] => [
      entry.index,
      count === 0 ? withoutTable : (version) => (version < count ? null : readAt(words, start + version * ENTRY)),
    ]),
  )
}

/** Index 0 of no table is a null pointer, which the loader takes for no version; the others it follows. */
function withoutTable(version: number): 'crash' | null {
  return version === 0 ? null : 'crash'
}

function readAt(words: readonly Word[], at: number): Misread | 'crash' {
  const [name = null, hash = null] = [words[at], words[at + 1]]
  if (hash === null) return { name: '', strict: false, text: null }
  if (name === 'hash') return 'crash'
  const text = name?.text ?? ''
  // A pointer where the hash should be equals the hash of no version; its upper half is the mark that makes it strict.
  return hash === 'hash' ? { name: text, strict: false, text } : { name: `\0${text}`, strict: true, text }
}

/** The table as the trace makes it: up to the highest index of a version that is defined, or demanded of what was found. */
function tableOf(
  world: World,
  map: LinkMap,
  entry: MapEntry,
  list: readonly MapEntry[],
  empty: readonly Word[],
): readonly Word[] {
  const path = entry.how === 'interpreter' ? map.session.setup.file : entry.file?.record.file
  if (path === undefined) return []
  const file = world.symbolFile(path)
  let count = 0
  for (let index = 0; index < file.versionCount; index += 1) {
    const from = file.versionFile(index)
    const found = from === null ? null : map.demanded(map.session.nameId(from), list)
    if (from === null ? file.versionName(index) !== '' : found !== null && found.how !== 'missing') count = index + 1
  }
  // The base version has an index too.
  if (count === 0 && entry.file?.record.reading.object?.hasVersionDefinitions === true) count = 2
  const words: Word[] = []
  for (let index = 0; index < count; index += 1) {
    const name = file.versionName(index)
    const from = file.versionFile(index)
    if (name === '') words.push(...empty)
    else words.push({ text: name }, 'hash', from === null ? null : { text: from })
  }
  return words
}
