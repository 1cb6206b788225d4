/** `closure --repairs DIR`: the repairs of one context laid over a root that was opened without a context. */
import { existsSync } from 'node:fs'
import type { Context, Package } from '../domain/context.ts'
import { variableValue } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { RepairProblem } from '../domain/repair.ts'
import type { System } from '../domain/system.ts'
import type { Overlay, Tree } from '../domain/tree.ts'
import { layRepairs } from '../repair/lay.ts'
import { GRAFT_ROOT } from '../repair/paths.ts'
import { builtinDrivers } from '../rules/knowledge/lookup.ts'
import { cpuOfLevel } from '../system/cpu.ts'
import { openFolderTree } from '../tree/folder.ts'
import { openNamedSources, presentPlaces } from './graft-sources.ts'
import { chooseContext, filesOf } from './repair-root.ts'
import { isStore, readStore } from './repair-store.ts'

export interface ClosureRepairs {
  /** Folder of all repairs. */
  readonly folder: string
  /** Name of the context; null where the folder holds one. */
  readonly context: string | null
  /** Where grafts come from; null takes the host of the plan. */
  readonly host: string | null
}

export interface LaidOverRoot {
  readonly overlay: Overlay
  /** LD_LIBRARY_PATH with what the repairs change. */
  readonly libraryPath: string | null
  readonly problems: readonly RepairProblem[]
}

/** Lays the repairs over the root; packages are those of the plan, at the places of the plan. */
export async function layOverRoot(
  { folder, context: wanted, host }: ClosureRepairs,
  system: System,
  libraryPath: string | null,
): Promise<LaidOverRoot | Fault> {
  if (!existsSync(folder)) return faultAt('missing', folder, null, 'no such folder of repairs')
  const store = readStore(folder)
  if (!isStore(store)) return store[0] ?? faultAt('malformed', folder, null, 'holds no repairs')
  const chosen = chooseContext(store, { folder, context: wanted })
  if ('message' in chosen) return chosen
  const lock = store.locks.get(chosen.path)?.lock ?? null
  const source = await hostTree(host ?? lock?.inputs?.host ?? null)
  if (source !== null && 'message' in source) return source
  const files = filesOf(store, chosen)
  const grafts = files.flatMap(({ file }) => Object.values(file.grafts ?? {}))
  const sources = await openNamedSources(grafts, presentPlaces(lock?.sources ?? {}))
  if ('message' in sources) return sources
  const context = contextOf(chosen.file.subject, lock?.places ?? {}, libraryPath)
  const laid = layRepairs({
    context,
    repairs: files,
    machine: system.tree,
    base: system,
    source: (asked) => (asked.kind === 'host' ? source : sources.tree(asked)),
    index: null,
    graftRoot: GRAFT_ROOT,
    drivers: builtinDrivers,
  })
  return {
    overlay: new Map([...laid.packages, ...laid.image]),
    libraryPath: variableValue(laid.context.environment, 'LD_LIBRARY_PATH'),
    problems: laid.problems,
  }
}

async function hostTree(host: string | null): Promise<Tree | Fault | null> {
  if (host === null || host === 'none') return null
  if (host === '/') return openFolderTree('/')
  const { openSource } = await import('../system/source.ts')
  const system = await openSource(host, cpuOfLevel(1))
  return 'message' in system ? system : system.tree
}

/** The packages that the plan was made for, as far as paths need them. */
function contextOf(
  subject: { readonly packages?: Readonly<Record<string, string>> } | object,
  places: Readonly<Record<string, readonly string[]>>,
  libraryPath: string | null,
): Context {
  const versions = 'packages' in subject ? (subject.packages ?? {}) : {}
  const entries = (libraryPath ?? '').split(':').filter((value) => value !== '')
  const variables =
    entries.length === 0
      ? []
      : [
          {
            name: 'LD_LIBRARY_PATH',
            entries: entries.map((value) => ({ value, package: null })),
            separator: ':',
          },
        ]
  return {
    name: '',
    requests: [],
    packages: Object.entries(places).map(([name, payload]) => packageAt(name, versions[name] ?? '', payload)),
    environment: { variables, aliases: [] },
    unevaluated: [],
    faults: [],
    notes: [],
  }
}

function packageAt(name: string, text: string, payload: readonly string[]): Package {
  const [version = '', ...variantRequires] = text.split('/')
  const root = payload[0] ?? '/'
  return {
    name,
    version,
    variant: null,
    variantRequires,
    requires: [],
    buildRequires: [],
    privateBuildRequires: [],
    tools: [],
    repository: root,
    definition: root,
    base: root,
    root,
    payload,
    excluded: [],
    unevaluated: [],
  }
}
