/** Turns the arguments of a command into contexts: files, suites and folders one by one, all other words as one request. */
import { join, resolve } from 'node:path'
import type { Context } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { System } from '../domain/system.ts'
import type { Policy } from '../policy/policy.ts'
import { diskFiles } from '../rez/repository/files.ts'
import type { Shared } from '../rez/context/shared.ts'
import { loadContexts as readContexts } from '../rez/context/load.ts'
import type { RezSettings } from '../rez/configuration/settings.ts'
import type { Orderer } from '../rez/solver/orderer.ts'
import type { ContextOptions, ContextRequest } from '../rez/context/request.ts'
import { isFile, isFolder, statusAt } from '../tree/status.ts'
import type { Read } from './ask-rez.ts'
import type { ContextQuestion } from './audit-options.ts'
import { implicitRequests, rezMachine } from './implicit.ts'
import type { References } from './rez-settings.ts'
import { expanded, loadRezSettings, mappedMachine } from './rez-settings.ts'

export interface LoadedContexts {
  readonly contexts: readonly Context[]
  readonly notes: readonly string[]
}

/** As a rezconfig would say it: `sorted`, not descending, for every family. */
const OLDEST: readonly Orderer[] = [{ kind: 'sorted', descending: false, packages: ['*'] }]

/** Questions to a network share that may be open at a time. */
const JOBS = 16

/**
 * The contexts that the arguments name.
 *
 * @param host the system whose os-release gives the implicit packages
 * @param prefer `oldest`: of the versions that are allowed, the oldest that fit together
 * @param shared what earlier calls with the same options read; what this call reads is added
 */
export async function loadContexts(
  options: ContextQuestion,
  policy: Policy,
  host: System | null,
  prefer: 'newest' | 'oldest' = 'newest',
  shared: Shared | null = null,
): Promise<LoadedContexts | { readonly failures: readonly Fault[] }> {
  const found = await loadRezSettings(options)
  if ('failures' in found) return found
  const plain = host === null ? null : rezMachine(host)
  const machine = plain === null ? null : mappedMachine(plain, found)
  const { settings, notes } = withReferences(found, { variables: options.variables, machine })
  const implicit =
    options.implicit ?? settings.implicitPackages ?? (machine === null ? null : implicitRequests(machine))
  const requests = requestsOf(options, repositoriesOf(options, policy, settings))
  if (requests.length === 0) return { failures: [nothing()] }
  const reads: Read[] = []
  for (const request of requests) {
    const saved = isSaved(request)
    const context: ContextOptions = {
      payload: policy.payloads,
      parent: policy.parentEnvironment,
      environmentFile: options.env === null ? null : resolve(options.folder, options.env),
      // A saved context knows its own implicit packages.
      implicit: saved ? options.implicit : implicit,
      system: saved ? null : machine,
      settings: prefer === 'newest' ? settings : { ...settings, solve: { ...settings.solve, orderers: OLDEST } },
      jobs: JOBS,
      ...(shared === null ? {} : { shared }),
      files: diskFiles,
    }
    reads.push({ request, reading: await readContexts(request, context), options: context })
  }
  const made = options.rez ? await (await import('./ask-rez.ts')).askedContexts(reads, options) : readingsOf(reads)
  if ('failures' in made) return made
  const named = requests.every(isSaved) ? [] : implicitNotes(implicit ?? [])
  return { contexts: made.contexts, notes: [...notes, ...named, ...made.notes] }
}

function implicitNotes(implicit: readonly string[]): readonly string[] {
  return implicit.length === 0 ? [] : [`implicit packages: ${implicit.join(' ')}`]
}

function readingsOf(reads: readonly Read[]): LoadedContexts | { readonly failures: readonly Fault[] } {
  const failures = reads.flatMap(({ reading }) => ('faults' in reading ? reading.faults : []))
  if (failures.length > 0) return { failures }
  return { contexts: reads.flatMap(({ reading }) => ('contexts' in reading ? reading.contexts : [])), notes: [] }
}

function isSaved(request: ContextRequest): boolean {
  return request.kind === 'rxt' || request.kind === 'suite'
}

/** What is named on the command line comes before what is found: --repo, the configuration, the policy, the environment. */
function repositoriesOf(options: ContextQuestion, policy: Policy, settings: RezSettings): readonly string[] {
  const lists = [options.repos, settings.packagesPath ?? [], policy.repos, options.packagesPath]
  const named = lists.find((list) => list.length > 0) ?? []
  return named.map((repo) => (/^\w+@/.test(repo) ? repo : resolve(options.folder, repo)))
}

/** The settings with values in place of references; what refers to something unknown is left out and named. */
function withReferences(
  settings: RezSettings,
  references: References,
): { readonly settings: RezSettings; readonly notes: readonly string[] } {
  const notes = [...settings.notes]
  const one = (name: string, text: string): readonly string[] => {
    const value = expanded(text, references)
    if (value === null) notes.push(`"${text}" in ${name} of Rez's configuration refers to something unknown: left out`)
    return value === null ? [] : [value]
  }
  const list = (name: string, texts: readonly string[] | null): readonly string[] | null =>
    texts?.flatMap((text) => one(name, text)) ?? null
  const path = (name: string, text: string | null): string | null =>
    text === null ? null : (one(name, text)[0] ?? null)
  return {
    settings: {
      ...settings,
      packagesPath: list('packages_path', settings.packagesPath),
      implicitPackages: list('implicit_packages', settings.implicitPackages),
      systemPaths: list('standard_system_paths', settings.systemPaths),
      cachePath: path('cache_packages_path', settings.cachePath),
      includePath: path('package_definition_python_path', settings.includePath),
    },
    notes,
  }
}

/** A word with a slash that leads nowhere is a mistyped path, not a request: Rez names hold no slash. */
function requestsOf(options: ContextQuestion, repositories: readonly string[]): readonly ContextRequest[] {
  const requests: ContextRequest[] = []
  const words: string[] = []
  for (const word of options.contexts) {
    const path = resolve(options.folder, word)
    const status = statusAt(path)
    if (word.endsWith('.rxt')) requests.push({ kind: 'rxt', file: path, repositories })
    else if (isFolder(path)) requests.push(folderRequest(path, repositories))
    else if (word.includes('/') || status !== null) requests.push({ kind: 'rxt', file: path, repositories })
    else words.push(word)
  }
  return words.length === 0 ? requests : [...requests, { kind: 'requests', requests: words, repositories }]
}

/** A folder is a suite, a bundle, or a package. */
function folderRequest(folder: string, repositories: readonly string[]): ContextRequest {
  const has = (name: string): boolean => isFile(join(folder, name))
  if (has('suite.yaml')) return { kind: 'suite', folder, repositories }
  if (has('bundle.yaml') && has('context.rxt')) return { kind: 'rxt', file: join(folder, 'context.rxt'), repositories }
  return { kind: 'folder', folder, repositories }
}

function nothing(): Fault {
  return faultAt(
    'malformed',
    'arguments',
    null,
    'no context; name an .rxt file, a suite, a package folder, or Rez requests',
  )
}
