/** Gathers what the packages of a context hold: objects, scripts, library links, and what could not be read. */
import type { GatherCounts, LibraryLink, PackageObject, PackageText, Script, UnreadFile } from '../domain/audit.ts'
import type { Context, Package } from '../domain/context.ts'
import { packageId, variableValue } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import type { World } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'
import { anyGlob } from '../policy/glob.ts'
import type { Progress } from './audit-options.ts'
import type { Ownership } from './ownership.ts'
import { ownershipOf } from './ownership.ts'
import { isUnopened, looksLikeLibrary, readHead, textKind, unreadReason } from './payload-files.ts'
import type { PayloadObject, PayloadObjects, PayloadObjectsOf } from './payload-objects.ts'
import { payloadObject } from './payload-objects.ts'
import { roleOf } from './roles.ts'
import { parseShebang } from './shebang.ts'
import type { PayloadEntry } from './walk.ts'
import { walkPayload } from './walk.ts'

export interface GatherOptions {
  readonly context: Context
  /** Where files are read: any world that holds the packages. */
  readonly reader: World
  /** The worlds in which links are followed. */
  readonly worlds: readonly World[]
  readonly privateDirs: readonly string[]
  readonly ignorePaths: readonly string[]
  /** Globs over paths relative to a payload root, for what policy declares as plugins. */
  readonly pluginPaths: readonly string[]
  readonly progress: ((step: Progress) => void) | null
  /** The packages that are looked through; of the others only what they may be asked for. Null for all. */
  readonly focus: Focus
  /** Only objects and links are wanted, and others have read them before; absent for all that packages hold. */
  readonly payloads?: PayloadObjects
}

/** Whether a package is the subject of the question. */
export type Focus = ((item: Package) => boolean) | null

export interface Gathered {
  readonly objects: readonly PackageObject[]
  readonly unread: readonly UnreadFile[]
  readonly scripts: readonly Script[]
  readonly links: readonly LibraryLink[]
  readonly texts: readonly PackageText[]
  readonly counts: GatherCounts
  readonly ownership: Ownership
  readonly faults: readonly Fault[]
}

interface Found {
  readonly owner: Package
  readonly found: PayloadObject
}

/** Walks and reads every package. Output is sorted by the package's place in the context, then by path. */
export function gather(options: GatherOptions): Gathered {
  const collector = new Collector(options)
  const { packages } = options.context
  packages.forEach((item, index) => {
    options.progress?.({
      stage: 'gather',
      label: packageId(item),
      done: index,
      total: packages.length,
      objects: collector.objects,
    })
    collector.addPackage(item)
  })
  return collector.finish()
}

class Collector {
  readonly #options: GatherOptions
  readonly #libraryFolders: ReadonlySet<string>
  readonly #pythonFolders: ReadonlySet<string>
  readonly #commandFolders: ReadonlySet<string>
  readonly #isPrivate: (relative: string) => boolean
  readonly #ignores: (relative: string) => boolean
  readonly #isPlugin: (relative: string) => boolean
  readonly #found: Found[] = []
  readonly #unread: UnreadFile[] = []
  readonly #scripts: Script[] = []
  readonly #links: LibraryLink[] = []
  readonly #texts: PackageText[] = []
  readonly #faults: Fault[] = []
  readonly #roots: [string, Package][] = []
  readonly #unopened = new Map<string, number>()
  #files = 0
  #ignored = 0

  constructor(options: GatherOptions) {
    this.#options = options
    this.#libraryFolders = this.#folders('LD_LIBRARY_PATH')
    this.#pythonFolders = this.#folders('PYTHONPATH')
    this.#commandFolders = this.#folders('PATH')
    this.#isPrivate = anyGlob(options.privateDirs.map((glob) => (glob.includes('**') ? glob : `**/${glob}/**`)))
    this.#ignores = anyGlob(options.ignorePaths)
    this.#isPlugin = anyGlob(options.pluginPaths)
  }

  get objects(): number {
    return this.#found.length
  }

