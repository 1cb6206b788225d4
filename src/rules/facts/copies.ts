/** Which objects of a context answer to a soname: its public copies, and every file that bears the name. */
import type { ContextAudit, LibraryLink, PackageObject } from '../../domain/audit.ts'
import type { Package } from '../../domain/context.ts'

/** One file that answers to a name. */
export interface Copy {
  readonly object: PackageObject
  readonly owner: Package
  /** The path by which a search would open it: a link, or the file itself. */
  readonly path: string
}

export interface Copies {
  /** Public copies of a name for the machine of `like` (any machine when null), in the order of the context. */
  publicCopies(name: string, like: PackageObject | null): readonly Copy[]
  /** Every file of the context with that soname or file name, private ones too. */
  anyCopies(name: string, like: PackageObject | null): readonly Copy[]
  /** Names with public copies in more than one package, sorted. */
  readonly shared: readonly string[]
  /** A package's object by its path in the world. */
  object(path: string): PackageObject | null
}

/** Indexes the objects of one context by the names a search or a link map knows them by. */
export function indexCopies(audit: ContextAudit): Copies {
  const objects = new Map(audit.objects.map((object) => [object.path, object]))
  const publicByName = new Map<string, Copy[]>()
  const anyByName = new Map<string, Copy[]>()
  for (const object of audit.objects) {
    if (object.role === 'program') continue
    const soname = object.reading.object?.soname ?? null
    const file = baseName(object.path)
    const copy = { object, owner: object.owner, path: object.path }
    add(anyByName, soname ?? file, copy)
    if (soname !== null && soname !== file) add(anyByName, file, copy)
    if (object.public) add(publicByName, soname ?? file, copy)
  }
  for (const link of audit.links) addLink(link)
  const shared = [...publicByName]
    .filter(([, copies]) => new Set(copies.map((copy) => copy.owner)).size > 1)
    .map(([name]) => name)
    .sort()
  return {
    publicCopies: (name, like) => sameMachine(publicByName.get(name), like),
    anyCopies: (name, like) => sameMachine(anyByName.get(name), like),
    shared,
    object: (path) => objects.get(path) ?? null,
  }

  /** A link in a public folder makes the file it leads to public under the link's name. */
  function addLink(link: LibraryLink): void {
    const object = link.file === null ? undefined : objects.get(link.file)
    if (object === undefined || object.role === 'program') return
    const name = baseName(link.path)
    const copy = { object, owner: object.owner, path: link.path }
    if (link.public) add(publicByName, name, copy)
    add(anyByName, name, copy)
  }
}

function add(index: Map<string, Copy[]>, name: string, copy: Copy): void {
  const known = index.get(name)
  if (known === undefined) index.set(name, [copy])
  else if (!known.some((other) => other.object === copy.object)) known.push(copy)
}

function sameMachine(copies: readonly Copy[] | undefined, like: PackageObject | null): readonly Copy[] {
  if (copies === undefined) return []
  if (like === null) return copies
  const wanted = like.reading.header
  return copies.filter((copy) => {
    const header = copy.object.reading.header
    return header?.machine === wanted?.machine && header?.class === wanted?.class
  })
}

/** The last component of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The path without its last component. */
export function folderName(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash <= 0 ? '/' : path.slice(0, slash)
}
