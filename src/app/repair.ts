/** The use case of `repair`: plan, merge with what people wrote, prove what would be written, and only then hand it out. */
import type { Audit, Finding } from '../domain/audit.ts'
import type { Context } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import type { PackageIndex } from '../domain/package-index.ts'
import { openFolderTree } from '../tree/folder.ts'
import { contextFilePath } from '../repair/paths.ts'
import type { PlannedEntry } from '../repair/planned.ts'
import { isPolicy } from '../policy/policy.ts'
import { driversWith } from '../rules/knowledge/lookup.ts'
import { auditContexts, keptFiles } from './audit-contexts.ts'
import type { AuditFailure } from './audit.ts'
import { loadContexts } from './contexts.ts'
import type { GraftSources } from './graft-sources.ts'
import { openGraftSources } from './graft-sources.ts'
import { loadPolicy } from './policy-file.ts'
import type { ApplyingOptions } from './repair-applied.ts'
import { applyRepairs } from './repair-applied.ts'
import type { MergedFiles } from './repair-merge.ts'
import { mergeStore } from './repair-merge.ts'
import { openIndex } from './repair-index.ts'
import type { RepairOptions } from './repair-options.ts'
import { rangeOf } from './repair-ranges.ts'
import { graftTexts, remediesOf } from './remedies.ts'
import type { PlannedContext } from './repair-rounds.ts'
import { planInRounds } from './repair-rounds.ts'
import type { RepairStore } from './repair-store.ts'
import { isStore, readStore } from './repair-store.ts'
import { openSystems } from './systems.ts'

/** What one context's plan came to. */
export interface RepairedContext {
  readonly name: string
  readonly plan: PlannedContext
  /** With the files that would be written laid over its worlds. */
  readonly proof: Audit
}

export interface RepairOutcome {
  readonly contexts: readonly RepairedContext[]
  readonly merged: MergedFiles
  readonly notes: readonly string[]
  /** What could not be read although it may change a verdict. */
  readonly incomplete: readonly string[]
}

/** Plans and proves; nothing is written. */
export async function repair(options: RepairOptions): Promise<RepairOutcome | AuditFailure> {
  const opened = await openAll(options)
  if ('failures' in opened) return opened
  const { contexts, index, store } = opened
  const named = contexts.map((context) => ({ ...context, name: options.name ?? context.name }))
  const evaluate = evaluator(opened, options)
  const machine = openFolderTree('/')
  const plans = named.map((context) =>
    planInRounds(context, evaluate, {
      ...remedies(opened, options),
      index,
      supplies: opened.sources.order,
      machine,
      graftRoot: options.graftRoot,
      range: (action) => rangeOf(action, machine),
    }),
  )
  const merged = mergeStore({
    store,
    contexts: named.map((context, at) => ({ context, entries: plans[at]?.entries ?? [] })),
    base: opened.systems.base,
    options,
    sources: opened.sources.places,
  })
  const proved = named.map((context, at): RepairedContext => {
    const plan = plans[at] ?? { entries: [], before: evaluate(context, []), seen: [], withheld: [] }
    const known = merged.problems.get(context.name) ?? []
    return { name: context.name, plan, proof: evaluate(context, merged.filesFor(context), known) }
  })
  const incomplete = proved.flatMap(({ proof }) => proof.incomplete)
  return { contexts: proved, merged, notes: opened.notes, incomplete: [...new Set(incomplete)].sort() }
}

interface Opened {
  readonly policy: Parameters<typeof auditContexts>[1]['policy']
  readonly systems: Parameters<typeof auditContexts>[1]['systems']
  readonly contexts: readonly Context[]
  readonly notes: readonly string[]
  readonly index: PackageIndex | null
  readonly store: RepairStore
  readonly sources: GraftSources
}

