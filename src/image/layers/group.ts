/** Which packages share a layer: large ones have their own, small ones stand together by use and name. */
import { createHash } from 'node:crypto'

export interface PackageWeight {
  /** `NAME-VERSION`. */
  readonly id: string
  readonly name: string
  /** How many packages require it. */
  readonly users: number
  /** Bytes of its files. */
  readonly size: number
}

export interface Group {
  readonly class: 'libraries' | 'application' | 'packages'
  /** For a person. */
  readonly title: string
  /** Sorted. */
  readonly packages: readonly string[]
}

/** A package from this size on has a layer of its own, while there are layers enough. */
const LARGE = 16 * 1024 * 1024
/** Small packages that share a layer, on the average. */
const TOGETHER = 4

/**
 * Groups packages into at most `limit` layers. Which of the small ones share a layer is decided by their names alone: a
 * group ends behind a name whose hash says so. A release, a package that is new or gone, changes its own group and at
 * most one neighbour. Where there would be too many layers, `large` and groups grow until they fit.
 */
export function groupPackages(packages: readonly PackageWeight[], limit: number): readonly Group[] {
  for (let level = 0; level < 40; level += 1) {
    const groups = grouped(packages, LARGE * 2 ** level, TOGETHER * 2 ** level)
    if (groups.length <= limit) return groups
  }
  return packages.length === 0 ? [] : [group('packages', packages)]
}

function grouped(packages: readonly PackageWeight[], large: number, together: number): readonly Group[] {
  const sorted = [...packages].sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id))
  const own = sorted.filter(({ size }) => size >= large)
  const small = sorted.filter(({ size }) => size < large)
  return [
    ...own.filter(isShared).map((item) => group('libraries', [item])),
    ...chunks(small.filter(isShared), together).map((items) => group('libraries', items)),
    ...own.filter((item) => !isShared(item)).map((item) => group('application', [item])),
    ...chunks(
      small.filter((item) => !isShared(item)),
      together,
    ).map((items) => group('packages', items)),
  ]
}

/** Several others require it: it is part of more than one application. */
function isShared({ users }: PackageWeight): boolean {
  return users >= 2
}

/** Cuts a sorted list behind each name whose hash is a multiple of `together`: no cut depends on what lies far away. */
function chunks(packages: readonly PackageWeight[], together: number): readonly (readonly PackageWeight[])[] {
  const all: PackageWeight[][] = []
  let open: PackageWeight[] = []
  for (const item of packages) {
    open.push(item)
    const hash = createHash('sha256').update(item.name).digest().readUInt32BE(0)
    if (hash % together !== 0) continue
    all.push(open)
    open = []
  }
  return open.length === 0 ? all : [...all, open]
}

function group(kind: Group['class'], items: readonly PackageWeight[]): Group {
  const packages = items.map(({ id }) => id).sort(compare)
  const [first = '', second] = packages
  const title = second === undefined ? first : `${first} and ${packages.length - 1} more`
  return { class: kind, title, packages }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
