/** Where copies of libraries come from: a system is asked for files by name, and for what these load in turn. */
import type { ResolvedWorld } from '../domain/audit.ts'
import type { Closure } from '../domain/closure.ts'
import type { ElfHeader, ElfReading } from '../domain/object.ts'
import type { GraftEntry } from '../domain/repair.ts'
import type { LibraryOpens } from '../domain/opening.ts'
import type { World } from '../domain/system.ts'
import { standardFolders } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'
import type { Tree } from '../domain/tree.ts'
import { resolveClosure } from '../loader/closure.ts'
import { openedFile } from '../system/opened-file.ts'
import { compareBytes } from './compare.ts'
import { readingOf } from './run-path-entry.ts'

/** One source of copies. */
export interface Supply {
  readonly source: Pick<GraftEntry['source'], 'kind' | 'ref'>
  /** In a sentence: `the host`. */
  readonly label: string
  readonly tree: Tree
  /** The file that a name leads to (path without links), of the machine and class of `like`. */
  find(name: string, like: ElfHeader): string | null
  /** What a file loads, by the names it asks for. */
  loads(file: string): ReadonlyMap<string, string>
  read(file: string): ElfReading
  /** The file that one of its libraries would open by itself, null for none or where that is not known. */
  opened(library: string, opens: LibraryOpens): string | null
  /** The package that a file is from, null where nothing tells. */
  owner(file: string): string | null
}

/** A source in a sentence: `the host`, `the base rocky-8`. */
export function sourceLabel({ kind, ref }: Supply['source']): string {
  return ref === undefined ? `the ${kind}` : `the ${kind} ${ref}`
}

/**
 * The host: what its processes load comes first, whatever folders they find it in.
 *
 * @param isOwned whether a path is in a package: packages are in the image themselves
 */
export function hostSupply(host: ResolvedWorld, isOwned: (path: string) => boolean): Supply {
  let known: Loads | null = null
  const loads = (): Loads => (known ??= loadsOf(host, isOwned))
  const { world } = host
  return {
    source: { kind: 'host' },
    label: sourceLabel({ kind: 'host' }),
    tree: world.system.tree,
    find: (name, like) => {
      const bound = loads().byName.get(name)
      return bound !== undefined && isLike(world.read(bound), like) ? bound : searched(world, [], name, like)
    },
    loads: (file) => loads().byFile.get(file) ?? new Map(),
    read: (file) => world.read(file),
    // What the host's libraries open is told by HST010.
    opened: () => null,
    owner: (file) => host.ownerOf(file)?.name ?? null,
  }
}

/**
 * Another base: its own folders and its own loader are asked, without any environment.
 *
 * @param name what repair files call it
 */
export function baseSupply(world: World, name: string): Supply {
  const known = new Map<string, Map<string, string>>()
  return {
    source: { kind: 'base', ref: name },
    label: sourceLabel({ kind: 'base', ref: name }),
    tree: world.system.tree,
    find: (wanted, like) => searched(world, [], wanted, like),
    loads: (file) => {
      // A file that another one brought is told of already, with the run paths that it was found by.
      if (!known.has(file)) learn(resolveClosure(world, file), known)
      return known.get(file) ?? new Map<string, string>()
    },
    read: (file) => world.read(file),
    opened: (library, opens) => {
      if (opens.folders.length > 0) return openedFile(world, library, opens, null)
      const { header } = world.read(library)
      const files = header === null ? [] : opens.any.map((name) => searched(world, [], name, header))
      return files.find((file) => file !== null) ?? null
    },
    owner: (file) => world.system.owner(file)?.name ?? null,
  }
}

/**
 * A package: its files have no search of their own, so that a name is what the file, or a link to it, is called. Of
 * several files of one name the one that lies least deep is meant.
 *
 * @param name what repair files call it
 * @param id `NAME-VERSION`
 * @param tree the package's folder as a root
 * @param paths every file and link in it
 */
