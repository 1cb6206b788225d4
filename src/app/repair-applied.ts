/** Repairs laid over the worlds of an audit: the proof of a plan, and `--repairs DIR` of other commands. */
import type { ContextAudit, Finding } from '../domain/audit.ts'
import type { Context } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { PackageIndex } from '../domain/package-index.ts'
import type { AcceptEntry, RepairProblem } from '../domain/repair.ts'
import type { Tree } from '../domain/tree.ts'
import { anyGlob } from '../policy/glob.ts'
import { entriesOf } from '../repair/entries.ts'
import type { NamedRepair } from '../repair/environment.ts'
import { subjectOf } from '../repair/environment.ts'
import type { LaidRepairs } from '../repair/lay.ts'
import { layRepairs } from '../repair/lay.ts'
import { contextFilePath, packageFilePath } from '../repair/paths.ts'
import { planContext } from '../repair/plan.ts'
import { plannedEntry } from '../repair/plan-private.ts'
import type { Remedies } from '../repair/planned.ts'
import type { Drivers } from '../rules/knowledge/lookup.ts'
import type { AppliedRepairs } from './audit-contexts.ts'
import type { GraftSources } from './graft-sources.ts'
import { incompleteGrafts } from './incomplete-grafts.ts'
import type { RepairStore } from './repair-store.ts'
import type { Systems } from './systems.ts'

export interface ApplyingOptions extends Remedies {
  /** The repair files of a context: those of its packages, then its own. */
  filesFor(context: Context): readonly NamedRepair[]
  readonly index: PackageIndex | null
  readonly graftRoot: string
  /** Where grafts come from. */
  readonly sources: GraftSources
  readonly drivers: Drivers
  /** Problems that are known before anything is laid, such as conflicts of merging. */
  readonly known?: readonly RepairProblem[]
}

/** The files of a store that concern a context; `name` is that of its own file. */
export function storedFor(store: RepairStore, context: Context, name: string): readonly NamedRepair[] {
  const paths = [...context.packages.map(packageFilePath), contextFilePath(name)]
  return paths.flatMap((path) => {
    const stored = store.files.get(path)
    return stored === undefined ? [] : [{ path, file: stored.file }]
  })
}

/** Makes the port that an audit asks. */
export function applyRepairs(options: ApplyingOptions): AppliedRepairs {
  const laid = new Map<string, LaidRepairs>()
  const files = new Map<string, readonly NamedRepair[]>()
  const machines = new Map<string, Tree>()
  return {
    lay: (context, systems, machine) => {
      const repairs = options.filesFor(context)
      const result = layRepairs({ context, repairs, machine, ...sourcesOf(systems, options.sources), ...options })
      laid.set(context.name, result)
      files.set(context.name, repairs)
      machines.set(context.name, machine)
      return result
    },
    problems: (audit, today) => [
      ...(options.known ?? []),
      ...(laid.get(audit.context.name)?.problems ?? []),
      ...expired(files.get(audit.context.name) ?? [], today),
      ...incompleteGrafts(audit, files.get(audit.context.name) ?? [], options),
    ],
    ineffective: (audit, findings) => {
      const machine = machines.get(audit.context.name)
      const repairs = files.get(audit.context.name) ?? []
      return machine === undefined ? [] : ineffective(audit, findings, repairs, machine, options)
    },
    accepts: (finding, today) => {
      const contexts = finding.contexts.map((name) => laid.get(name)?.accepts ?? [])
      return (
        contexts.length > 0 &&
        contexts.every((accepts) => accepts.some((entry) => isCurrent(entry, today) && accepted(finding, entry)))
      )
    },
  }
}

function sourcesOf(systems: Systems, sources: GraftSources): Pick<Parameters<typeof layRepairs>[0], 'base' | 'source'> {
  return {
    base: systems.base,
    source: (source) => (source.kind === 'host' ? (systems.host?.tree ?? null) : sources.tree(source)),
  }
}

/** FIX002: a finding that is left although the entry that its own remedy would be is there already. */
function ineffective(
  audit: ContextAudit,
  findings: readonly Finding[],
  repairs: readonly NamedRepair[],
  machine: Tree,
  options: ApplyingOptions,
): readonly RepairProblem[] {
  const left = findings.filter(
    ({ contexts, world, severity }) => contexts.includes(audit.context.name) && world !== 'host' && severity !== 'note',
  )
  const range = (): { range: string; found: string; confidence: 'exact' } => ({
    range: '',
    found: '',
    confidence: 'exact',
  })
  const plan = planContext(audit, left, { ...options, supplies: options.sources.order, machine, range })
  const planned = [...plan.entries, ...plan.apart.flatMap(({ entries }) => entries.map(plannedEntry))]
  const byPrint = new Map(left.map((finding) => [finding.fingerprint, finding]))
  return repairs.flatMap(({ path, file }) => {
    const item = subjectOf(file, audit.context.packages)
    const there = new Set(entriesOf(file).map(({ keys }) => keys.join('\0')))
    return planned
      .filter(({ owner, keys }) => owner === item && keys[0] !== 'binds' && there.has(keys.join('\0')))
      .flatMap(({ keys, clears }) => {
        const names = clears.map((print) => byPrint.get(print)).filter((finding) => finding !== undefined)
        if (names.length === 0) return []
        const shown = names.slice(0, 3).map(({ rule, subject }) => `${rule} of ${subject}`)
        const more = names.length > 3 ? ` and ${names.length - 3} more` : ''
        const problem: RepairProblem = {
          rule: 'FIX002',
          file: path,
          entry: keys.join(' '),
          package: item === null ? null : packageId(item),
          message: `it is meant to clear ${shown.join(', ')}${more}, which is still there`,
          evidence: { findings: names.map(({ rule, subject }) => `${rule} ${subject}`) },
        }
        return [problem]
      })
  })
}

/** The last day counts. */
function isCurrent({ expires }: AcceptEntry, today: string): boolean {
  return expires === undefined || expires >= today
}

/** FIX001: decisions whose last day is over. */
function expired(repairs: readonly NamedRepair[], today: string): readonly RepairProblem[] {
  return repairs.flatMap(({ path, file }) =>
    Object.entries(file.accept ?? {})
      .filter(([, entry]) => !isCurrent(entry, today))
      .map(([name, { rule, expires = '' }]) => ({
        rule: 'FIX001' as const,
        file: path,
        entry: `accept ${name}`,
        package: null,
        message: `it expired on ${expires}: what it accepts of ${rule} counts again`,
        evidence: { expires },
      })),
  )
}

function accepted(finding: Finding, entry: AcceptEntry): boolean {
  if (entry.rule !== finding.rule && entry.rule !== finding.name) return false
  const { where = {} } = entry
  const name = finding.package?.replace(/-.*$/s, '') ?? ''
  if (where.package !== undefined && where.package !== name && where.package !== finding.package) return false
  if (where.subject !== undefined && !anyGlob([where.subject])(finding.subject)) return false
  return where.file === undefined || finding.objects.every(anyGlob([where.file]))
}
