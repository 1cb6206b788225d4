/** Makes a graph from a seed: libraries with random needs, names, run paths and places. */
import { DF_1_NODEFLIB, DF_1_NOOPEN } from '../../../src/domain/object.ts'
import type { Need } from '../../../src/domain/object.ts'
import type { ElfSpec } from '../../../test/support/elf/spec.ts'
import { cacheOf, changesOf } from './cache-steps.ts'
import { decoy } from './decoys.ts'
import { preloadFile, runsOf } from './runs.ts'
import { relativeOf, versionsOf } from './versions.ts'
import type { DecoyKind } from './decoys.ts'
import type { Content, Graph } from './graph.ts'
import { LOADER, SYSTEM_FOLDER } from './graph.ts'
import {
  elementFor,
  FOLDERS,
  ODD_FOLDERS,
  oddElement,
  relative,
  SUBFOLDERS,
  SYSTEM_FOLDERS,
  WORKING_FOLDERS,
} from './places.ts'
import { Random } from './random.ts'

const DF_1_PIE = 0x08000000

/** One library name and the folders that hold a file under it. */
interface Library {
  readonly index: number
  readonly name: string
  readonly soname: string | null
  readonly folders: string[]
}

/** What a graph is about: each theme makes some traits likely. */
const THEMES = [
  'decoys',
  'fatal',
  'hwcaps',
  'system',
  'cache',
  'preload',
  'filters',
  'names',
  'versions',
  'links',
] as const
type Theme = (typeof THEMES)[number]

/** The graph of a seed for one release (a name that the runner knows). */
export function makeGraph(seed: number, release: string): Graph {
  return new GraphMaker(seed, release).make()
}

export class GraphMaker {
  readonly random: Random
  readonly seed: number
  readonly release: string
  readonly files: Map<string, Content> = new Map<string, Content>()
  readonly libraries: Library[] = []
  readonly cwd: string
  /** The level that some runs have their processor lowered to; null for none. */
  readonly lowered: 1 | 2 | null
  readonly themes: ReadonlySet<Theme>
  readonly mains: string[] = []
  /** What programs name as their loader; a library that named it otherwise would load it twice. */
  readonly interpreter: string
  #merged = false

  constructor(seed: number, release: string) {
    this.seed = seed
    this.release = release
    this.random = new Random(seed)
    this.cwd = this.random.pick(WORKING_FOLDERS)
    this.interpreter = this.random.chance(0.1) ? '/lib/../lib64/ld-linux-x86-64.so.2' : LOADER
    this.themes = new Set(this.random.sample(THEMES, this.random.int(2, 5)))
    this.lowered = this.themes.has('hwcaps') && this.random.chance(0.4) ? this.random.pick([1, 2] as const) : null
  }

  make(): Graph {
    this.#system()
    this.#name()
    for (const library of this.libraries) {
      for (const folder of library.folders) this.put(`${folder}/${library.name}`, this.#library(library, folder))
    }
    this.#programs()
    if (this.themes.has('hwcaps')) this.#subfolders()
    if (this.themes.has('decoys'))
      this.#decoys(
        ['skipped', 'skipped', 'ending', 'taken', 'release', 'behind-file', 'behind-file', 'behind-file'],
        this.random.int(2, 6),
      )
    if (this.themes.has('fatal')) this.#decoys(['fatal'], this.random.int(3, 9))
    if (this.themes.has('links')) this.#links()
    if (this.themes.has('cache')) this.#otherAbis()
    const cache = cacheOf(this)
    if (this.themes.has('preload') && this.random.chance(0.6)) this.put('/etc/ld.so.preload', preloadFile(this))
    const runs = runsOf(this)
    return {
      seed: this.seed,
      release: this.release,
      files: [...this.files],
      cache,
      changes: cache === null ? [] : changesOf(this),
      runs,
    }
  }

