/** What libraries of a world open by themselves, as far as that is known: found or not, and what they load in turn. */
import type { Closure } from '../domain/closure.ts'
import type { KnownOpening, LibraryOpens } from '../domain/opening.ts'
import type { DlopenNote, ElfObject } from '../domain/object.ts'
import type { World } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'
import { resolveClosure } from '../loader/closure.ts'
import { globTest } from '../policy/glob.ts'
import { libraryOpens } from '../rules/knowledge/opens.ts'
import { openedFile } from '../system/opened-file.ts'
import type { OwnSearch } from './own-search.ts'
import type { Ownership } from './ownership.ts'

export interface OpenedOptions {
  readonly world: World
  /** Closures by root; programs first, so that what a library opens is searched in a program that uses it. */
  readonly closures: readonly Closure[]
  /** The program in whose process a root was opened. */
  readonly insides: ReadonlyMap<string, string>
  readonly search: OwnSearch
  /** The package that owns a file, null for the system. */
  readonly ownership: Ownership
  /** Value of a variable of the context. */
  readonly variable: (name: string) => string | null
}

const BY_LIBRARY: ReadonlyMap<string, readonly LibraryOpens[]> = grouped()

function grouped(): ReadonlyMap<string, readonly LibraryOpens[]> {
  const known = new Map<string, LibraryOpens[]>()
  for (const item of libraryOpens) {
    const list = known.get(item.library)
    if (list === undefined) known.set(item.library, [item])
    else list.push(item)
  }
  return known
}

interface Process {
  readonly closure: Closure
  readonly inside: string | null
}

/** Each library once, in the first process that has it; what is opened opens further files in turn. */
export function knownOpenings(options: OpenedOptions): readonly KnownOpening[] {
  const { world, insides } = options
  const openings: KnownOpening[] = []
  const seen = new Set<string>()
  const queue: Process[] = options.closures.map((closure) => ({ closure, inside: insides.get(closure.root) ?? null }))
  // The queue grows while it is walked.
  for (const process of queue) {
    for (const { file, name } of process.closure.objects) {
      if (file === null || seen.has(file)) continue
      const known = opensOf(options, file, name)
      if (known.length === 0) continue
      seen.add(file)
      for (const opens of known) {
        const found = findFile(options, process, file, opens)
        const isLibrary = opens.folders.length === 0 || (found?.endsWith('.so') ?? false)
        const program = process.inside ?? process.closure.root
        const closure =
          found === null || !isLibrary ? null : resolveClosure(world, found, { inside: startable(world, program) })
        openings.push({ opens, library: file, root: process.closure.root, file: found, closure })
        if (closure !== null) queue.push({ closure, inside: startable(world, program) })
      }
    }
  }
  return openings
}

/** What a library is known to open, and what one of the system says itself; of a package's own, RES006 tells. */
function opensOf({ world, ownership }: OpenedOptions, file: string, name: string): readonly LibraryOpens[] {
  const object = world.read(file).object
  const soname = object?.soname ?? name
  const known = (BY_LIBRARY.get(soname) ?? []).filter(
    ({ unless, defines }) => !needsLike(object, unless) && (defines === null || isDefined(world, file, defines)),
  )
  const notes = (object?.dlopen ?? []).filter(({ priority }) => priority === 'required')
  return notes.length === 0 || ownership(file) !== null
    ? known
    : [...known, ...notes.map((note) => noted(soname, note))]
}

function noted(library: string, { sonames, description, feature }: DlopenNote): LibraryOpens {
  const what = description ?? feature
  return {
    library,
    any: sonames,
    unless: null,
    defines: null,
    folders: [],
    variable: null,
    keep: [],
    tree: false,
    required: true,
    reason: `its .note.dlopen calls it required${what === null ? '' : ` (${what})`}`,
    source: '.note.dlopen',
  }
}

function isDefined(world: World, file: string, symbol: string): boolean {
  return world.definitions(file, symbol).some(({ defined }) => defined)
}

function needsLike(object: ElfObject | null, glob: string | null): boolean {
  return glob !== null && object?.needs.some(({ name }) => globTest(glob)(name)) === true
}

/** A program; a library that stands alone opens nothing in a process of its own. */
function startable(world: World, path: string): string | null {
  return world.read(path).object?.interpreter == null ? null : path
}

/** The first name that is there, as a path of the world. */
function findFile(
  { world, search, variable }: OpenedOptions,
  { closure, inside }: Process,
  library: string,
  opens: LibraryOpens,
): string | null {
  if (opens.folders.length > 0) {
    return openedFile(world, library, opens, opens.variable === null ? null : variable(opens.variable))
  }
  const loaded = closure.objects.find(({ name, file }) => file !== null && opens.any.includes(name))
  if (loaded?.file != null) return loaded.file
  for (const name of opens.any) {
    const won = search.trail(closure.root, inside, library, name).find(({ verdict }) => verdict === 'won')
    if (won === undefined) continue
    const found = world.lookup(won.path)
    if (!failed(found)) return found.path
  }
  return null
}
