/** Lays what repairs change over the composed tree: grafts, links, removed files, files with other run paths. */
import type { Fault } from '../../domain/fault.ts'
import { faultAt } from '../../domain/fault.ts'
import { failed } from '../../domain/tree.ts'
import type { Overlay, OverlayEntry, Tree } from '../../domain/tree.ts'
import type { Relocation } from '../../runtime/relocate.ts'
import { relocated } from '../../runtime/relocate.ts'
import type { FileContent } from '../model.ts'
import type { Clock } from './clock.ts'
import type { Composition, Node, Owner } from './composition.ts'
import { ROOT_OWNED, below } from './composition.ts'

/** A run path as it is to be written: `set` null takes it away. */
export interface WantedRunPath {
  readonly tag: 'runpath' | 'rpath'
  readonly set: string | null
}

/** Makes a file with another run path out of the bytes of one. @throws where that fails */
export type Patcher = (bytes: Uint8Array, wanted: WantedRunPath) => Uint8Array

export interface RepairSetting {
  readonly composition: Composition
  /** Where the packages lie today. */
  readonly machine: Tree
  readonly relocations: readonly Relocation[]
  readonly clock: Clock
  readonly patch: Patcher
}

export interface LaidEntries {
  /** By their paths where the packages lie today. */
  readonly packages: Overlay
  /** By their paths in the image before packages are moved. */
  readonly image: Overlay
}

/** Lays the entries, those of packages first; each keeps the owner of what it replaces. */
export function addRepairs({ packages, image }: LaidEntries, setting: RepairSetting): readonly Fault[] {
  const layer = new RepairLayer(setting)
  for (const [path, entry] of sorted(packages)) layer.lay(relocated(path, setting.relocations), path, entry)
  // What the image gets inside of packages moves with them.
  for (const [path, entry] of sorted(image)) layer.lay(relocated(path, setting.relocations), path, entry)
  return layer.faults
}

function sorted(overlay: Overlay): readonly (readonly [string, OverlayEntry])[] {
  return [...overlay].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

class RepairLayer {
  readonly faults: Fault[] = []
  readonly #setting: RepairSetting

  constructor(setting: RepairSetting) {
    this.#setting = setting
  }

  lay(path: string, from: string, entry: OverlayEntry): void {
    const { composition } = this.#setting
    const cut = path.lastIndexOf('/')
    const folder = composition.folder(path.slice(1, Math.max(cut, 1)))
    if (typeof folder !== 'string') {
      this.faults.push(folder)
      return
    }
    const at = below(folder, path.slice(cut + 1))
    if (entry.kind === 'removed') {
      composition.nodes.delete(at)
      return
    }
    const known = composition.nodes.get(at)?.owner
    const node = this.#node(entry, from, known?.kind === 'package' ? known : this.#ownerOf(folder))
    const fault = node === null ? null : composition.put(at, node)
    if (fault !== null) this.faults.push(fault)
  }

  /** What is new in a package's folder belongs to it, all else to the system. */
  #ownerOf(folder: string): Owner {
    const owner = this.#setting.composition.nodes.get(folder)?.owner
    return owner?.kind === 'package' ? owner : { kind: 'os' }
  }

  #node(entry: Exclude<OverlayEntry, { kind: 'removed' }>, from: string, owner: Owner): Node | null {
    switch (entry.kind) {
      case 'folder':
        return { kind: 'folder', owner, mode: 0o755, ...ROOT_OWNED }
      case 'link':
        return {
          kind: 'link',
          owner,
          mode: 0o777,
          ...ROOT_OWNED,
          target: entry.target.startsWith('/') ? relocated(entry.target, this.#setting.relocations) : entry.target,
        }
      case 'from':
        return this.#brought(entry.source, entry.path, owner)
      case 'file':
        return this.#patched(entry, from, owner)
      case 'object':
        this.faults.push(
          faultAt(
            'missing',
            from,
            null,
            'is known from an index of OS packages alone; install the package in the base',
          ),
        )
        return null
    }
  }

  #brought(source: Tree, path: string, owner: Owner): Node | null {
    const status = source.status(path)
    if (failed(status)) {
      this.faults.push(faultAt('unreadable', path, null, `cannot be brought into the image (${status.errno})`))
      return null
    }
    const content: FileContent = {
      kind: 'source',
      open: () => {
        const file = source.open(path)
        if (failed(file)) throw new Error(`${path} cannot be opened any more (${file.errno})`)
        return file
      },
    }
    return this.#file(status, content, owner)
  }

  #file(status: { size: number; mode: number; modified: number }, content: FileContent, owner: Owner): Node {
    const modified = this.#setting.clock.clamped(BigInt(status.modified) * 1_000_000_000n)
    const { mode, size } = status
    return { kind: 'file', owner, uid: 0, gid: 0, identity: null, mode, modified, size, content }
  }

  /** A file whose run path is another one. */
  #patched(entry: Extract<OverlayEntry, { kind: 'file' }>, from: string, owner: Owner): Node | null {
    const { machine, patch, relocations } = this.#setting
    const bytes = Uint8Array.from(entry.content.read(0, Math.max(entry.content.size, 1)))
    const object = entry.reading?.object ?? null
    const there = machine.status(from)
    const status = failed(there) ? { mode: entry.mode ?? 0o755, modified: 1 } : there
    try {
      const tag = object?.rpath == null ? 'runpath' : 'rpath'
      const set = object?.rpath ?? object?.runpath ?? null
      const moved = set?.split(':').map((part) => relocated(part, relocations)) ?? null
      const changed = object === null ? bytes : patch(bytes, { tag, set: moved?.join(':') ?? null })
      return this.#file({ ...status, size: changed.length }, { kind: 'bytes', bytes: changed }, owner)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.faults.push(faultAt('unsupported', from, null, why))
      return null
    }
  }
}
