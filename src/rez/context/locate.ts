/** Finds the packages that a resolved context names: where it says, else in the repositories given; all faults at once. */
import { posix } from 'node:path'
import { candidatesFor } from '../repository/candidates.ts'
import { faultAt } from '../../domain/fault.ts'
import { isFault } from '../repository/files.ts'
import { isPackageName } from '../version/name.ts'
import { isParseError } from '../version/parse-error.ts'
import { loadPackage, pickVariant } from '../repository/package.ts'
import { nearestVersions } from '../version/nearest.ts'
import { overlap } from '../repository/overlap.ts'
import { packageId } from '../../domain/context.ts'
import { parseVersion } from '../version/version.ts'
import type { Fault } from '../../domain/fault.ts'
import type { Handle } from './rxt.ts'
import type { LateBindings } from '../commands/late.ts'
import type { LoadedVariant } from '../repository/package.ts'
import type { PackageEntry, Repository } from '../repository/repository.ts'
import type { PackageFiles } from '../repository/files.ts'

export interface Located {
  /** In the order of the handles. */
  readonly members: readonly LoadedVariant[]
  /** Handles that have no files to read. */
  readonly skipped: readonly Fault[]
  readonly notes: readonly string[]
  /** Every reason for which a member could not be had. */
  readonly faults: readonly Fault[]
}

export interface Search {
  /** The context's file; relative locations start at its folder. */
  readonly file: string
  readonly files: PackageFiles
  readonly jobs: number
  /** Where packages are looked for that are not at their location. */
  readonly repositories: readonly Repository[]
  /** What late functions of packages are evaluated with. */
  readonly bindings?: LateBindings
  /** The repository at a location, opened once. */
  repositoryAt(location: string): Repository
}

type Outcome =
  | { readonly kind: 'member'; readonly member: LoadedVariant; readonly from: string | null }
  | { readonly kind: 'skipped' | 'fault'; readonly faults: readonly Fault[] }
  | { readonly kind: 'missing'; readonly location: string; readonly path: string; readonly index: number }

/** Reads the definitions that the handles lead to, `jobs` at a time. */
export async function locate(handles: readonly Handle[], search: Search): Promise<Located> {
  const outcomes = await overlap(handles, search.jobs, (handle, i) => locateOne(handle, i, search))
  const members = outcomes.flatMap((outcome) => (outcome.kind === 'member' ? [outcome.member] : []))
  const faults = outcomes.flatMap((outcome) => (outcome.kind === 'fault' ? outcome.faults : []))
  const missing = outcomes.flatMap((outcome) => (outcome.kind === 'missing' ? [outcome] : []))
  return {
    members,
    skipped: outcomes.flatMap((outcome) => (outcome.kind === 'skipped' ? outcome.faults : [])),
    notes: outcomes.flatMap((outcome) => (outcome.kind === 'member' && outcome.from !== null ? [outcome.from] : [])),
    faults: [...faults, ...(await missingFaults(missing, handles, search))],
  }
}

async function locateOne(handle: Handle, index: number, search: Search): Promise<Outcome> {
  const at = `resolved_packages[${index}]`
  const wrong = (kind: Fault['kind'], message: string): Fault[] => [
    faultAt(kind, search.file, null, `${at} ${message}`),
  ]
  if (handle.repositoryType !== 'filesystem') {
    const message = `is ${packageId(handle)} of a "${handle.repositoryType}" repository, which has no files to read`
    return { kind: 'skipped', faults: wrong('unsupported', message) }
  }
  const flaw = handleFlaw(handle)
  if (flaw !== null) return { kind: 'fault', faults: wrong('malformed', flaw) }
  const location = await absoluteLocation(handle.location, search)
  const entry = entryOf(handle, search.repositoryAt(location))
  const first = await tryEntry(entry, handle, search)
  if (first !== null) return first
  for (const repository of search.repositories) {
    if (repository.location === location) continue
    const outcome = await tryEntry(entryOf(handle, repository), handle, search)
    if (outcome === null) continue
    if (outcome.kind !== 'member') return outcome
    const from = `${packageId(handle)} is taken from ${repository.location}; the context names ${handle.location}`
    return { ...outcome, from }
  }
  return {
    kind: 'missing',
    location,
    path: entry.folder ?? `${location}/${handle.name}.${handle.extension ?? ''}`,
    index,
  }
}

