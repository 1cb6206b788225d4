/** Turns the arguments of a command into contexts: files and folders one by one, all other words as one request. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Context } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { System } from '../domain/system.ts'
import type { Policy } from '../policy/policy.ts'
import { diskFiles } from '../rez/repository/files.ts'
import { loadContexts as readContexts } from '../rez/context/load.ts'
import type { ContextRequest } from '../rez/context/request.ts'
import type { AuditOptions } from './audit-options.ts'
import { implicitRequests, rezMachine } from './implicit.ts'

export interface LoadedContexts {
  readonly contexts: readonly Context[]
  readonly notes: readonly string[]
}

/** Questions to a network share that may be open at a time. */
const JOBS = 16

/**
 * The contexts that the arguments name.
 *
 * @param host the system whose os-release gives the implicit packages
 */
export async function loadContexts(
  options: AuditOptions,
  policy: Policy,
  host: System | null,
): Promise<LoadedContexts | { readonly failures: readonly Fault[] }> {
  const machine = host === null ? null : rezMachine(host)
  const implicit = options.implicit ?? (machine === null ? null : implicitRequests(machine))
  const contexts: Context[] = []
  const failures: Fault[] = []
  const requests = requestsOf(options, policy)
  for (const request of requests) {
    const reading = await readContexts(request, {
      payload: policy.payloads,
      environmentFile: options.env === null ? null : resolve(options.folder, options.env),
      // A saved context knows its own implicit packages.
      implicit: request.kind === 'rxt' ? options.implicit : implicit,
      system: request.kind === 'rxt' ? null : machine,
      jobs: JOBS,
      files: diskFiles,
    })
    if ('faults' in reading) failures.push(...reading.faults)
    else contexts.push(...reading.contexts)
  }
  if (requests.length === 0) failures.push(nothing())
  if (failures.length > 0) return { failures }
  const said = requests.some((request) => request.kind !== 'rxt') && implicit !== null && implicit.length > 0
  return { contexts, notes: said ? [`implicit packages: ${implicit.join(' ')}`] : [] }
}

/** A word with a slash that leads nowhere is a mistyped path, not a request: Rez names hold no slash. */
function requestsOf(options: AuditOptions, policy: Policy): readonly ContextRequest[] {
  const named = options.repos.length > 0 ? options.repos : policy.repos
  const repositories = (named.length > 0 ? named : options.packagesPath).map((repo) => resolve(options.folder, repo))
  const requests: ContextRequest[] = []
  const words: string[] = []
  for (const word of options.contexts) {
    const path = resolve(options.folder, word)
    const status = statSync(path, { throwIfNoEntry: false })
    if (word.endsWith('.rxt')) requests.push({ kind: 'rxt', file: path, repositories })
    else if (status?.isDirectory() === true) requests.push({ kind: 'folder', folder: path, repositories })
    else if (word.includes('/') || status !== undefined) requests.push({ kind: 'rxt', file: path, repositories })
    else words.push(word)
  }
  return words.length === 0 ? requests : [...requests, { kind: 'requests', requests: words, repositories }]
}

function nothing(): Fault {
  return faultAt('malformed', 'arguments', null, 'no context; name an .rxt file, a package folder, or Rez requests')
}
