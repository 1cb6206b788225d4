/** The use case of moving contexts from one base to another: examine in both, judge, plan. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Context } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt, faultText } from '../domain/fault.ts'
import type { ElfHeader } from '../domain/object.ts'
import type { Cpu, System } from '../domain/system.ts'
import { SharedClosures } from '../loader/shared-closures.ts'
import type { MigrationPlan, TargetPlan } from '../migrate/document.ts'
import { MIGRATION_SCHEMA } from '../migrate/document.ts'
import { judgeMove, mergedMoves } from '../migrate/findings.ts'
import type { Prefer } from '../migrate/plan.ts'
import { TargetPlanner } from '../migrate/plan.ts'
import type { Policy } from '../policy/policy.ts'
import { isPolicy } from '../policy/policy.ts'
import { moveFacts } from '../rules/facts/facts.ts'
import type { Move } from '../rules/facts/move.ts'
import type { Stock } from '../rules/facts/stock.ts'
import { buildMove } from '../rules/facts/move.ts'
import { driversWith } from '../rules/knowledge/lookup.ts'
import { FindingMerger } from '../rules/finding.ts'
import { parseCpu } from '../system/cpu.ts'
import { openSource } from '../system/source.ts'
import { SharedSymbols } from '../system/world.ts'
import type { Readings } from '../system/world.ts'
import { Shared } from '../rez/context/shared.ts'
import { openFolderTree } from '../tree/folder.ts'
import type { AuditFailure } from './audit.ts'
import type { AuditOptions } from './audit-options.ts'
import { loadContexts } from './contexts.ts'
import { examine } from './examine.ts'
import { LinkMaps } from './link-maps.ts'
import { loadPolicy } from './policy-file.ts'
import { PayloadObjects } from './payload-objects.ts'
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
  const setting: MoveSetting = { options, policy, from, targets }
  return audit.contexts.length > 0 ? moveNamed(setting, audit) : moveRepositories(setting, options)
}

/** The contexts that are named. */
async function moveNamed(setting: MoveSetting, audit: AuditOptions): Promise<MigrationPlan | AuditFailure> {
  const loaded = await loadContexts(audit, setting.policy, setting.from)
  return 'failures' in loaded ? loaded : planMoves(loaded, setting)
}

/** One context for each package of the repositories: each is let go of before the next one is made. */
async function moveRepositories(
  setting: MoveSetting,
  { audit, latest }: MigrateOptions,
): Promise<MigrationPlan | AuditFailure> {
  const { policy, from } = setting
  const folders = packageFolders(
    audit.repos.map((repo) => resolve(audit.folder, repo)),
    latest,
  )
  if (folders.length === 0) {
    const text = 'no context; name contexts, or a repository with --repo to move every package of it'
    return { failures: [faultAt('malformed', 'arguments', null, text)] }
  }
  const moves = new Moves(setting)
  const shared = new Shared()
  for (const folder of folders) {
    // One package that does not resolve must not hide what is to be said of the others.
    const loaded = await loadContexts({ ...audit, contexts: [folder] }, policy, from, 'newest', shared)
    if ('failures' in loaded) moves.skip(loaded.failures)
    else for (const context of loaded.contexts) moves.add(context)
  }
  return moves.plan([`${moves.count} packages of ${audit.repos.join(', ')}, each with what it requires`])
}

async function open(spec: string, cpu: Cpu | null, folder: string): Promise<System | Fault> {
  const path = resolve(folder, spec)
  return openSource(spec.includes(':') || !existsSync(path) ? spec : path, cpu, null, { remember: true })
}

export interface MoveSetting {
  readonly options: Pick<MigrateOptions, 'prefer'> & { readonly audit: Pick<AuditOptions, 'progress' | 'today'> }
  readonly policy: Policy
  readonly from: System
  readonly targets: readonly System[]
}

/** Plans the move of contexts that are loaded already. */
export function planMoves(
  { contexts, notes }: { readonly contexts: readonly Context[]; readonly notes: readonly string[] },
  setting: MoveSetting,
): MigrationPlan {
  const moves = new Moves(setting)
  for (const context of contexts) moves.add(context)
  return moves.plan(notes)
}

/** What is known of one target. */
interface Target {
  readonly to: System
  readonly stock: Stock
  readonly planner: TargetPlanner
  readonly findings: FindingMerger
  /** Of the first object. */
  header: ElfHeader | null
}

/** Contexts are moved one after the other: all worlds of a whole repository at once are too many. */
class Moves {
  readonly #setting: MoveSetting
  readonly #fromStock: Stock
  readonly #targets: readonly Target[]
  readonly #machine = openFolderTree('/', [], true)
  readonly #readings: Readings = new Map()
  readonly #symbols = new SharedSymbols()
  readonly #closures = { shared: new SharedClosures(), maps: new LinkMaps() }
  readonly #payloads = new PayloadObjects()
  readonly #names: string[] = []
  readonly #incomplete = new Set<string>()

  constructor(setting: MoveSetting) {
    const { options, from, targets } = setting
    this.#setting = setting
    this.#fromStock = stockOf(from)
    this.#targets = targets.map((to) => ({
      to,
      stock: stockOf(to),
      planner: new TargetPlanner(to.label, options.prefer),
      findings: new FindingMerger(),
      header: null,
    }))
  }

  get count(): number {
    return this.#names.length
  }

  skip(faults: readonly Fault[]): void {
    for (const fault of faults) this.#incomplete.add(faultText(fault))
  }

  add(context: Context): void {
    this.#names.push(context.name)
    this.skip(context.faults)
    for (const target of this.#targets) {
      const move = this.#move(context, target)
      target.header ??= move.facts.audit.objects[0]?.reading.header ?? null
      for (const finding of judgeMove(move, this.#setting.policy)) target.findings.add(finding)
      target.planner.add(move)
    }
  }

  #move(context: Context, { to, stock: toStock }: Target): Move {
    const { options, policy, from } = this.#setting
    const drivers = driversWith(policy, to.declaration)
    const examined = examine({
      context,
      machine: this.#machine,
      host: from,
      base: to,
      policy,
      drivers,
      readings: this.#readings,
      symbols: this.#symbols,
      closures: this.#closures,
      payloads: this.#payloads,
      focus: null,
      withCommands: false,
      progress: options.audit.progress,
    })
    this.skip(examined.faults)
    return buildMove(moveFacts(examined.audit, drivers), { from, to, fromStock: this.#fromStock, toStock })
  }

  /** The plan for everything that was added. */
  plan(notes: readonly string[]): MigrationPlan {
    const { options, policy, from, targets } = this.#setting
    const { label, os, libc } = summarise(from, null)
    return {
      schema: MIGRATION_SCHEMA,
      tool: 'airtight',
      contexts: this.#names,
      from: { base: label, os, libc },
      prefer: options.prefer,
      targets: this.#targets.map((target) => planOf(target, policy, options.audit.today)),
      notes: [...new Set([...notes, ...from.notes, ...targets.flatMap((system) => system.notes)])],
      incomplete: [...this.#incomplete].sort(),
    }
  }
}

function planOf({ to, planner, findings, header }: Target, policy: Policy, today: string): TargetPlan {
  const { label, os, libc } = summarise(to, header)
  return {
    base: label,
    os,
    libc,
    profile: to.tells !== undefined,
    ...planner.plan(),
    findings: mergedMoves(findings, policy, today),
  }
}
