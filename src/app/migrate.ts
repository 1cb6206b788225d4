/** The use case of moving contexts from one base to another: examine in both, judge, plan. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Finding } from '../domain/audit.ts'
import type { Context } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt, faultText } from '../domain/fault.ts'
import type { ElfHeader } from '../domain/object.ts'
import type { Cpu, System } from '../domain/system.ts'
import type { Tree } from '../domain/tree.ts'
import type { MigrationPlan, TargetPlan } from '../migrate/document.ts'
import { MIGRATION_SCHEMA } from '../migrate/document.ts'
import { judgeMove, mergeMoves } from '../migrate/findings.ts'
import type { Prefer } from '../migrate/plan.ts'
import { planTarget } from '../migrate/plan.ts'
import type { Policy } from '../policy/policy.ts'
import { isPolicy } from '../policy/policy.ts'
import { buildFacts } from '../rules/facts/facts.ts'
import type { Move } from '../rules/facts/move.ts'
import type { Stock } from '../rules/facts/stock.ts'
import { buildMove } from '../rules/facts/move.ts'
import { driversWith } from '../rules/knowledge/lookup.ts'
import { parseCpu } from '../system/cpu.ts'
import { openSource } from '../system/source.ts'
import { SharedSymbols } from '../system/world.ts'
import type { Readings } from '../system/world.ts'
import type { Repository } from '../rez/repository/repository.ts'
import { openFolderTree } from '../tree/folder.ts'
import type { AuditFailure } from './audit.ts'
import type { AuditOptions } from './audit-options.ts'
import { loadContexts } from './contexts.ts'
import { examine } from './examine.ts'
import { loadPolicy } from './policy-file.ts'
import { packageFolders } from './repository-packages.ts'
import { stockOf } from './stock.ts'
import { summarise } from './systems.ts'

export interface MigrateOptions {
  readonly audit: AuditOptions
  /** Sources of the systems, as on the command line. */
  readonly from: string
  readonly to: readonly string[]
  readonly prefer: Prefer
  /** Without a context: only the newest version of each package of the repositories. */
  readonly latest: boolean
}

/** Plans the move; a failure means that the question was wrong. */
export async function migrate(options: MigrateOptions): Promise<MigrationPlan | AuditFailure> {
  const { audit } = options
  const policy = await loadPolicy(audit.policy, audit.folder)
  if (!isPolicy(policy)) return { failures: policy }
  const cpu = audit.cpu === null ? null : parseCpu(audit.cpu)
  if (cpu !== null && 'message' in cpu) return { failures: [cpu] }
  const from = await open(options.from, cpu, audit.folder)
  if ('message' in from) return { failures: [from] }
  const targets: System[] = []
  for (const spec of options.to) {
    const target = await open(spec, cpu, audit.folder)
    if ('message' in target) return { failures: [target] }
    targets.push(target)
  }
  const loaded = await loadAll(options, policy, from)
  if ('failures' in loaded) return loaded
  return planMoves(loaded, { options, policy, from, targets })
}

async function open(spec: string, cpu: Cpu | null, folder: string): Promise<System | Fault> {
  const path = resolve(folder, spec)
  return openSource(spec.includes(':') || !existsSync(path) ? spec : path, cpu)
}

export interface Loaded {
  readonly contexts: readonly Context[]
  readonly notes: readonly string[]
  readonly skipped: readonly string[]
}

/** The contexts that are named, else one for each package of the repositories. */
async function loadAll(options: MigrateOptions, policy: Policy, from: System): Promise<Loaded | AuditFailure> {
  const { audit } = options
  if (audit.contexts.length > 0) {
    const loaded = await loadContexts(audit, policy, from)
    return 'failures' in loaded ? loaded : { ...loaded, skipped: [] }
  }
  const folders = packageFolders(
    audit.repos.map((repo) => resolve(audit.folder, repo)),
    options.latest,
  )
  if (folders.length === 0) {
    const text = 'no context; name contexts, or a repository with --repo to move every package of it'
    return { failures: [faultAt('malformed', 'arguments', null, text)] }
  }
  const contexts: Context[] = []
  const skipped: string[] = []
  const opened = new Map<string, Repository>()
  for (const folder of folders) {
    // One package that does not resolve must not hide what is to be said of the others.
    const loaded = await loadContexts({ ...audit, contexts: [folder] }, policy, from, 'newest', opened)
    if ('failures' in loaded) skipped.push(...loaded.failures.map(faultText))
    else contexts.push(...loaded.contexts)
  }
  return {
    contexts,
    notes: [`${contexts.length} packages of ${audit.repos.join(', ')}, each with what it requires`],
    skipped,
  }
}

export interface MoveSetting {
  readonly options: Pick<MigrateOptions, 'prefer'> & { readonly audit: Pick<AuditOptions, 'progress' | 'today'> }
  readonly policy: Policy
  readonly from: System
  readonly targets: readonly System[]
}

/** Plans the move of contexts that are loaded already. */
export function planMoves({ contexts, notes, skipped }: Loaded, setting: MoveSetting): MigrationPlan {
  const { options, policy, from, targets } = setting
  const readings: Readings = new Map()
  const symbols = new SharedSymbols()
  const machine = openFolderTree('/')
  const fromStock = stockOf(from)
  const incomplete = new Set(skipped)
  const plans = targets.map((to): TargetPlan => {
    const toStock = stockOf(to)
    const found: Finding[] = []
    let header: ElfHeader | null = null
    // One after the other: all worlds of a whole repository at once are too many.
    function* moves(): Generator<Move> {
      for (const context of contexts) {
        const moved = moveOf(context, { ...setting, readings, symbols, machine, fromStock, toStock, to })
        for (const fault of moved.faults) incomplete.add(faultText(fault))
        header ??= moved.move.facts.audit.objects[0]?.reading.header ?? null
        found.push(...judgeMove(moved.move, policy))
        yield moved.move
      }
    }
    const plan = planTarget(moves(), to.label, options.prefer)
    const { label, os, libc } = summarise(to, header)
    return {
      base: label,
      os,
      libc,
      profile: to.tells !== undefined,
      ...plan,
      findings: mergeMoves(found, policy, options.audit.today),
    }
  })
  const { label, os, libc } = summarise(from, null)
  return {
    schema: MIGRATION_SCHEMA,
    tool: 'airtight',
    contexts: contexts.map(({ name }) => name),
    from: { base: label, os, libc },
    prefer: options.prefer,
    targets: plans,
    notes: [...new Set([...notes, ...from.notes, ...targets.flatMap((system) => system.notes)])],
    incomplete: [...incomplete].sort(),
  }
}

interface TargetSetting extends MoveSetting {
  readonly readings: Readings
  readonly symbols: SharedSymbols
  readonly machine: Tree
  readonly fromStock: Stock
  readonly toStock: Stock
  readonly to: System
}

function moveOf(
  context: Context,
  { options, policy, from, to, readings, symbols, machine, fromStock, toStock }: TargetSetting,
): { readonly move: Move; readonly faults: readonly Fault[] } {
  const drivers = driversWith(policy, to.declaration)
  const examined = examine({
    context,
    machine,
    host: from,
    base: to,
    policy,
    drivers,
    readings,
    symbols,
    focus: null,
    withCommands: false,
    progress: options.audit.progress,
  })
  const facts = buildFacts(examined.audit, 'audit', drivers)
  return {
    move: buildMove(facts, { from, to, fromStock, toStock }),
    faults: [...context.faults, ...examined.faults],
  }
}
