/** Where copies of libraries come from: a system is asked for files by name, and for what these load in turn. */
import type { ResolvedWorld } from '../domain/audit.ts'
import type { Closure } from '../domain/closure.ts'
import type { ElfHeader, ElfReading } from '../domain/object.ts'
import type { GraftEntry } from '../domain/repair.ts'
import type { World } from '../domain/system.ts'
import { standardFolders } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'
import type { Tree } from '../domain/tree.ts'

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
  /** The package that a file is from, null where nothing tells. */
  owner(file: string): string | null
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
    label: 'the host',
    tree: world.system.tree,
    find: (name, like) => {
      const bound = loads().byName.get(name)
      return bound !== undefined && isLike(world.read(bound), like) ? bound : searched(world, [], name, like)
    },
    loads: (file) => loads().byFile.get(file) ?? new Map(),
    read: (file) => world.read(file),
    owner: (file) => host.ownerOf(file)?.name ?? null,
  }
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
    for (const binding of closure.bindings) {
      const from = closure.objects[binding.from]?.file ?? null
      const to = closure.objects[binding.to]?.file ?? null
      if (from === null || to === null || binding.optional) continue
      const known = byFile.get(from)
      if (known === undefined) byFile.set(from, new Map([[binding.name, to]]))
      else if (!known.has(binding.name)) known.set(binding.name, to)
      if (!byName.has(binding.name) && !isOwned(to)) byName.set(binding.name, to)
    }
  }
  return { byFile, byName }
}

/** The closures of a world, and those of what its libraries open by themselves. */
export function allClosures(world: ResolvedWorld): readonly Closure[] {
  return [...world.closures, ...world.opened().flatMap(({ closure }) => (closure === null ? [] : [closure]))]
}