export function packageSupply(name: string, id: string, tree: Tree, paths: readonly string[]): Supply {
  const readings = new Map<string, ElfReading>()
  const read = (file: string): ElfReading => {
    const reading = readings.get(file) ?? readingOf(tree, file)
    readings.set(file, reading)
    return reading
  }
  const byName = new Map<string, string[]>()
  for (const path of paths.toSorted((a, b) => depthOf(a) - depthOf(b) || compareBytes(a, b))) {
    const last = path.slice(path.lastIndexOf('/') + 1)
    const same = byName.get(last)
    if (same === undefined) byName.set(last, [path])
    else same.push(path)
  }
  const find = (wanted: string, like: ElfHeader): string | null => {
    for (const path of byName.get(wanted) ?? []) {
      const found = tree.lookup(path)
      if (!failed(found) && found.kind === 'file' && isLike(read(found.path), like)) return found.path
    }
    return null
  }
  return {
    source: { kind: 'package', ref: name },
    label: sourceLabel({ kind: 'package', ref: name }),
    tree,
    find,
    loads: (file) => {
      const { header, object } = read(file)
      const found = new Map<string, string>()
      for (const need of object?.needs ?? []) {
        const path = header === null ? null : find(need.name, header)
        if (path !== null) found.set(need.name, path)
      }
      return found
    },
    read,
    opened: () => null,
    owner: () => id,
  }
}

function depthOf(path: string): number {
  return path.split('/').length
}

/**
 * The file that a search finds by a name in the folders of a library path, in the cache or in the system's own folders;
 * path without links, null for none of that machine and class.
 */
export function searched(
  world: Pick<World, 'system' | 'lookup' | 'read'>,
  libraryPath: readonly string[],
  name: string,
  like: ElfHeader,
): string | null {
  const setup = world.system.loader(null, like.machine, like.class)
  const cached = setup?.cache?.lookup(name)?.path
  const paths = [
    ...libraryPath.filter((folder) => folder.startsWith('/')).map((folder) => `${folder}/${name}`),
    ...(cached === undefined ? [] : [cached]),
    ...standardFolders(setup).map((folder) => folder + name),
  ]
  for (const path of paths) {
    const found = world.lookup(path)
    if (!failed(found) && found.kind === 'file' && isLike(world.read(found.path), like)) return found.path
  }
  return null
}

function isLike({ header }: ElfReading, like: ElfHeader): boolean {
  return header?.machine === like.machine && header.class === like.class
}

/** Whether a file defines version nodes; one that defines none at all is taken whatever is demanded, with a warning. */
export function defines({ object }: ElfReading, nodes: Iterable<string>): boolean {
  if (object?.hasVersionDefinitions !== true) return true
  const defined = new Set(object.versionDefinitions.map(({ name }) => name))
  return [...nodes].every((node) => defined.has(node))
}

interface Loads {
  readonly byFile: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** Files of the system alone. */
  readonly byName: ReadonlyMap<string, string>
}

function loadsOf(host: ResolvedWorld, isOwned: (path: string) => boolean): Loads {
  const byFile = new Map<string, Map<string, string>>()
  const byName = new Map<string, string>()
  for (const closure of allClosures(host)) {
    for (const [name, to] of learn(closure, byFile)) {
      if (!byName.has(name) && !isOwned(to)) byName.set(name, to)
    }
  }
  return { byFile, byName }
}

/** Adds what the files of a closure load, by file and name; the first answer stays. Returns all, in the loader's order. */
function learn(closure: Closure, byFile: Map<string, Map<string, string>>): readonly (readonly [string, string])[] {
  return closure.bindings.flatMap((binding) => {
    const from = closure.objects[binding.from]?.file ?? null
    const to = closure.objects[binding.to]?.file ?? null
    if (from === null || to === null || binding.optional) return []
    const known = byFile.get(from) ?? new Map<string, string>()
    if (!known.has(binding.name)) known.set(binding.name, to)
    byFile.set(from, known)
    return [[binding.name, to] as const]
  })
}

/** The closures of a world, and those of what its libraries open by themselves. */
export function allClosures(world: ResolvedWorld): readonly Closure[] {
  return [...world.closures, ...world.opened().flatMap(({ closure }) => (closure === null ? [] : [closure]))]
}
