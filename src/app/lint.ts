/** Lints packages about to be released: each variant against the released repositories, newest and oldest that fit. */
import { realpathSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { Context, Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt, faultAtLine } from '../domain/fault.ts'
import type { System } from '../domain/system.ts'
import type { Policy } from '../policy/policy.ts'
import { isPolicy } from '../policy/policy.ts'
import { isFolder, statusAt } from '../tree/status.ts'
import type { AuditFailure } from './audit.ts'
import { withBaseline } from './audit.ts'
import { auditContexts } from './audit-contexts.ts'
import type { AuditOptions } from './audit-options.ts'
import type { Baselined } from './baseline.ts'
import { loadContexts } from './contexts.ts'
import { loadPolicy } from './policy-file.ts'
import { openSystems } from './systems.ts'

/** What keeps a package from being built into a context, and whether the question was wrong or something is not there. */
interface Unlinted {
  readonly usage: readonly Fault[]
  readonly unread: readonly Fault[]
}

/** Lints the package folders that the options name. Only findings about them are kept. */
export async function lint(options: AuditOptions): Promise<Baselined | AuditFailure> {
  const policy = await loadPolicy(options.policy, options.folder)
  if (!isPolicy(policy)) return { failures: policy }
  const systems = await openSystems(options, policy)
  if ('message' in systems) return { failures: [systems] }
  const contexts: Context[] = []
  const notes: string[] = []
  const usage: Fault[] = []
  const unread: Fault[] = []
  const folders = options.contexts.map((word) => realFolder(resolve(options.folder, word)))
  for (const folder of folders) {
    const made = await contextsOf(folder, options, policy, systems.host)
    if ('usage' in made) {
      usage.push(...made.usage)
      unread.push(...made.unread)
    } else {
      contexts.push(...made.contexts)
      notes.push(...made.notes)
    }
  }
  if (usage.length > 0) return { failures: usage }
  const focus = (item: Package): boolean => folders.includes(item.base)
  const result = auditContexts(contexts, { options, policy, systems, notes: [...new Set(notes)], focus, unread })
  return withBaseline(result, options, policy)
}

/** Rez names what it finds by paths without links. */
function realFolder(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

async function contextsOf(
  folder: string,
  options: AuditOptions,
  policy: Policy,
  host: System | null,
): Promise<Unlinted | { readonly contexts: readonly Context[]; readonly notes: readonly string[] }> {
  const problem = folderProblem(folder)
  if (problem !== null) return { usage: [problem], unread: [] }
  const own = { ...options, contexts: [folder] }
  const newest = await loadContexts(own, policy, host)
  if ('failures' in newest) return sorted(newest.failures, folder)
  const [unbuilt] = newest.contexts.flatMap((context) => unbuiltProblem(context, folder) ?? [])
  if (unbuilt !== undefined) return { usage: [unbuilt], unread: [] }
  const [alone] = newest.contexts.flatMap((context) => repositoryProblem(context) ?? [])
  if (alone !== undefined) return { usage: [alone], unread: [] }
  const oldest = await loadContexts(own, policy, host, 'oldest')
  if ('failures' in oldest) return sorted(oldest.failures, folder)
  const known = new Set(newest.contexts.map(membersOf))
  const others = oldest.contexts
    .filter((context) => !known.has(membersOf(context)))
    .map((context) => ({ ...context, name: `${context.name} (oldest)` }))
  return { contexts: [...newest.contexts, ...others], notes: newest.notes }
}

function folderProblem(folder: string): Fault | null {
  const status = statusAt(folder)
  if (status === null)
    return faultAt('missing', folder, null, 'does not exist; name the folder of an installed package')
  if ('message' in status) return status
  if (status.isDirectory()) return null
  return faultAt('malformed', folder, null, 'is a file; name the folder of an installed package')
}

/** What is wrong with the package itself is a wrong question; what its requirements lead to could not be read. */
function sorted(failures: readonly Fault[], folder: string): Unlinted {
  const isOwn = ({ file, kind }: Fault): boolean =>
    kind !== 'unreadable' &&
    (file === folder || file.startsWith(`${folder}/`) || file === 'policy' || file === 'arguments')
  const usage = failures.filter(isOwn)
  const unread = failures
    .filter((fault) => !isOwn(fault))
    .map((fault) => (fault.file === 'requests' ? { ...fault, file: folder } : fault))
  return { usage, unread }
}

/** Rez leaves what only a build needs out of an installed package, and gives each variant a folder. */
function unbuiltProblem(context: Context, folder: string): Fault | null {
  const item = context.packages.find((member) => member.base === folder)
  if (item === undefined) return null
  const advice = 'build it first (rez build --install) and name the folder it was installed to'
  if (!isFolder(item.root)) {
    const message = `is not built: variant ${item.variant ?? 0} has no folder ${item.root.slice(folder.length + 1)}; ${advice}`
    return faultAtLine('missing', item.definition, item.lines?.['variants'] ?? null, message)
  }
  const key = ['build_command', 'build_system', 'requires_rez_version', 'preprocess', 'pre_build_commands'].find(
    (name) => item.lines?.[name] !== undefined,
  )
  const installed = basename(folder) === item.version && basename(dirname(folder)) === item.name
  if (key === undefined || installed) return null
  const message = `is a source package: an installed one has no ${key}; ${advice}`
  return faultAtLine('malformed', item.definition, item.lines?.[key] ?? null, message)
}

/** Without repositories a package stands alone: everything it requires would be missing. */
function repositoryProblem(context: Context): Fault | null {
  const [item, ...others] = context.packages
  const required = item?.requires.find((text) => !/^[!~.]/.test(text))
  if (item === undefined || others.length > 0 || required === undefined) return null
  const message = `${packageId(item)} requires ${required}; name the released repositories with --repo DIR, or in REZ_PACKAGES_PATH`
  return faultAt('malformed', item.definition, null, message)
}

/** Which packages a context has, whatever it is called. */
function membersOf(context: Context): string {
  return context.packages.map((item) => `${packageId(item)}[${item.variant ?? ''}]`).join(' ')
}
