/** A context laid over a system: packages mounted over the system's tree, and every file read at most once. */
import { faultAt } from '../domain/fault.ts'
import type { Fault } from '../domain/fault.ts'
import type { DynamicSymbol, ElfReading, SymbolTable } from '../domain/object.ts'
import type { LoaderEnvironment, System, World } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'
import type { SymbolFile } from '../domain/symbols.ts'
import type { Folder, Lookup, LookupFailure, Mount, OpenFile, Overlay, Tree } from '../domain/tree.ts'
import { BlockBudget } from '../elf/blocks.ts'
import { lookupSymbol } from '../elf/lookup.ts'
import { openSymbols } from '../elf/symbol-file.ts'
import { readOpened } from '../elf/virtual.ts'
import { readSymbols } from '../elf/symbols.ts'

/** Readings by file identity, shared between the worlds of one audit so that a package's file is read once. */
export type Readings = Map<string, ElfReading>

/** Symbols by file identity, shared as readings are: one file has one number, and all share one amount of memory. */
export class SharedSymbols {
  readonly budget: BlockBudget = new BlockBudget()
  readonly #files = new Map<string, SymbolFile>()

  /** The symbols of a file; `make` opens them when they are asked for first. */
  get(identity: string, make: (id: number) => SymbolFile): SymbolFile {
    const known = this.#files.get(identity)
    if (known !== undefined) return known
    const made = make(this.#files.size)
    this.#files.set(identity, made)
    return made
  }
}

export interface WorldOptions {
  readonly name: World['name']
  readonly system: System
  /** Package folders laid over the system. */
  readonly mounts?: readonly Mount[]
  /** Single entries laid over all of it, as a plan of repairs would. */
  readonly overlay?: Overlay
  readonly environment?: Partial<LoaderEnvironment>
  readonly readings?: Readings
  readonly symbols?: SharedSymbols
}

/** Makes a world. Nothing is read until it is asked for. */
export function createWorld(options: WorldOptions): World {
  const mounts = options.mounts ?? []
  const tree = mounts.length === 0 ? options.system.tree : options.system.tree.mount(mounts)
  return new TreeWorld(options, options.overlay === undefined ? tree : tree.overlay(options.overlay))
}

interface Known {
  readonly reading: ElfReading
  readonly identity: string
}

class TreeWorld implements World {
  readonly name: World['name']
  readonly system: System
  readonly tree: Tree
  readonly environment: LoaderEnvironment
  readonly #readings: Readings
  readonly #symbols: SharedSymbols
  readonly #known = new Map<string, Known>()
  readonly #symbolFiles = new Map<string, SymbolFile>()

  constructor(options: WorldOptions, tree: Tree) {
    this.name = options.name
    this.system = options.system
    this.tree = tree
    this.environment = { libraryPath: null, preload: null, folder: '/', ...options.environment }
    this.#readings = options.readings ?? new Map<string, ElfReading>()
    this.#symbols = options.symbols ?? new SharedSymbols()
  }

  lookup(path: string): Lookup {
    return this.tree.lookup(path)
  }

  folder(path: string): Folder | LookupFailure {
    return this.tree.folder(path)
  }

  identity(path: string): string {
    return this.#know(path).identity
  }

  read(path: string): ElfReading {
    return this.#know(path).reading
  }

  symbols(path: string): SymbolTable {
    const file = this.tree.open(path)
    if (failed(file)) return { symbols: [], faults: [unopened(path, file)] }
    try {
      if (file.reading?.virtual === true) return { symbols: [], faults: [], unknown: true }
      return readSymbols(file, path)
    } finally {
      file.close()
    }
  }

  get numbering(): object {
    return this.#symbols
  }

  symbolFile(path: string): SymbolFile {
    const known = this.#symbolFiles.get(path)
    if (known !== undefined) return known
    const reopen = (): OpenFile | null => {
      const file = this.tree.open(path)
      return failed(file) ? null : file
    }
    const file = this.#symbols.get(this.identity(path), (id) => openSymbols(id, path, reopen, this.#symbols.budget))
    this.#symbolFiles.set(path, file)
    return file
  }

  definitions(path: string, name: string): readonly DynamicSymbol[] {
    const file = this.tree.open(path)
    if (failed(file)) return []
    try {
      return lookupSymbol(file, path, name).found
    } finally {
      file.close()
    }
  }

  #know(path: string): Known {
    const known = this.#known.get(path)
    if (known !== undefined) return known
    const fresh = this.#open(path)
    this.#known.set(path, fresh)
    return fresh
  }

  #open(path: string): Known {
    const file = this.tree.open(path)
    if (failed(file)) {
      const reading = { header: null, object: null, size: 0, faults: [unopened(path, file)] }
      return { identity: `path:${path}`, reading }
    }
    try {
      const shared = this.#readings.get(file.identity)
      if (shared !== undefined) return { identity: file.identity, reading: shared }
      const reading = readOpened(file, path)
      this.#readings.set(file.identity, reading)
      return { identity: file.identity, reading }
    } finally {
      file.close()
    }
  }
}

function unopened(path: string, { errno }: LookupFailure): Fault {
  return faultAt('unreadable', path, null, `cannot be opened (${errno})`)
}
