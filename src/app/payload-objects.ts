/** The objects in the payload of packages, read once for all contexts that a package is in. */
import type { Package } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import type { ElfObject, ElfReading } from '../domain/object.ts'
import type { World } from '../domain/system.ts'
import { isUnopened, looksLikeLibrary } from './payload-files.ts'
import type { PayloadEntry } from './walk.ts'
import { walkPayload } from './walk.ts'

/** What a loader loads: split debug files, .o files and core files are none of its business. */
const LOADED: ReadonlySet<ElfObject['kind']> = new Set(['program', 'static', 'static-pie', 'library'])

/** An ELF file before its role is known. */
export interface PayloadObject {
  readonly entry: PayloadEntry
  readonly reading: ElfReading
  readonly object: ElfObject
}

export interface PayloadObjectsOf {
  /** Payload roots without links, in order. */
  readonly roots: readonly string[]
  readonly objects: readonly PayloadObject[]
  /** Links that are named as libraries are. */
  readonly links: readonly PayloadEntry[]
  readonly faults: readonly Fault[]
}

/** A file as a loader would take it, null for everything else. */
export function payloadObject(entry: PayloadEntry, reading: ElfReading): PayloadObject | null {
  const { object } = reading
  return object === null || !LOADED.has(object.kind) ? null : { entry, reading, object }
}

/** Payloads that were walked through. The packages must not change meanwhile. */
export class PayloadObjects {
  readonly #known = new Map<string, PayloadObjectsOf>()

  /**
   * @param reader any world that holds the package
   * @param ignores true for a path relative to a payload root that policy leaves out: the same at each call
   */
  of(owner: Package, reader: World, ignores: (relative: string) => boolean): PayloadObjectsOf {
    const key = [...owner.payload, '', ...owner.excluded].join('\0')
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const { entries, roots, faults } = walkPayload(reader.tree, owner, ignores)
    const files = entries.filter(({ kind, name }) => kind === 'file' && isUnopened(name) === null)
    const fresh = {
      roots,
      objects: files.flatMap((entry) => payloadObject(entry, reader.read(entry.path)) ?? []),
      links: entries.filter(({ kind, name }) => kind === 'link' && looksLikeLibrary(name)),
      faults,
    }
    this.#known.set(key, fresh)
    return fresh
  }
}
