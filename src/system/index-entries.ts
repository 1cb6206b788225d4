/** What the readers of package indexes share: their result, and which of several versions of a package counts. */
import { nameOrder } from '../domain/bytes.ts'
import type { Fault } from '../domain/fault.ts'
import type { OfferedPackage } from '../domain/package-index.ts'

/** What one index file gave: entries, and what of it could not be read. */
export interface IndexEntries {
  readonly packages: readonly OfferedPackage[]
  readonly faults: readonly Fault[]
}

/** Unpacked, a list of packages of a distribution is below this; strings of Node end here as well. */
export const MAX_TEXT: number = 400 * 1024 * 1024
/** Debian has some 65,000 packages. */
export const MAX_PACKAGES = 1_000_000
/** Names of one package: provides, needs or files. */
export const MAX_NAMES = 100_000

/** The newest version of each package, sorted by name: repositories keep old versions beside new ones. */
export function newestOfEach(packages: readonly OfferedPackage[]): readonly OfferedPackage[] {
  const newest = new Map<string, OfferedPackage>()
  for (const item of packages) {
    const known = newest.get(item.name)
    if (known === undefined || compareVersions(known.version, item.version) < 0) newest.set(item.name, item)
  }
  return [...newest.values()].sort((a, b) => nameOrder(a.name, b.name))
}

/**
 * Orders versions as rpm and dpkg agree on: the epoch before a colon first, then runs of digits as numbers and runs of
 * letters as text, `~` before everything, even the end (rpm-version(7), deb-version(7)).
 *
 * @returns below zero where `a` is the older one
 */
export function compareVersions(a: string, b: string): number {
  const [epochA, restA] = splitEpoch(a)
  const [epochB, restB] = splitEpoch(b)
  if (epochA !== epochB) return epochA - epochB
  const runsA = restA.match(RUN) ?? []
  const runsB = restB.match(RUN) ?? []
  for (let at = 0; at < Math.max(runsA.length, runsB.length); at++) {
    const order = compareRuns(runsA[at] ?? '', runsB[at] ?? '')
    if (order !== 0) return order
  }
  return 0
}

/** The dash parts version and release, so that 1.2-9 is older than 1.2.1-1. */
const RUN = /\d+|[A-Za-z]+|~|-/g

function splitEpoch(version: string): readonly [number, string] {
  const match = /^(\d{1,9}):(.*)$/s.exec(version)
  return match === null ? [0, version] : [Number(match[1]), match[2] ?? '']
}

function compareRuns(a: string, b: string): number {
  const rank = rankOf(a) - rankOf(b)
  if (rank !== 0) return rank
  if (!/^\d/.test(a)) return nameOrder(a, b)
  const digitsA = a.replace(/^0+/, '')
  const digitsB = b.replace(/^0+/, '')
  return digitsA.length - digitsB.length || nameOrder(digitsA, digitsB)
}

function rankOf(run: string): number {
  if (run === '~') return 0
  if (run === '') return 1
  if (run === '-') return 2
  return /^\d/.test(run) ? 4 : 3
}
