/** Loads the context that a request names: packages, their payload roots, and the environment that they make. */
import { posix } from 'node:path'
import { capturedEnvironment } from './captured.ts'
import { areFaults } from './request.ts'
import { contextMember } from '../repository/package.ts'
import { contextName } from './exact.ts'
import { environmentWithFiles } from '../commands/with-files.ts'
import { faultAt } from '../../domain/fault.ts'
import { folderVariants } from './folder.ts'
import { forcedContext } from './forced.ts'
import { isFault } from '../repository/files.ts'
import { locate } from './locate.ts'
import { memberId } from './check.ts'
import { openRepository } from '../repository/repository.ts'
import { overlap } from '../repository/overlap.ts'
import { proposalNotes } from './proposals.ts'
import { readRxt, RXT_LIMIT } from './rxt.ts'
import { solvedContext } from './solved.ts'
import type { Context } from '../../domain/context.ts'
import type { ContextOptions, ContextReading, ContextRequest, Faults } from './request.ts'
import type { Fault } from '../../domain/fault.ts'
import type { LoadedVariant } from '../repository/package.ts'
import type { Repository } from '../repository/repository.ts'

/** Everything about a context but its environment. */
interface Draft {
  readonly name: string
  readonly requests: readonly string[]
  readonly members: readonly LoadedVariant[]
  readonly implicit: readonly string[] | null
  readonly ephemerals: readonly string[]
  readonly system: ContextOptions['system']
  readonly faults: readonly Fault[]
  readonly notes: readonly string[]
}

/** The contexts of a request. Never throws: whatever is wrong with the request or the packages is a fault. */
export async function loadContexts(request: ContextRequest, options: ContextOptions): Promise<ContextReading> {
  const drafts = await draftsOf(request, options)
  if (areFaults(drafts)) return drafts
  const finished = await overlap(drafts, 1, (draft) => finish(draft, options))
  const faults = finished.flatMap((one) => (isContext(one) ? [] : one.faults))
  return faults.length > 0 ? { faults } : { contexts: finished.filter(isContext) }
}

function isContext(value: Context | Faults): value is Context {
  return 'packages' in value
}

async function draftsOf(request: ContextRequest, options: ContextOptions): Promise<readonly Draft[] | Faults> {
  const { repositories, notes, faults } = await openAll(request.repositories, options)
  switch (request.kind) {
    case 'rxt':
      return rxtDraft(request.file, repositories, notes, options)
    case 'folder':
      return folderDrafts(request.folder, repositories, notes, options)
    case 'requests':
      return repositories.length === 0
        ? { faults: [...faults, needsRepositories()] }
        : requestsDraft(request.requests, repositories, notes, options)
  }
}

async function rxtDraft(
  file: string,
  repositories: readonly Repository[],
  notes: readonly string[],
  options: ContextOptions,
): Promise<readonly Draft[] | Faults> {
  const text = await options.files.text(file, RXT_LIMIT)
  if (isFault(text)) return { faults: [text] }
  const rxt = readRxt(text, file)
  if (!('handles' in rxt)) return { faults: rxt }
  const opened = new Map(repositories.map((repository) => [repository.location, repository]))
  const located = await locate(rxt.handles, {
    file,
    files: options.files,
    jobs: options.jobs,
    repositories,
    repositoryAt: (location) => {
      const known = opened.get(location) ?? openRepository(location, options.files)
      opened.set(location, known)
      return known
    },
  })
  if (located.faults.length > 0) return { faults: located.faults }
  const { platform, arch, os } = rxt
  const system = platform === null || arch === null || os === null ? null : { platform, arch, os }
  return [
    {
      name: posix.basename(file).replace(/\.rxt$/, ''),
      requests: rxt.requests,
      members: located.members,
      implicit: options.implicit ?? rxt.implicit,
      ephemerals: rxt.ephemerals,
      system: options.system ?? system,
      faults: located.skipped,
      notes: [...notes, ...rxt.notes, ...located.notes, ...(await bundleNotes(file, options))],
    },
  ]
}

/** A bundle may hold commands of its own, which run after those of all packages. */
async function bundleNotes(file: string, options: ContextOptions): Promise<readonly string[]> {
  const folder = posix.dirname(file)
  if ((await options.files.kind(`${folder}/bundle.yaml`)) !== 'file') return []
  const commands = `${folder}/post_commands.py`
  return (await options.files.kind(commands)) === 'file' ? [`${commands} of the bundle is not evaluated`] : []
}

