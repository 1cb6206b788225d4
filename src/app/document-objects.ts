/** The objects of a document: those of the packages, and the files of host and base that they load. */
import type { Audit, PackageObject, WorldName } from '../domain/audit.ts'
import type { ElfReading } from '../domain/object.ts'
import type { DocumentObject } from '../report/document.ts'
import type { PackageIndex } from './document-packages.ts'
import { compareText } from './document-packages.ts'

/** Numbers objects while bindings are gathered; the numbers are final, for all objects are met first and sorted. */
export class ObjectTable {
  readonly #rows: readonly DocumentObject[]
  readonly #owned = new Map<string, number>()
  readonly #system = new Map<string, number>()

  constructor(audit: Audit, packages: PackageIndex, hashes: boolean) {
    const owned = ownedRows(audit, packages, hashes)
    const system = systemRows(audit, new Set(owned.map((row) => row.path)))
    this.#rows = [...owned, ...system]
    for (const [index, row] of this.#rows.entries()) {
      if (row.world === null) this.#owned.set(row.path, index)
      else this.#system.set(`${row.world}\0${row.path}`, index)
    }
  }

  /** The index of a file in one world, links followed; null for what no closure loads. */
  index(world: WorldName, path: string): number | null {
    return this.#owned.get(path) ?? this.#system.get(`${world}\0${path}`) ?? null
  }

  /** Whether a file belongs to a package. */
  isOwned(path: string): boolean {
    return this.#owned.has(path)
  }

  list(): readonly DocumentObject[] {
    return this.#rows
  }
}

function ownedRows(audit: Audit, packages: PackageIndex, hashes: boolean): readonly DocumentObject[] {
  const met = new Map<string, DocumentObject>()
  for (const context of audit.contexts) {
    const digest = (path: string): string | null => (hashes ? context.digest(path) : null)
    for (const object of context.objects) add(met, ownedRow(object, packages, false, digest))
    for (const object of context.foreign) add(met, ownedRow(object, packages, true, digest))
  }
  return [...met.values()].sort((a, b) => compareText(a.path, b.path))
}

function add(met: Map<string, DocumentObject>, row: DocumentObject): void {
  if (!met.has(row.path)) met.set(row.path, row)
}

function ownedRow(
  object: PackageObject,
  packages: PackageIndex,
  foreign: boolean,
  digest: (path: string) => string | null,
): DocumentObject {
  return {
    path: object.path,
    owner: packages(object.owner),
    world: null,
    os_package: null,
    role: object.role,
    public: object.public,
    foreign,
    ...identity(object.reading, () => digest(object.path)),
  }
}

/** Files of the systems that any closure of any context loads. */
function systemRows(audit: Audit, owned: ReadonlySet<string>): readonly DocumentObject[] {
  const rows = new Map<string, DocumentObject>()
  for (const context of audit.contexts) {
    for (const world of ['host', 'base'] as const) {
      const resolved = context.worlds[world]
      if (resolved === undefined) continue
      const files = new Set(resolved.closures.flatMap((closure) => closure.objects.map((entry) => entry.file)))
      for (const need of resolved.needs) files.add(need.file)
      for (const path of files) {
        const key = `${world}\0${path ?? ''}`
        if (path === null || owned.has(path) || rows.has(key)) continue
        const owner = resolved.ownerOf(path)
        rows.set(key, {
          path,
          owner: null,
          world,
          os_package: owner === null ? null : `${owner.manager} ${owner.name} ${owner.version}`,
          role: null,
          public: false,
          foreign: false,
          ...identity(resolved.world.read(path), () => null),
        })
      }
    }
  }
  return [...rows.values()].sort((a, b) => compareText(a.path, b.path) || compareText(b.world ?? '', a.world ?? ''))
}

function identity(
  reading: ElfReading,
  digest: () => string | null,
): Pick<DocumentObject, 'soname' | 'build_id' | 'size' | 'sha256'> {
  const soname = reading.object?.soname ?? null
  const buildId = reading.object?.buildId ?? null
  const sha256 = buildId === null ? digest() : null
  return { soname, build_id: buildId, size: reading.size, ...(sha256 === null ? {} : { sha256 }) }
}