  /** Puts content at a path, unless something is there already or a file stands in the way. */
  put(wanted: string, content: Content): boolean {
    const path = this.real(wanted)
    if (this.files.has(path) || this.#blocked(path)) return false
    this.files.set(path, content)
    return true
  }

  /** The same path past the links that make /lib a part of /usr. */
  real(path: string): string {
    return this.#merged && /^\/lib(64)?\//.test(path) ? `/usr${path}` : path
  }

  #blocked(path: string): boolean {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const above = this.files.get(path.slice(0, at))
      if (above !== undefined && above.kind !== 'folder' && above.kind !== 'link') return true
    }
    return [...this.files.keys()].some((other) => other.startsWith(`${path}/`))
  }

  #system(): void {
    if (this.random.chance(0.5)) {
      this.put('/usr/lib64', { kind: 'folder' })
      this.put('/usr/lib', { kind: 'folder' })
      this.put('/lib', { kind: 'link', target: 'usr/lib' })
      this.put('/lib64', { kind: 'link', target: 'usr/lib64' })
      this.#merged = true
    }
    this.put(LOADER, { kind: 'loader' })
    this.put(`${SYSTEM_FOLDER}/libc.so.6`, { kind: 'libc' })
    for (const folder of ['/proc', '/etc', '/var/cache/ldconfig', '/usr/lib', '/usr/lib/x86_64-linux-gnu', ...FOLDERS])
      this.put(folder, { kind: 'folder' })
    for (const [path, content] of ODD_FOLDERS) if (content !== null) this.put(path, content)
    for (const folder of WORKING_FOLDERS)
      this.put(`${folder === '/' ? '' : folder}/loop`, { kind: 'link', target: 'loop' })
  }

  #name(): void {
    const count = this.random.weighted([
      [5, this.random.int(3, 8)],
      [3, this.random.int(9, 25)],
    ])
    const homes = this.#homes()
    for (let index = 0; index < count; index += 1) {
      const name = `lib${letters(index)}.so.${this.random.int(1, 2)}`
      const soname = this.random.weighted<() => string | null>([
        [7, () => name],
        [this.themes.has('names') ? 4 : 1, () => `libso${letters(index)}.so.1`],
        [1, () => null],
        [this.themes.has('names') ? 1 : 0.2, () => `lib${letters(this.random.int(0, count - 1))}.so.1`],
        [0.1, () => ''],
      ])()
      const folders = this.random.sample(
        homes,
        this.random.weighted([
          [6, 1],
          [3, 2],
          [1, 3],
        ]),
      )
      this.libraries.push({ index, name, soname, folders })
    }
  }

  /** Few folders at a time, so that search lists and places meet. */
  #homes(): readonly string[] {
    const system = this.random.sample(SYSTEM_FOLDERS, this.themes.has('system') ? 3 : 1)
    const homes = [...this.random.sample(FOLDERS, this.random.int(2, 5)), ...system]
    if (this.themes.has('cache')) homes.push('/srv/conf1', '/srv/conf2')
    return homes
  }

  #library(library: Library, folder: string): Content {
    return {
      kind: 'elf',
      spec: { ...this.#object(library.index, folder), ...this.#quirks(), ...this.#naming(library) },
    }
  }

  #naming(library: Library): ElfSpec {
    return library.soname === null ? {} : { soname: library.soname }
  }

  #quirks(): ElfSpec {
    const { random } = this
    let flags1 = 0
    if (random.chance(0.08)) flags1 |= DF_1_NODEFLIB
    if (random.chance(0.04)) flags1 |= DF_1_NOOPEN
    return {
      ...(flags1 === 0 ? {} : { flags1 }),
      // The tunable leaves the ISA level of notes alone.
      ...(this.lowered === null && random.chance(0.03)
        ? { properties: { 0xc0008002: random.pick([1, 3, 7, 15]) } }
        : {}),
      ...(random.chance(0.03) ? { executableStack: true } : {}),
      ...(random.chance(0.02) ? { abiTag: { kernel: [99, 0, 0] } as const } : {}),
      ...(random.chance(0.02) ? { relr: true } : {}),
    }
  }

  /** Needs and run paths of an object in a folder; `index` is its library's, -1 for a program. */
  #object(index: number, folder: string): ElfSpec {
    const { random } = this
    const count =
      index < 0
        ? random.int(1, 4)
        : random.weighted([
            [4, 0],
            [4, 1],
            [4, 2],
            [2, 3],
            [1, 5],
          ])
    const needs = Array.from({ length: count }, () => this.#need(index, folder))
    const wanted = needs.map((need) => (typeof need === 'string' ? need : need.name))
    if (this.themes.has('versions') && random.chance(0.04)) {
      return { needs: [...needs, 'libc.so.6'], ...this.#runPaths(index, folder, wanted), ...relativeOf(this) }
    }
    return { needs, ...this.#runPaths(index, folder, wanted), ...versionsOf(this, index, wanted) }
  }

  #need(index: number, folder: string): string | Need {
    const { random } = this
    const name = this.#needName(index, folder)
    // Filters that name each other in a circle make the loader go round until it crashes: few of them will do.
    const circle = this.libraries.slice(0, Math.max(0, index + 1)).some((library) => library.name === name)
    const filter = this.themes.has('filters') && random.chance(circle ? 0.01 : 0.25)
    // The loader in front of the program's own search list: glibc then looks for itself behind the end of that list
    // (elf/rtld.c dl_main, "Insert the link map entry back"), and nobody can say what it finds.
    const undecided = index < 0 && name.includes('ld-linux')
    if (filter && !undecided) {
      return { kind: random.pick(['filter', 'auxiliary', 'auxiliary'] as const), name }
    }
    return name
  }

  #needName(index: number, folder: string): string {
    const { random } = this
    // Mostly to later libraries, so that graphs are deep; sometimes back, so that they have cycles.
    const later = this.libraries.slice(Math.max(0, index + 1))
    const library = random.pick(later.length > 0 && random.chance(0.85) ? later : this.libraries)
    const home = random.pick(library.folders)
    return random.weighted<() => string>([
      [60, () => library.name],
      [8, () => library.soname ?? library.name],
      [6, () => 'libc.so.6'],
      [2, () => 'ld-linux-x86-64.so.2'],
      [1.5, () => `libmissing${random.int(0, 3)}.so.1`],
      [2, () => `${home}/${library.name}`],
      [2, () => `${random.pick(['$ORIGIN', '${ORIGIN}'])}${relative(folder, home)}/${library.name}`],
      [1, () => `${home.replace('lib/x86_64-linux-gnu', '$LIB').replace(/x86_64$/, '${PLATFORM}')}/${library.name}`],
      [1, () => `.${relative(this.cwd, home)}/${library.name}`],
      [0.5, () => `$ORIGIN_/${library.name}`],
      [0.3, () => ''],
      [0.3, () => this.interpreter],
      [0.4, () => (this.mains.length > 0 ? random.pick(this.mains) : library.name)],
      [0.2, () => 'x'.repeat(300)],
    ])()
  }

  #runPaths(index: number, folder: string, wanted: readonly string[]): ElfSpec {
    const { random } = this
    const likely = index < 0 ? 0.9 : 0.65
    if (!random.chance(likely)) return {}
    const list = (): string => this.pathList(folder, wanted, ':')
    return random.weighted<() => ElfSpec>([
      [5, () => ({ rpath: list() })],
      [5, () => ({ runpath: list() })],
      [1.2, () => ({ rpath: list(), runpath: list() })],
      [0.4, () => ({ rpath: '' })],
      [0.4, () => ({ runpath: '' })],
      [0.3, () => ({ rpath: list(), runpath: '' })],
    ])()
  }

  /** A path list, most elements of which lead to folders that hold something wanted. */
  pathList(folder: string, wanted: readonly string[], separators: string): string {
    const { random } = this
    const useful = this.libraries
      .filter((library) => wanted.includes(library.name))
      .flatMap((library) => library.folders)
    const all = this.libraries.flatMap((library) => library.folders)
    const elements = Array.from(
      {
        length: random.weighted([
          [3, 1],
          [4, 2],
          [3, 3],
          [1, 5],
        ]),
      },
      () =>
        random.weighted<() => string>([
          [10, () => elementFor(random, random.pick(useful.length > 0 ? useful : all), { folder, cwd: this.cwd })],
          [3, () => elementFor(random, random.pick(all), { folder, cwd: this.cwd })],
          [1, () => elementFor(random, random.pick(FOLDERS), { folder, cwd: this.cwd })],
          [1, () => oddElement(random)],
        ])(),
    )
    let text = ''
    for (const element of elements)
      text += (text === '' ? '' : (separators[random.int(0, separators.length - 1)] ?? ':')) + element
    return text
  }

  #programs(): void {
    const { random } = this
    const folders = ['/opt/app/bin', '/opt/app/bin', '/opt/dep1/lib', '/job', '/usr/bin']
    const count = random.int(1, 3)
    for (let i = 0; i < count; i += 1) {
      const folder = random.pick(folders)
      const path = `${folder}/prog${i}`
      const fixed = random.chance(0.25)
      const interpreter = random.chance(0.02) ? '/lib64/ld-absent.so.2' : this.interpreter
      const spec: ElfSpec = {
        ...this.#object(-1, folder),
        ...this.#quirks(),
        interpreter,
        ...(fixed ? { type: 'exec' as const } : { flags1: DF_1_PIE | (random.chance(0.1) ? DF_1_NODEFLIB : 0) }),
        ...(random.chance(0.03) ? { audit: 'libauditor.so' } : {}),
      }
      if (this.put(path, { kind: 'elf', spec })) this.mains.push(path)
    }
    if (random.chance(0.3) && this.mains.length > 0) {
      const link = '/usr/bin/started'
      if (this.put(link, { kind: 'link', target: random.pick(this.mains) })) this.mains.push(link)
    }
  }

  #subfolders(): void {
    const { random } = this
    for (let i = random.int(3, 14); i > 0; i -= 1) {
      const library = random.pick(this.libraries)
      const configured = this.themes.has('cache') && random.chance(0.6) ? ['/srv/conf1', '/srv/conf2'] : library.folders
      const folder = `${random.pick(configured)}/${random.pick(SUBFOLDERS)}`
      const content = random.chance(0.1)
        ? decoy(random, random.pick(['skipped', 'ending', 'fatal']), library.name)
        : this.#library(library, folder)
      this.put(`${folder}/${library.name}`, content)
    }
  }

  /** Libraries of another machine under the same names, which the cache keeps apart. */
  #otherAbis(): void {
    const { random } = this
    for (const library of random.sample(this.libraries, random.int(1, 4))) {
      const folder = random.pick(['/srv/conf1', '/srv/conf2', '/usr/local/lib'])
      this.put(`${folder}/${library.name}`, {
        kind: 'elf',
        spec: { class: 32, soname: library.name, needs: ['libc.so.6'] },
      })
    }
  }

  #decoys(kinds: readonly DecoyKind[], count: number): void {
    const { random } = this
    for (let i = 0; i < count; i += 1) {
      const library = random.pick(this.libraries)
      // Often in a folder that some object looks into, or instead of the library itself.
      const searched = this.libraries.flatMap((other) => other.folders)
      const folder = random.pick(random.chance(0.7) ? searched : [...FOLDERS, ...SYSTEM_FOLDERS])
      if (random.chance(0.2)) this.files.delete(this.real(`${folder}/${library.name}`))
      this.put(`${folder}/${library.name}`, decoy(random, random.pick(kinds), library.name))
    }
  }

  /** More names for files that are there. */
  #links(): void {
    const { random } = this
    for (let i = random.int(2, 6); i > 0; i -= 1) {
      const library = random.pick(this.libraries)
      const target = `${random.pick(library.folders)}/${library.name}`
      if (this.files.get(this.real(target))?.kind !== 'elf') continue
      const name = random.chance(0.6) ? random.pick(this.libraries).name : `${library.name}.0.1`
      const folder = random.pick([...FOLDERS, ...library.folders, ...SYSTEM_FOLDERS])
      const content = random.weighted<() => Content>([
        [2, () => ({ kind: 'hard', of: this.real(target) })],
        [2, () => ({ kind: 'link', target })],
        [2, () => ({ kind: 'link', target: `${relative(folder, '/').slice(1)}${target}` })],
      ])()
      this.put(`${folder}/${name}`, content)
    }
  }
}

function letters(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : `a${String.fromCharCode(97 + index - 26)}`
}