async function openAll(options: RepairOptions): Promise<Opened | AuditFailure> {
  const policy = await loadPolicy(options.policy, options.folder)
  if (!isPolicy(policy)) return { failures: policy }
  const systems = await openSystems(options, policy)
  if ('message' in systems) return { failures: [systems] }
  if (systems.base === null) return { failures: [noBase()] }
  const loaded = await loadContexts(options, policy, systems.host)
  if ('failures' in loaded) return loaded
  const store = readStore(options.out)
  if (!isStore(store)) return { failures: store }
  const index = await openIndex(options.index, systems.base)
  if (index !== null && 'message' in index) return { failures: [index] }
  const sources = await openGraftSources(graftTexts(policy, options), options.folder, options.unpacking)
  if ('message' in sources) return { failures: [sources] }
  const contexts = chosenContexts(loaded.contexts, options.name)
  const repeated = repeatedNames(contexts, options.name)
  if (repeated !== null) return { failures: [repeated] }
  const own = contexts.flatMap((context) => context.notes)
  const notes = [...new Set([...loaded.notes, ...systems.notes, ...own])]
  return { policy, systems, contexts, notes, index, store, sources }
}

function evaluator(opened: Opened, options: RepairOptions) {
  // What repairs lay over files has an identity of its own: what was read of a file serves in every round.
  const kept = keptFiles()
  return (
    context: Context,
    files: ReturnType<ApplyingOptions['filesFor']>,
    known: NonNullable<ApplyingOptions['known']> = [],
  ): Audit => {
    const { policy, systems, index, sources } = opened
    const { graftRoot } = options
    const setting = { filesFor: () => files, index, graftRoot, sources, known }
    const repairs = applyRepairs({ ...setting, ...remedies(opened, options) })
    return auditContexts([context], { options, policy, systems, notes: [], repairs, kept })
  }
}

function remedies(
  { policy, systems }: Opened,
  options: RepairOptions,
): Pick<ApplyingOptions, 'preference' | 'never' | 'drivers'> {
  return { ...remediesOf(policy, options), drivers: driversWith(policy, systems.base?.declaration) }
}

function noBase(): Fault {
  const message = 'repairs are made for a base: name the image of tomorrow; --base FOLDER or --base base.yaml'
  return { kind: 'missing', file: 'arguments', offset: null, line: null, message }
}

/**
 * Of several contexts that arguments lead to, as a suite or a package with variants does, the one that bears the name;
 * a single one is called by it, whatever its own is.
 */
export function chosenContexts(contexts: readonly Context[], name: string | null): readonly Context[] {
  const own = contexts.filter((context) => context.name === name)
  return contexts.length > 1 && own.length === 1 ? own : contexts
}

/** Two contexts of one name would share one file. */
function repeatedNames(contexts: readonly Context[], name: string | null): Fault | null {
  const paths = contexts.map((context) => contextFilePath(name ?? context.name))
  const twice = paths.find((path, at) => paths.indexOf(path) !== at)
  if (twice === undefined) return null
  const message = `two contexts would be written to ${twice}; repair them one by one with --name`
  return { kind: 'malformed', file: 'arguments', offset: null, line: null, message }
}

/** How many findings of each severity an audit has. */
export function countFindings(audit: Audit): Readonly<Record<'error' | 'warn' | 'note', number>> {
  const counts = { error: 0, warn: 0, note: 0 }
  for (const { severity } of audit.findings) if (severity !== 'off') counts[severity] += 1
  return counts
}

/** What an entry clears, most first: how many findings, in how many packages. */
export function clearing(plan: PlannedContext): readonly {
  readonly entry: PlannedEntry
  readonly findings: number
  readonly packages: number
}[] {
  const byPrint = new Map<string, Finding[]>()
  for (const finding of plan.seen) {
    const list = byPrint.get(finding.fingerprint)
    if (list === undefined) byPrint.set(finding.fingerprint, [finding])
    else list.push(finding)
  }
  return plan.entries
    .map((entry) => {
      const cleared = entry.clears.flatMap((print) => byPrint.get(print)?.slice(0, 1) ?? [])
      const packages = new Set(cleared.map((finding) => finding.package ?? ''))
      return { entry, findings: entry.clears.length, packages: packages.size }
    })
    .sort((a, b) => b.findings - a.findings || (a.entry.keys.join(' ') < b.entry.keys.join(' ') ? -1 : 1))
}