async function folderDrafts(
  folder: string,
  repositories: readonly Repository[],
  notes: readonly string[],
  options: ContextOptions,
): Promise<readonly Draft[] | Faults> {
  const variants = await folderVariants(await options.files.real(folder), options.files)
  if (areFaults(variants)) return variants
  const drafts: Draft[] = []
  const faults: Fault[] = []
  for (const start of variants) {
    const alone = { members: [start], ephemerals: [], notes: [] }
    const found = repositories.length === 0 ? alone : await forcedContext(start, repositories)
    if (areFaults(found)) {
      faults.push(...found.faults)
      continue
    }
    const { name, version } = start.loaded.entry
    const { index } = start.variant
    drafts.push({
      name: variants.length === 1 ? memberId(start) : `${memberId(start)}[${index ?? ''}]`,
      requests: [version.text === '' ? name : `${name}==${version.text}`],
      members: found.members,
      implicit: options.implicit,
      ephemerals: found.ephemerals,
      system: options.system,
      faults: [],
      notes: [...notes, ...found.notes],
    })
  }
  return faults.length > 0 ? { faults: distinct(faults) } : drafts
}

async function requestsDraft(
  requests: readonly string[],
  repositories: readonly Repository[],
  notes: readonly string[],
  options: ContextOptions,
): Promise<readonly Draft[] | Faults> {
  const found = await solvedContext(requests, repositories, options)
  if (areFaults(found)) return found
  const { members, ephemerals } = found
  return [
    {
      name: contextName(members, requests),
      requests,
      members,
      implicit: options.implicit,
      ephemerals,
      system: options.system,
      faults: [],
      notes: [...notes, ...found.notes],
    },
  ]
}

async function finish(draft: Draft, options: ContextOptions): Promise<Context | Faults> {
  const made = await overlap(draft.members, options.jobs, (member) =>
    contextMember(member, options.payload, options.files),
  )
  const wrong = made.flatMap((one) => ('faults' in one ? one.faults : []))
  if (wrong.length > 0) return { faults: wrong }
  const members = made.flatMap((one) => ('faults' in one ? [] : [one]))
  const packages = members.map((member) => member.package)
  const common = { name: draft.name, requests: draft.requests, packages, faults: draft.faults }
  if (options.environmentFile !== null) {
    const environment = await capturedEnvironment(options.environmentFile, packages, options.files)
    if (isFault(environment)) return { faults: [environment] }
    return proposed({ ...common, environment, unevaluated: [], notes: draft.notes })
  }
  const { environment, unevaluated, notes } = await environmentWithFiles(
    {
      packages: members,
      requests: draft.requests,
      ephemerals: draft.ephemerals,
      ...(draft.system === null ? {} : { system: draft.system }),
      ...(draft.implicit === null ? {} : { implicits: draft.implicit }),
    },
    (path) => options.files.kind(path),
  )
  return proposed({ ...common, environment, unevaluated, notes: [...draft.notes, ...notes] })
}

/** Says which folders outside the repositories look like payload. */
function proposed(context: Context): Context {
  return { ...context, notes: [...context.notes, ...proposalNotes(context)] }
}

interface Opened {
  readonly repositories: readonly Repository[]
  readonly notes: readonly string[]
  readonly faults: readonly Fault[]
}

/** Repositories by their path without links, as Rez names them; Rez passes over those that are not there. */
async function openAll(locations: readonly string[], options: ContextOptions): Promise<Opened> {
  const real = await overlap(locations, options.jobs, (location) => options.files.real(location))
  const kinds = await overlap(real, options.jobs, (location) => options.files.kind(location))
  const present = [...new Set(real.filter((_, i) => kinds[i] === 'folder'))]
  const absent = locations.filter((_, i) => kinds[i] !== 'folder')
  return {
    repositories: present.map((location) => openRepository(location, options.files)),
    notes: absent.map((location) => `the repository ${location} is not there`),
    faults: absent.map((location) => faultAt('missing', location, null, 'is no folder: a repository was expected')),
  }
}

function needsRepositories(): Fault {
  const message = 'packages are looked for in repositories: name them with --repo DIR, or in REZ_PACKAGES_PATH'
  return faultAt('malformed', 'requests', null, message)
}

/** Variants share what is wrong with their package. */
function distinct(faults: readonly Fault[]): readonly Fault[] {
  const seen = new Map(faults.map((fault) => [`${fault.file}\0${fault.message}`, fault]))
  return [...seen.values()]
}