/** Null where the package is not there. */
async function tryEntry(entry: PackageEntry, handle: Handle, search: Search): Promise<Outcome | null> {
  const loaded = await loadPackage(entry, search.bindings)
  if ('faults' in loaded) {
    return loaded.faults.every((fault) => fault.kind === 'missing') ? null : { kind: 'fault', faults: loaded.faults }
  }
  const member = pickVariant(loaded, handle.index)
  return isFault(member) ? { kind: 'fault', faults: [member] } : { kind: 'member', member, from: null }
}

function entryOf(handle: Handle, repository: Repository): PackageEntry {
  return handle.extension === null
    ? repository.entry(handle.name, handle.version)
    : repository.combinedEntry(handle.name, handle.version, handle.extension)
}

/** Names and versions become paths: nothing in them may lead out of the repository. */
function handleFlaw(handle: Handle): string | null {
  if (!isPackageName(handle.name)) return `has the name "${handle.name}", which is no package name`
  const version = parseVersion(handle.version)
  if (isParseError(version) || /[/\0]/.test(handle.version)) return `has the version "${handle.version}", which is none`
  if (handle.extension !== null && !/^(py|yaml)$/.test(handle.extension)) return `has the suffix "${handle.extension}"`
  return null
}

async function absoluteLocation(location: string, search: Search): Promise<string> {
  if (location.startsWith('/')) return location.length > 1 ? location.replace(/\/+$/, '') : location
  return search.files.real(posix.join(posix.dirname(search.file), location))
}

type Missing = Extract<Outcome, { kind: 'missing' }>

/** One fault for each package, but one in all for those of a repository that is not there at all. */
async function missingFaults(
  missing: readonly Missing[],
  handles: readonly Handle[],
  search: Search,
): Promise<readonly Fault[]> {
  const locations = [...new Set(missing.map((one) => one.location))]
  const present = await overlap(locations, search.jobs, (location) => search.files.kind(location))
  const gone = new Set(locations.filter((_, i) => present[i] !== 'folder'))
  const offers = await overlap(missing, search.jobs, (one) => offerFor(one, handles[one.index], gone, search))
  const hint = search.repositories.length === 0 ? '; name a repository that has it with --repo DIR' : ''
  const fault = (message: string): Fault => faultAt('missing', search.file, null, message)
  return locations.flatMap((location) => {
    const there = missing.flatMap((one, i) => {
      const { name = '', version = '' } = handles[one.index] ?? {}
      return one.location === location ? [{ ...one, id: packageId({ name, version }), offer: offers[i] ?? null }] : []
    })
    if (gone.has(location)) {
      const names = there.map(({ id, offer }) => (offer === null ? id : `${id} (${offer})`))
      return [fault(`the repository ${location} is not there; the context takes ${names.join(', ')} from it${hint}`)]
    }
    return there.map(({ id, path, index, offer }) => {
      const near = offer === null ? '' : `; ${offer}`
      return fault(`package ${id} is not at ${path} (named in resolved_packages[${index}])${near}${hint}`)
    })
  })
}

/** What there is instead, in the package's own repository first; null where no repository has the family. */
async function offerFor(
  { location }: Missing,
  handle: Handle | undefined,
  gone: ReadonlySet<string>,
  search: Search,
): Promise<string | null> {
  if (handle === undefined) return null
  const own = gone.has(location) ? [] : [search.repositoryAt(location)]
  const others = search.repositories.filter((repository) => repository.location !== location)
  const { entries } = await candidatesFor(handle.name, [...own, ...others])
  const version = parseVersion(handle.version)
  const [best] = isParseError(version) ? [] : nearestVersions(version, entries)
  if (best === undefined) return null
  return `nearest is ${packageId({ name: best.name, version: best.version.text })} in ${best.repository}`
}
