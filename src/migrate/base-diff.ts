/** What differs between two bases for the programs that rely on them. Pure: two inventories in, one document out. */
import type { OsPackage } from '../domain/system.ts'
import type { Inventory, Library } from '../system/inventory.ts'
import { stemOf } from '../system/inventory.ts'

/** A value on both sides that is not the same. */
export interface Change {
  readonly a: string | null
  readonly b: string | null
}

export interface BaseDiff {
  readonly schema: 'airtight/base-diff/v1'
  readonly a: string
  readonly b: string
  readonly interpreter: Change | null
  readonly libc: Change | null
  readonly folders: { readonly gone: readonly string[]; readonly new: readonly string[] }
  /** Sonames that only A has and whose library B has under no other name. */
  readonly gone: readonly SonameOf[]
  /** Sonames that only A has, with those of the same library in B. */
  readonly bumped: readonly {
    readonly soname: string
    readonly package: string | null
    readonly now: readonly SonameOf[]
  }[]
  /** Sonames that only B has and that no bump names. */
  readonly new: readonly SonameOf[]
  /** Sonames of both that another OS package owns. */
  readonly moved: readonly { readonly soname: string; readonly a: string; readonly b: string }[]
  /** Sonames of both whose version nodes differ. */
  readonly versions: readonly {
    readonly soname: string
    readonly lost: readonly string[]
    readonly won: readonly string[]
  }[]
  /** OS packages of one side alone, and those of both in another version. */
  readonly packages: {
    readonly gone: readonly string[]
    readonly new: readonly string[]
    readonly changed: readonly { readonly name: string; readonly a: string; readonly b: string }[]
  }
  /** How many sonames are the same in both, owner and version nodes included. */
  readonly same: number
}

export interface SonameOf {
  readonly soname: string
  /** The OS package that owns it, null where no database tells. */
  readonly package: string | null
}

export interface Side {
  readonly label: string
  readonly inventory: Inventory
}

/** Compares two bases; every list is sorted by name. */
export function diffBases(a: Side, b: Side): BaseDiff {
  const left = a.inventory.libraries
  const right = b.inventory.libraries
  const onlyLeft = [...left.values()].filter(({ soname }) => !right.has(soname))
  const onlyRight = [...right.values()].filter(({ soname }) => !left.has(soname))
  const newByStem = byStem(onlyRight)
  const bumped = onlyLeft.flatMap((library) => {
    const now = newByStem.get(stemOf(library.soname)) ?? []
    return now.length === 0 ? [] : [{ ...sonameOf(library), now: now.map(sonameOf) }]
  })
  const named = new Set(bumped.flatMap(({ soname, now }) => [soname, ...now.map((item) => item.soname)]))
  const both = [...left.values()].flatMap((one): [Library, Library][] => {
    const other = right.get(one.soname)
    return other === undefined ? [] : [[one, other]]
  })
  const moved = both.flatMap(([one, other]) => {
    const from = one.owner?.name ?? null
    const to = other.owner?.name ?? null
    return from === null || to === null || from === to ? [] : [{ soname: one.soname, a: from, b: to }]
  })
  const versions = both.flatMap(([one, other]) => {
    const lost = minus(one.versions, other.versions)
    const won = minus(other.versions, one.versions)
    return lost.length + won.length === 0 ? [] : [{ soname: one.soname, lost, won }]
  })
  const differing = new Set([...moved, ...versions].map(({ soname }) => soname))
  return {
    schema: 'airtight/base-diff/v1',
    a: a.label,
    b: b.label,
    interpreter: change(a.inventory.interpreter, b.inventory.interpreter),
    libc: change(libcOf(a.inventory), libcOf(b.inventory)),
    folders: {
      gone: minus(a.inventory.folders, b.inventory.folders),
      new: minus(b.inventory.folders, a.inventory.folders),
    },
    gone: onlyLeft.filter(({ soname }) => !named.has(soname)).map(sonameOf),
    bumped,
    new: onlyRight.filter(({ soname }) => !named.has(soname)).map(sonameOf),
    moved,
    versions,
    packages: diffPackages(a.inventory.packages, b.inventory.packages),
    same: both.filter(([{ soname }]) => !differing.has(soname)).length,
  }
}

function byStem(libraries: readonly Library[]): ReadonlyMap<string, readonly Library[]> {
  const out = new Map<string, Library[]>()
  for (const library of libraries) {
    const stem = stemOf(library.soname)
    const list = out.get(stem)
    if (list === undefined) out.set(stem, [library])
    else list.push(library)
  }
  return out
}

function diffPackages(a: readonly OsPackage[], b: readonly OsPackage[]): BaseDiff['packages'] {
  const left = new Map(a.map(({ name, version }) => [name, version]))
  const right = new Map(b.map(({ name, version }) => [name, version]))
  return {
    gone: minus([...left.keys()], [...right.keys()]).toSorted(),
    new: minus([...right.keys()], [...left.keys()]).toSorted(),
    changed: [...left]
      .flatMap(([name, version]) => {
        const other = right.get(name)
        return other === undefined || other === version ? [] : [{ name, a: version, b: other }]
      })
      .toSorted((x, y) => (x.name < y.name ? -1 : 1)),
  }
}

function sonameOf({ soname, owner }: Library): SonameOf {
  return { soname, package: owner?.name ?? null }
}

function libcOf({ libc, version }: Inventory): string | null {
  return libc === null ? null : `${libc} ${version ?? 'of unknown version'}`
}

function change(a: string | null, b: string | null): Change | null {
  return a === b ? null : { a, b }
}

function minus(from: readonly string[], what: readonly string[]): readonly string[] {
  const without = new Set(what)
  return from.filter((item) => !without.has(item))
}
