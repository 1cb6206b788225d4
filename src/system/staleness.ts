/** Whether `ld.so.cache` still fits its tree: it is a snapshot that the loader believes (glibc elf/ldconfig.c). */
import type { LoaderSetup, System } from '../domain/system.ts'
import { ELFDATA2MSB } from '../domain/object.ts'
import type { Tree } from '../domain/tree.ts'
import { failed } from '../domain/tree.ts'
import { readOpened } from '../elf/virtual.ts'
import { cacheIds } from './abi.ts'
import { cacheRows } from './cache.ts'
import { readLoaderConfiguration } from './ld-so-conf.ts'

const MAX_CACHE = 64 * 1024 * 1024
const CACHE = '/etc/ld.so.cache'

export interface Staleness {
  /** Paths in the cache that lead to no file, sorted. */
  readonly dangling: readonly string[]
  /** Libraries in configured or system folders whose soname the cache does not have, sorted by path. */
  readonly unlisted: readonly { readonly path: string; readonly soname: string }[]
}

/** Compares the cache with the tree; null where there is no cache. Every library of the folders is read. */
export function staleness(system: System, setup: LoaderSetup): Staleness | null {
  const { tree } = system
  const content = tree.content(CACHE, MAX_CACHE)
  const header = setup.reading.header
  if (failed(content) || header === null) return null
  const { accepted } = cacheIds(header)
  const rows = cacheRows(content, header.data === ELFDATA2MSB).filter((row) => accepted.includes(row.flags))
  const listed = new Set(rows.map((row) => row.soname))
  const dangling = new Set(rows.map((row) => row.path).filter((path) => failed(tree.lookup(path))))
  return { dangling: [...dangling].sort(), unlisted: unlisted(tree, setup, listed) }
}

/**
 * What a report says of the cache: nothing where no folder has changed since ldconfig wrote it, so that a fresh system
 * costs a few calls; else the notes of a full comparison.
 */
export function cacheNotes(system: System, setup: LoaderSetup): readonly string[] {
  const { tree } = system
  const cache = tree.status(CACHE)
  if (failed(cache)) return []
  const changed = libraryFolders(tree, setup).some((folder) => {
    const status = tree.status(folder)
    return !failed(status) && status.modified > cache.modified
  })
  return changed ? stalenessNotes(staleness(system, setup)) : []
}

/** Staleness as notes, one line each, none where the cache fits. */
export function stalenessNotes(found: Staleness | null): readonly string[] {
  if (found === null) return []
  const notes: string[] = []
  const [gone] = found.dangling
  const [missing] = found.unlisted
  if (gone !== undefined) {
    notes.push(
      `${CACHE} is older than the tree: ${found.dangling.length} entries lead nowhere, such as ${gone}; run ldconfig`,
    )
  }
  if (missing !== undefined) {
    const count = found.unlisted.length
    notes.push(
      `${CACHE} is older than the tree: ${count} libraries are not in it, such as ${missing.path}; run ldconfig`,
    )
  }
  return notes
}

/** The folders that ldconfig scans, links followed, sorted. */
function libraryFolders(tree: Tree, setup: LoaderSetup): readonly string[] {
  const configured = readLoaderConfiguration(tree).folders
  const folders = new Set<string>()
  for (const folder of [...configured, ...setup.systemFolders]) {
    const found = tree.lookup(folder)
    if (!failed(found) && found.kind === 'folder') folders.add(found.path)
  }
  return [...folders].sort()
}

function unlisted(tree: Tree, setup: LoaderSetup, listed: ReadonlySet<string>): Staleness['unlisted'] {
  const out: { path: string; soname: string }[] = []
  for (const folder of libraryFolders(tree, setup)) {
    const children = tree.children(folder)
    if (failed(children)) continue
    for (const { name } of children) {
      if (!isCandidate(name) || listed.has(name)) continue
      const path = `${folder}/${name}`
      const soname = sonameOf(tree, path, setup)
      if (soname !== null && !listed.has(soname)) out.push({ path, soname })
    }
  }
  return out
}

/** Names that ldconfig looks at (`search_dir`). */
function isCandidate(name: string): boolean {
  return (
    (name.startsWith('lib') || name.startsWith('ld-')) && name.includes('.so') && !/;|\.dpkg-(?:new|tmp)$/.test(name)
  )
}

/** The soname under which ldconfig would list a file; null for what the loader could not use. */
function sonameOf(tree: Tree, path: string, setup: LoaderSetup): string | null {
  const source = tree.open(path)
  if (failed(source)) return null
  try {
    const { header, object } = readOpened(source, path)
    const loader = setup.reading.header
    const usable = header?.machine === loader?.machine && header?.class === loader?.class
    return usable ? (object?.soname ?? null) : null
  } finally {
    source.close()
  }
}
