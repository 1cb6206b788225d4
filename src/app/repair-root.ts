/** The use case of `repair apply`: the files of one context, put into a root folder. */
import { existsSync, realpathSync } from 'node:fs'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { RepairFile } from '../domain/repair.ts'
import { isInstalled, oldestOf } from '../repair/installed.ts'
import { contextFilePath } from '../repair/paths.ts'
import { isFault } from '../rez/repository/files.ts'
import { cpuOfLevel } from '../system/cpu.ts'
import { openSystem } from '../system/open.ts'
import { openFolderTree } from '../tree/folder.ts'
import { openNamedSources, placesWith } from './graft-sources.ts'
import type { ApplyPlan } from './repair-apply.ts'
import { planApply } from './repair-apply.ts'
import { applyOperations, recover } from './repair-journal.ts'
import type { RepairStore } from './repair-store.ts'
import { isStore, noRepairs, readStore } from './repair-store.ts'
import type { UnpackProgress } from './run-unpacked.ts'

export interface RootOptions {
  /** Folder of all repairs. */
  readonly folder: string
  readonly root: string
  /** Root folder that grafts come from; null takes the lock's. */
  readonly host: string | null
  /** Name of the context; null where there is one. */
  readonly context: string | null
  readonly graftRoot: string
  /** `NAME=SOURCE` in place of what the lock says of that name. */
  readonly graftFrom: readonly string[]
  /** Told what is unpacked of images that grafts come from. */
  readonly unpacking: UnpackProgress | null
}

export interface Applied {
  readonly changed: number
  /** What became of a run that was killed before; null without one. */
  readonly recovered: 'undone' | 'finished' | null
}

/**
 * Applies, or says everything that stands in the way; then nothing was touched.
 *
 * @throws as {@link applyOperations} does
 */
export async function applyToRoot(options: RootOptions, stop?: AbortSignal): Promise<Applied | readonly Fault[]> {
  const store = readStore(options.folder)
  if (!isStore(store)) return store
  const chosen = chooseContext(store, options)
  if ('message' in chosen) return [chosen]
  if (!existsSync(options.root)) return [faultAt('missing', options.root, null, 'no such folder')]
  const root = realpathSync(options.root)
  const recovered = recover(root)
  const inputs = store.locks.get(chosen.path)?.lock
  const named = options.host ?? inputs?.inputs?.host ?? null
  const host = named === 'none' ? null : named
  if (host !== null && !existsSync(host))
    return [faultAt('missing', host, null, 'no such folder; name the host with --host')]
  const files = filesOf(store, chosen)
  const grafts = files.flatMap(({ file }) => Object.values(file.grafts ?? {}))
  const places = placesWith(grafts, inputs?.sources ?? {}, options.graftFrom, process.cwd())
  if (isFault(places)) return [places]
  const sources = await openNamedSources(grafts, places, options.unpacking)
  if ('message' in sources) return [sources]
  const tree = openFolderTree(root)
  const plan = planApply(files, {
    root,
    tree,
    host: host === null ? null : { folder: realpathSync(host), tree: openFolderTree(host) },
    sources,
    graftRoot: options.graftRoot,
    places: inputs?.places ?? {},
  })
  const faults = [...plan.faults, ...notInstalled(plan.osPackages, tree)]
  if (faults.length > 0) return faults
  await applyOperations(root, plan.operations, stop)
  return { changed: plan.operations.length, recovered }
}

/** The context that is meant. */
export function chooseContext(
  store: RepairStore,
  { folder, context }: Pick<RootOptions, 'folder' | 'context'>,
): { readonly path: string; readonly file: RepairFile } | Fault {
  const all = [...store.files].filter(([, { file }]) => file.kind === 'context')
  const wanted = context === null ? all : all.filter(([path]) => path === contextFilePath(context))
  const [first] = wanted
  if (first === undefined) return noRepairs(folder, context)
  if (wanted.length > 1)
    return faultAt('malformed', folder, null, `holds ${wanted.length} contexts; name one with --context`)
  return { path: first[0], file: first[1].file }
}

/** The package files of a context, then its own. */
export function filesOf(
  store: RepairStore,
  context: { readonly path: string; readonly file: RepairFile },
): readonly { readonly path: string; readonly file: RepairFile }[] {
  const packages = (context.file.includes ?? []).flatMap((path) => {
    const stored = store.files.get(path)
    return stored === undefined ? [] : [{ path, file: stored.file }]
  })
  return [...packages, context]
}

/** OS packages come first, by the package manager of the image; a root that lacks one is not touched. */
function notInstalled(wanted: ApplyPlan['osPackages'], tree: ReturnType<typeof openFolderTree>): readonly Fault[] {
  if (wanted.length === 0) return []
  const system = openSystem(tree, { cpu: cpuOfLevel(1), rpmProgram: 'rpm' })
  const missing = wanted.flatMap(([name, entry]) => {
    const oldest = oldestOf(entry)
    return isInstalled(system, name, entry) ? [] : [oldest === null ? name : `${name} (${oldest} or newer)`]
  })
  if (missing.length === 0) return []
  return [
    faultAt('missing', 'os_packages', null, `not installed in the root yet: ${missing.join(' ')}; install them first`),
  ]
}
