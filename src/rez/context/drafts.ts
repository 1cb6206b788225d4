/** Contexts before their payload and environment are known: which packages, for what, in which order. */
import { posix } from 'node:path'
import { areFaults } from './request.ts'
import { contextName, memberId } from './ordered.ts'
import { DEFAULT_SETTINGS } from '../configuration/settings.ts'
import { faultAt } from '../../domain/fault.ts'
import { folderVariants } from './folder.ts'
import { isFault } from '../repository/files.ts'
import { locate } from './locate.ts'
import { partedVariants } from './elsewhere.ts'
import { openRepository } from '../repository/repository.ts'
import { overlap } from '../repository/overlap.ts'
import { solvedContext, solvedFolder } from './solved.ts'
import { textsAttribute } from '../source/definition.ts'
import type { ContextOptions, ContextRequest, Faults } from './request.ts'
import type { ContextTools } from './suite.ts'
import type { Fault } from '../../domain/fault.ts'
import type { LoadedVariant } from '../repository/package.ts'
import type { Repository } from '../repository/repository.ts'

/** Everything about a context but its environment. */
export interface Draft {
  readonly name: string
  readonly requests: readonly string[]
  readonly members: readonly LoadedVariant[]
  readonly implicit: readonly string[] | null
  readonly ephemerals: readonly string[]
  readonly system: ContextOptions['system']
  readonly faults: readonly Fault[]
  readonly notes: readonly string[]
}

/** What drafts are made with. */
interface Making {
  readonly options: ContextOptions
  readonly repositories: readonly Repository[]
  readonly notes: readonly string[]
}

/** The contexts of a request, or every reason for which there is none. */
export async function draftsOf(request: ContextRequest, options: ContextOptions): Promise<readonly Draft[] | Faults> {
  const { repositories, notes, faults } = await openAll(request.repositories, options)
  const making = { options, repositories, notes }
  switch (request.kind) {
    case 'rxt': {
      const draft = await rxtDraft(request.file, making)
      return 'members' in draft ? [draft] : draft
    }
    case 'suite':
      return suiteDrafts(request.folder, making)
    case 'folder':
      return folderDrafts(request.folder, making)
    case 'requests':
      return repositories.length === 0
        ? { faults: [...faults, needsRepositories()] }
        : requestsDraft(request.requests, making)
  }
}

async function rxtDraft(file: string, { options, repositories, notes }: Making): Promise<Draft | Faults> {
  // Saved contexts may be YAML, whose reader takes long to load.
  const { readRxt, RXT_LIMIT } = await import('./rxt.ts')
  const text = await options.files.text(file, RXT_LIMIT)
  if (isFault(text)) return { faults: [text] }
  const rxt = readRxt(text, file)
  if (!('handles' in rxt)) return { faults: rxt }
  const { platform, arch, os } = rxt
  const saved = platform === null || arch === null || os === null ? null : { platform, arch, os }
  const system = options.system ?? saved
  const implicit = options.implicit ?? rxt.implicit
  const opened = new Map(repositories.map((repository) => [repository.location, repository]))
  const located = await locate(rxt.handles, {
    file,
    files: options.files,
    jobs: options.jobs,
    repositories,
    bindings: {
      requests: rxt.requests,
      implicits: implicit,
      system,
      ...(options.parent === undefined ? {} : { parent: options.parent }),
    },
    repositoryAt: (location) => {
      const known = opened.get(location) ?? openRepository(location, options.files)
      opened.set(location, known)
      return known
    },
  })
  if (located.faults.length > 0) return { faults: located.faults }
  return {
    name: posix.basename(file).replace(/\.rxt$/, ''),
    requests: rxt.requests,
    members: located.members,
    implicit,
    ephemerals: rxt.ephemerals,
    system,
    faults: located.skipped,
    notes: [...notes, ...rxt.notes, ...located.notes, ...(await bundleNotes(file, options))],
  }
}

/** A bundle may hold commands of its own, which run after those of all packages. */
async function bundleNotes(file: string, options: ContextOptions): Promise<readonly string[]> {
  const folder = posix.dirname(file)
  if ((await options.files.kind(`${folder}/bundle.yaml`)) !== 'file') return []
  const commands = `${folder}/post_commands.py`
  return (await options.files.kind(commands)) === 'file' ? [`${commands} of the bundle is not evaluated`] : []
}

