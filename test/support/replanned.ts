/** Repairs as `airtight repair` makes them again: planned once, edited by hand, and planned for what the studio is now. */
import type { Audit } from '../../src/domain/audit.ts'
import type { Context } from '../../src/domain/context.ts'
import { auditContexts } from '../../src/app/audit-contexts.ts'
import { applyRepairs } from '../../src/app/repair-applied.ts'
import type { MergedFiles } from '../../src/app/repair-merge.ts'
import { mergeStore } from '../../src/app/repair-merge.ts'
import type { RepairOptions } from '../../src/app/repair-options.ts'
import { HOST_ALONE } from '../../src/app/graft-sources.ts'
import { rangeOf } from '../../src/app/repair-ranges.ts'
import { DEFAULT_PREFERENCE } from '../../src/repair/planned.ts'
import { planInRounds } from '../../src/app/repair-rounds.ts'
import type { RepairStore } from '../../src/app/repair-store.ts'
import { isStore, readStore, writeStore } from '../../src/app/repair-store.ts'
import type { NamedRepair } from '../../src/repair/environment.ts'
import { GRAFT_ROOT } from '../../src/repair/paths.ts'
import { driversWith } from '../../src/rules/knowledge/lookup.ts'
import { openFolderTree } from '../../src/tree/folder.ts'
import { auditOptionsOf } from './audit-options.ts'
import type { Edit, OpenedStudio, StudioSpec } from './studio.ts'
import { openStudio } from './studio.ts'
import { makeFolder } from './system/folder.ts'

/** What a second run would write after an edit, and the audit with it in place. */
export interface Replanned {
  readonly merged: MergedFiles
  readonly audit: Audit
}

/** Plans repairs for the studio as it was, edits files, and plans again for the studio as it is now. */
export function replan(now: StudioSpec, { first, edits }: NonNullable<StudioSpec['replanned']>): Replanned {
  const folder = makeFolder({})
  const options = optionsOf(folder)
  writeStore(folder, plan(openStudio(first), storeOf(folder), options).changes)
  for (const edit of edits) writeStore(folder, new Map([[edit.file, edited(storeOf(folder), edit)]]))
  const opened = openStudio(now)
  const merged = plan(opened, storeOf(folder), options)
  const known = merged.problems.get(opened.context.name) ?? []
  return { merged, audit: evaluate(opened, options, merged.filesFor(opened.context), known) }
}

function storeOf(folder: string): RepairStore {
  const store = readStore(folder)
  if (!isStore(store)) throw new Error(JSON.stringify(store))
  return store
}

function edited(store: RepairStore, { file, from, to }: Edit): string {
  const text = store.files.get(file)?.text ?? ''
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}:\n${text}`)
  return text.replace(from, to)
}

function plan(opened: OpenedStudio, store: RepairStore, options: RepairOptions): MergedFiles {
  const { context, base, policy } = opened
  const machine = openFolderTree('/')
  const run = (_: Context, files: readonly NamedRepair[]): Audit => evaluate(opened, options, files)
  const { entries } = planInRounds(context, run, {
    index: null,
    supplies: HOST_ALONE.order,
    machine,
    graftRoot: GRAFT_ROOT,
    preference: DEFAULT_PREFERENCE,
    never: new Set(),
    drivers: driversWith(policy),
    range: (action) => rangeOf(action, machine),
  })
  return mergeStore({ store, contexts: [{ context, entries }], base, options, sources: {} })
}

function evaluate(
  { context, host, base, policy }: OpenedStudio,
  options: RepairOptions,
  files: readonly NamedRepair[],
  known: Parameters<typeof applyRepairs>[0]['known'] = [],
): Audit {
  const repairs = applyRepairs({
    filesFor: () => files,
    index: null,
    graftRoot: GRAFT_ROOT,
    sources: HOST_ALONE,
    preference: DEFAULT_PREFERENCE,
    never: new Set(),
    drivers: driversWith(policy),
    known,
  })
  return auditContexts([context], { options, policy, systems: { host, base, notes: [] }, notes: [], repairs })
}

function optionsOf(folder: string): RepairOptions {
  return {
    ...auditOptionsOf({ folder }),
    baseline: false,
    out: folder,
    index: null,
    graftRoot: GRAFT_ROOT,
    preference: null,
    never: [],
    graftFrom: [],
    unpacking: null,
    name: null,
    toolVersion: '0.0.0',
  }
}