  addPackage(owner: Package): void {
    const { focus, reader, payloads } = this.#options
    if (payloads !== undefined) {
      this.#addObjects(payloads.of(owner, reader, this.#ignores), owner)
      return
    }
    const inFocus = focus === null || focus(owner)
    const payload = walkPayload(reader.tree, owner, this.#ignores, inFocus ? null : this.#publicFolders(owner))
    for (const root of payload.roots) this.#roots.push([root, owner])
    this.#ignored += payload.ignored
    this.#faults.push(...payload.faults)
    for (const entry of payload.entries) {
      if (!inFocus && !this.#mayBeAsked(entry, owner)) continue
      if (entry.kind === 'link') this.#addLink(entry, owner)
      else this.#addFile(entry, owner)
    }
  }

  #addObjects({ roots, objects, links, faults }: PayloadObjectsOf, owner: Package): void {
    for (const root of roots) this.#roots.push([root, owner])
    for (const found of objects) this.#found.push({ owner, found })
    for (const entry of links) this.#addLink(entry, owner)
    this.#faults.push(...faults)
  }

  finish(): Gathered {
    const needed = new Set<string>()
    for (const { found } of this.#found) for (const need of found.object.needs) needed.add(need.name)
    const objects = this.#found.map((found) => this.#classify(found, needed))
    const place = new Map(this.#options.context.packages.map((item, index) => [item, index]))
    const sorted = <T extends { readonly owner: Package; readonly path: string }>(items: readonly T[]): T[] =>
      [...items].sort(
        (a, b) =>
          (place.get(a.owner) ?? 0) - (place.get(b.owner) ?? 0) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0),
      )
    return {
      objects: sorted(objects),
      unread: sorted(this.#unread),
      scripts: sorted(this.#scripts),
      links: sorted(this.#links),
      texts: sorted(this.#texts),
      counts: {
        files: this.#files,
        objects: objects.length,
        unopened: [...this.#unopened].sort(([a], [b]) => (a < b ? -1 : 1)),
        ignored: this.#ignored,
      },
      ownership: ownershipOf(this.#roots),
      faults: this.#faults,
    }
  }

  /** Folders of a package that others take libraries and programs from. */
  #publicFolders(owner: Package): ReadonlySet<string> {
    const folders = new Set([...this.#libraryFolders, ...this.#commandFolders])
    for (const root of owner.payload) {
      for (const name of ['lib', 'lib64']) {
        const found = this.#options.reader.lookup(`${root}/${name}`)
        if (!failed(found)) folders.add(found.path)
      }
    }
    return folders
  }

  /** Libraries, and the programs that may open plugins. */
  #mayBeAsked({ name, folder }: PayloadEntry, owner: Package): boolean {
    if (looksLikeLibrary(name)) return true
    return this.#commandFolders.has(folder) && (owner.tools.includes(name) || /^python[\d.]*$/.test(name))
  }

  /** Folders named by a path variable of the context, without links. */
  #folders(variable: string): ReadonlySet<string> {
    const value = variableValue(this.#options.context.environment, variable) ?? ''
    const folders = new Set<string>()
    for (const folder of value.split(variable === 'LD_LIBRARY_PATH' ? /[:;]/ : ':')) {
      const found = folder.startsWith('/') ? this.#options.reader.lookup(folder) : null
      if (found !== null && !failed(found)) folders.add(found.path)
    }
    return folders
  }

  #addFile(entry: PayloadEntry, owner: Package): void {
    this.#files += 1
    const { path, relative, name } = entry
    const isCommand = this.#commandFolders.has(entry.folder) || /(?:^|\/)s?bin$/.test(entry.relativeFolder)
    if (isCommand) {
      const shebang = parseShebang(readHead(this.#options.reader.tree, path))
      if (shebang !== null) {
        this.#scripts.push({ path, owner, relative, ...shebang })
        return
      }
    }
    const suffix = isUnopened(name)
    if (suffix !== null) {
      this.#unopened.set(suffix, (this.#unopened.get(suffix) ?? 0) + 1)
      const kind = textKind(suffix)
      if (kind !== null) this.#texts.push({ path, owner, relative, kind })
      return
    }
    const reading = this.#options.reader.read(path)
    const faults = unreadReason(this.#options.reader.tree, path, name, reading)
    if (faults.length > 0) this.#unread.push({ path, owner, relative, faults })
    const found = payloadObject(entry, reading)
    if (found !== null) this.#found.push({ owner, found })
  }

  #addLink(entry: PayloadEntry, owner: Package): void {
    if (!looksLikeLibrary(entry.name)) return
    const { worlds, reader } = this.#options
    const { path, relative } = entry
    const answers = (worlds.length === 0 ? [reader] : worlds).map((world) => ({ world, found: world.lookup(path) }))
    const there = answers.map(({ found }) => found).find((found) => !failed(found))
    if (there !== undefined && !failed(there) && there.kind !== 'file') return
    this.#links.push({
      path,
      owner,
      relative,
      target: reader.tree.link(path) ?? '',
      public: this.#isPublic(entry),
      file: there === undefined || failed(there) ? null : there.path,
      dangling: answers.filter(({ found }) => failed(found)).map(({ world }) => world.name),
    })
  }

  #isPublic({ folder, relative, relativeFolder }: PayloadEntry): boolean {
    const named = this.#libraryFolders.has(folder) || relativeFolder === 'lib' || relativeFolder === 'lib64'
    return named && !this.#isPrivate(relative)
  }

  #classify({ owner, found }: Found, needed: ReadonlySet<string>): PackageObject {
    const { entry, reading, object } = found
    const { path, relative, name, folder } = entry
    const onLibraryPath = this.#libraryFolders.has(folder)
    const isPublic = this.#isPublic(entry)
    const role = roleOf({
      name,
      relative,
      folder,
      object,
      public: isPublic,
      onLibraryPath,
      needed: needed.has(object.soname ?? name) || needed.has(name),
      pythonFolders: this.#pythonFolders,
      declaredPlugin: this.#isPlugin(relative),
    })
    const library = role === 'library'
    return {
      path,
      owner,
      relative,
      reading,
      public: library && isPublic,
      onLibraryPath: library && onLibraryPath,
      role,
    }
  }
}