async function suiteDrafts(folder: string, making: Making): Promise<readonly Draft[] | Faults> {
  const { readSuite, suiteNotes } = await import('./suite.ts')
  const suite = await readSuite(folder, making.options.files)
  if (areFaults(suite)) return suite
  const drafts: Draft[] = []
  const faults: Fault[] = []
  const tools: ContextTools[] = []
  for (const context of suite) {
    const draft = await rxtDraft(context.file, making)
    if ('members' in draft) {
      drafts.push(draft)
      tools.push({ context, tools: requestedTools(draft) })
    } else faults.push(...draft.faults)
  }
  if (faults.length > 0) return { faults }
  const notes = suiteNotes(tools)
  const suiteName = posix.basename(folder)
  return drafts.map((draft) => ({
    ...draft,
    name: `${suiteName}/${draft.name}`,
    notes: [...draft.notes, ...(notes.get(draft.name) ?? [])],
  }))
}

/** A suite has tools of the packages that were asked for, not of those that they bring. */
function requestedTools({ requests, members }: Draft): readonly string[] {
  const names = new Set(requests.map((request) => /^[^-@#=<>]*/.exec(request)?.[0] ?? ''))
  return members
    .filter(({ loaded }) => names.has(loaded.entry.name))
    .flatMap(({ loaded }) => textsAttribute(loaded.definition, 'tools') ?? [])
}

async function folderDrafts(folder: string, making: Making): Promise<readonly Draft[] | Faults> {
  const { options, repositories, notes } = making
  const variants = await folderVariants(
    await options.files.real(folder),
    options.files,
    options.settings?.includePath ?? null,
  )
  if (areFaults(variants)) return variants
  const { here, notes: elsewhere } = partedVariants(variants, options.implicit)
  const drafts: Draft[] = []
  const faults: Fault[] = []
  for (const start of here) {
    const alone = { members: [start], ephemerals: [], notes: [] }
    const found = repositories.length === 0 ? alone : await solvedFolder(start, repositories, options)
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
      notes: [...notes, ...elsewhere, ...found.notes],
    })
  }
  const [first, ...others] = drafts
  if (first === undefined) return { faults: distinct(faults) }
  // What other variants lack does not keep those that have it from being looked at.
  return [{ ...first, faults: [...first.faults, ...distinct(faults)] }, ...others]
}

async function requestsDraft(requests: readonly string[], making: Making): Promise<readonly Draft[] | Faults> {
  const { options, repositories, notes } = making
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

interface Opened {
  readonly repositories: readonly Repository[]
  readonly notes: readonly string[]
  readonly faults: readonly Fault[]
}

/** A location such as `memory@any`, which is not on a file system (`PackageRepositoryManager.get_repository`). */
const TYPED = /^(\w+)@(.*)$/s

/**
 * Repositories by their path without links, as Rez names them. Rez passes over those that are not there; those of a
 * type without files are named.
 */
async function openAll(locations: readonly string[], options: ContextOptions): Promise<Opened> {
  const { allowUnversioned } = options.settings ?? DEFAULT_SETTINGS
  const odd = locations.filter((location) => isForeign(location))
  const paths = locations
    .filter((location) => !isForeign(location))
    .map((location) => location.replace(/^filesystem@/, ''))
  const real = await overlap(paths, options.jobs, (location) => options.files.real(location))
  const kinds = await overlap(real, options.jobs, (location) => options.files.kind(location))
  const present = [...new Set(real.filter((_, i) => kinds[i] === 'folder'))]
  const absent = paths.filter((_, i) => kinds[i] !== 'folder')
  return {
    repositories: present.map((location) => {
      const known =
        options.shared?.repositories.get(location) ?? openRepository(location, options.files, allowUnversioned)
      options.shared?.repositories.set(location, known)
      return known
    }),
    notes: [
      ...absent.map((location) => `the repository ${location} is not there`),
      ...odd.map((location) => `the repository ${location} is not on a file system: its packages are not seen`),
    ],
    faults: absent.map((location) => faultAt('missing', location, null, 'is no folder: a repository was expected')),
  }
}

function isForeign(location: string): boolean {
  const type = TYPED.exec(location)?.[1]
  return type !== undefined && type !== 'filesystem'
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
