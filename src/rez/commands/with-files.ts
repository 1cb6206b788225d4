/** The environment of commands that ask for files: what lies in the packages of the context is looked up. */
import { posix } from 'node:path'
import { DEFINITION_LIMIT } from '../repository/definition-file.ts'
import { environmentOf } from './environment.ts'
import { isFault } from '../repository/files.ts'
import { readModule } from '../source/source-module.ts'
import { withParser } from '../python/with-parser.ts'
import type { EnvironmentInput, EnvironmentResult } from './environment.ts'
import type { PackageFiles } from '../repository/files.ts'
import type { SourceModule } from '../source/source-module.ts'

/** Evaluations at most: each finds further questions only behind the answers of the one before. */
const ROUNDS = 12
/** Questions at most. */
const MAX_ASKED = 500

/**
 * As {@link environmentOf}; `os.path.exists`, `os.listdir` and imports are answered for paths in the packages of the
 * context, which are the same wherever it runs. Other paths belong to the machine, and stay unknown.
 */
export async function environmentWithFiles(
  input: EnvironmentInput,
  files: Pick<PackageFiles, 'kind' | 'list' | 'text'>,
): Promise<EnvironmentResult> {
  const known = new KnownFiles(input, files)
  for (let round = 0; ; round += 1) {
    const result = environmentOf({
      ...input,
      exists: (path, kind) => known.exists(path, kind),
      list: (path) => known.list(path),
      module: (path) => known.module(path),
    })
    if (round >= ROUNDS || !(await known.read())) return withOrder(result, known)
  }
}

/** Rez lists folders in the order of the disk. */
function withOrder(result: EnvironmentResult, known: KnownFiles): EnvironmentResult {
  const notes = known.several().map((folder) => {
    return `os.listdir(${folder}) has no order of its own: its names are taken in the order of the alphabet`
  })
  return notes.length === 0 ? result : { ...result, notes: [...result.notes, ...notes] }
}

type Kind = Awaited<ReturnType<PackageFiles['kind']>>

/** Answers that are there; those that are not are asked for, all at a time. */
class KnownFiles {
  readonly #files: Pick<PackageFiles, 'kind' | 'list' | 'text'>
  readonly #folders: readonly string[]
  readonly #kinds = new Map<string, Kind>()
  readonly #lists = new Map<string, readonly string[] | 'missing'>()
  readonly #modules = new Map<string, SourceModule | 'missing'>()
  #asked: (() => Promise<void>)[] = []

  constructor({ packages }: EnvironmentInput, files: Pick<PackageFiles, 'kind' | 'list' | 'text'>) {
    this.#files = files
    const folders = packages.flatMap(({ package: item }) => [item.base, item.root, ...item.payload])
    this.#folders = [...new Set(folders)].filter((folder) => folder !== '')
  }

  exists(path: string, kind: 'any' | 'file' | 'folder'): boolean | null {
    const found = this.#answer(this.#kinds, path, (place) => this.#files.kind(place))
    if (found === undefined) return null
    return kind === 'any' ? found !== null : found === kind
  }

  list(folder: string): readonly string[] | 'missing' | null {
    return (
      this.#answer(this.#lists, folder, async (place) => {
        const entries = await this.#files.list(place)
        return isFault(entries) ? 'missing' : entries.map((entry) => entry.name)
      }) ?? null
    )
  }

  module(file: string): SourceModule | 'missing' | null {
    return (
      this.#answer(this.#modules, file, async (place) => {
        const text = await this.#files.text(place, DEFINITION_LIMIT)
        if (!isFault(text)) return withParser((parse) => readModule(text, place, parse))
        return text.kind === 'missing' ? 'missing' : { file: place, reason: `${place} ${text.message}` }
      }) ?? null
    )
  }

  /** Folders that were listed and have more than one child. */
  several(): readonly string[] {
    return [...this.#lists].flatMap(([folder, names]) => (names !== 'missing' && names.length > 1 ? [folder] : []))
  }

  /** Reads what was asked for; false where that is nothing. */
  async read(): Promise<boolean> {
    const asked = this.#asked
    this.#asked = []
    if (this.#kinds.size + this.#lists.size + this.#modules.size > MAX_ASKED) return false
    for (const ask of asked) await ask()
    return asked.length > 0
  }

  /** Undefined for what is not known: not yet, or never as it lies in no package. */
  #answer<T>(known: Map<string, T>, path: string, ask: (place: string) => Promise<T>): T | undefined {
    const place = posix.normalize(path)
    if (!this.#folders.some((folder) => place === folder || place.startsWith(`${folder}/`))) return undefined
    const found = known.get(place)
    if (found === undefined && !known.has(place)) {
      this.#asked.push(async () => {
        known.set(place, await ask(place))
      })
    }
    return found
  }
}
