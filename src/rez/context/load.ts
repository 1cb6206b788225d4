/** Loads the context that a request names: packages, their payload roots, and the environment that they make. */
import { capturedEnvironment } from './captured.ts'
import { areFaults } from './request.ts'
import { contextMember } from '../repository/package.ts'
import { DEFAULT_SETTINGS } from '../configuration/settings.ts'
import { draftsOf } from './drafts.ts'
import { environmentWithFiles } from '../commands/with-files.ts'
import { isFault } from '../repository/files.ts'
import { overlap } from '../repository/overlap.ts'
import { proposalNotes } from './proposals.ts'
import type { Context, Environment } from '../../domain/context.ts'
import type { ContextOptions, ContextReading, ContextRequest, Faults } from './request.ts'
import type { Draft } from './drafts.ts'

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

async function finish(draft: Draft, options: ContextOptions): Promise<Context | Faults> {
  const settings = options.settings ?? DEFAULT_SETTINGS
  const made = await overlap(draft.members, options.jobs, (member) => {
    const make = (): ReturnType<typeof contextMember> =>
      contextMember(member, options.payload, options.files, settings.shortlinks)
    return options.shared?.member(member, make) ?? make()
  })
  const wrong = made.flatMap((one) => ('faults' in one ? one.faults : []))
  if (wrong.length > 0) return { faults: wrong }
  const members = made.flatMap((one) => ('faults' in one ? [] : [one]))
  const packages = members.map((member) => member.package)
  const common = { name: draft.name, requests: draft.requests, packages, faults: draft.faults }
  if (options.environmentFile !== null) {
    const captured = await capturedEnvironment(options.environmentFile, { packages, settings, files: options.files })
    if (isFault(captured)) return { faults: [captured] }
    const { environment, notes } = captured
    return proposed({ ...common, environment, unevaluated: [], notes: [...draft.notes, ...notes] })
  }
  const { environment, actions, unevaluated, notes } = await environmentWithFiles(
    {
      packages: members,
      requests: draft.requests,
      ephemerals: draft.ephemerals,
      separators: settings.separators,
      ...(draft.system === null ? {} : { system: draft.system }),
      ...(draft.implicit === null ? {} : { implicits: draft.implicit }),
      ...(options.parent === undefined ? {} : { parent: options.parent }),
    },
    options.files,
  )
  return proposed({
    ...common,
    environment: withSystemPaths(environment, settings.systemPaths ?? []),
    actions,
    unevaluated,
    notes: [...draft.notes, ...notes, ...parentNotes(environment, settings.parentVariables)],
  })
}

/** Says which folders outside the repositories look like payload. */
function proposed(context: Context): Context {
  return { ...context, notes: [...context.notes, ...proposalNotes(context)] }
}

/** Rez puts the system's folders at the end of PATH; which they are is known only where its configuration says so. */
function withSystemPaths(environment: Environment, folders: readonly string[]): Environment {
  if (folders.length === 0) return environment
  const entries = folders.map((value) => ({ value, package: null }))
  const path = environment.variables.find(({ name }) => name === 'PATH')
  const others = environment.variables.filter((variable) => variable !== path)
  const extended = { name: 'PATH', separator: ':', entries: [...(path?.entries ?? []), ...entries] }
  return { ...environment, variables: [...others, extended].sort((a, b) => (a.name < b.name ? -1 : 1)) }
}

/** Rez adds to what the caller has in these variables; the caller is not known. */
function parentNotes({ variables }: Environment, parents: ReadonlySet<string> | true): readonly string[] {
  const all =
    parents === true
      ? variables.filter(({ name }) => !name.startsWith('REZ_'))
      : variables.filter(({ name }) => parents.has(name))
  if (all.length === 0) return []
  const names = parents === true ? 'every variable' : all.map(({ name }) => name).join(', ')
  return [`${names} also keeps what the caller has in it (parent_variables), which is not known here`]
}
