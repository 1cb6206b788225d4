/** A volume that asks another one once: for trees that are laid over again and again and do not change meanwhile. */
import type { Child, FileStatus, LookupFailure, OpenFile } from '../domain/tree.ts'
import { failed } from '../domain/tree.ts'
import type { Volume } from './volume.ts'

/** Names and files that are remembered; where there are more, remembering begins anew. */
const MOST = 500_000

/** What `volume` says, asked for once. */
export function rememberedVolume(volume: Volume): Volume {
  return new RememberedVolume(volume)
}

type AboutFile = Pick<OpenFile, 'identity' | 'size' | 'reading'>

class RememberedVolume implements Volume {
  readonly #volume: Volume
  readonly #children = new Map<string, ReadonlyMap<string, Child['kind']> | LookupFailure>()
  readonly #links = new Map<string, string | null>()
  readonly #files = new Map<string, AboutFile | LookupFailure>()
  #count = 0

  constructor(volume: Volume) {
    this.#volume = volume
  }

  children(folder: string): ReadonlyMap<string, Child['kind']> | LookupFailure {
    const known = this.#children.get(folder)
    if (known !== undefined) return known
    const children = this.#volume.children(folder)
    return this.#keep(this.#children, folder, children, failed(children) ? 1 : 1 + children.size)
  }

  kind(path: string): Child['kind'] | LookupFailure {
    return this.#volume.kind(path)
  }

  link(path: string): string | null {
    const known = this.#links.get(path)
    return known === undefined ? this.#keep(this.#links, path, this.#volume.link(path), 1) : known
  }

  status(path: string): FileStatus | LookupFailure {
    return this.#volume.status(path)
  }

  /** The file is opened in truth when its bytes are asked for: most who ask know them already. */
  open(path: string): OpenFile | LookupFailure {
    const known = this.#files.get(path)
    if (known !== undefined) return failed(known) ? known : new LateFile(known, () => this.#volume.open(path))
    const file = this.#volume.open(path)
    this.#keep(this.#files, path, failed(file) ? file : aboutFile(file), 1)
    return file
  }

  #keep<T>(answers: Map<string, T>, path: string, answer: T, count: number): T {
    this.#count += count
    if (this.#count > MOST) {
      this.#count = count
      for (const all of [this.#children, this.#links, this.#files]) all.clear()
    }
    answers.set(path, answer)
    return answer
  }
}

function aboutFile({ identity, size, reading }: OpenFile): AboutFile {
  return { identity, size, ...(reading === undefined ? {} : { reading }) }
}

class LateFile implements OpenFile {
  readonly identity: string
  readonly size: number
  readonly reading?: NonNullable<OpenFile['reading']>
  readonly #open: () => OpenFile | LookupFailure
  #file: OpenFile | LookupFailure | null = null

  constructor({ identity, size, reading }: AboutFile, open: () => OpenFile | LookupFailure) {
    this.identity = identity
    this.size = size
    if (reading !== undefined) this.reading = reading
    this.#open = open
  }

  /** A file that has gone meanwhile has no bytes, as one whose reading fails. */
  read(offset: number, length: number): Uint8Array {
    const file = (this.#file ??= this.#open())
    return failed(file) ? new Uint8Array(0) : file.read(offset, length)
  }

  close(): void {
    if (this.#file !== null && !failed(this.#file)) this.#file.close()
  }
}
