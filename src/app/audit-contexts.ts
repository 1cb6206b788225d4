/** Audits contexts that are loaded already: examine, judge, and one immutable result. */
import type { Audit, ContextAudit, Finding } from '../domain/audit.ts'
import type { Context } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import { faultText } from '../domain/fault.ts'
import type { ElfReading } from '../domain/object.ts'
import type { ObservedFacts } from '../domain/observed.ts'
import type { RepairProblem } from '../domain/repair.ts'
import type { Tree } from '../domain/tree.ts'
import { closeHeldFiles } from '../elf/blocks.ts'
import type { Policy } from '../policy/policy.ts'
import { judge } from '../rules/judge.ts'
import { driversWith } from '../rules/knowledge/lookup.ts'
import { machineName } from '../rules/knowledge/machines.ts'
import type { Readings } from '../system/world.ts'
import { SharedSymbols } from '../system/world.ts'
import { openFolderTree } from '../tree/folder.ts'
import { absentAllowed } from './allowed.ts'
import type { AuditOptions } from './audit-options.ts'
import type { Focus } from './gather.ts'
import { examine } from './examine.ts'
import type { LaidOver } from './examine.ts'
import { incompleteReasons } from './incomplete.ts'
import { proposalNotes } from '../rez/context/proposals.ts'
import type { Systems } from './systems.ts'
import { notJudged, summarise } from './systems.ts'

/** What was read of files. */
export interface KeptFiles {
  readonly readings: Readings
  readonly symbols: SharedSymbols
}

export interface AuditSetting {
  readonly options: Pick<AuditOptions, 'purpose' | 'progress' | 'today'>
  readonly policy: Policy
  readonly systems: Systems
  readonly notes: readonly string[]
  /** The packages that findings are wanted of; null for all. */
  readonly focus?: Focus
  /** What could not be read before contexts were there. */
  readonly unread?: readonly Fault[]
  /** Repairs to lay over the worlds of a context before it is examined. */
  readonly repairs?: AppliedRepairs | null
  /** Where the packages lie; this machine where absent. */
  readonly machine?: Tree
  /** Holds what was seen of running programs against a context that was resolved. */
  readonly observed?: Comparing | null
  /** Kept by who audits the same files more than once. */
  readonly kept?: KeptFiles
}

/** Null for a context that was not resolved in the world that was observed. */
export type Comparing = (audit: ContextAudit) => ObservedFacts | null

/** Repairs as an audit meets them: handed in, so that an audit without them loads nothing of theirs. */
export interface AppliedRepairs {
  lay(context: Context, systems: Systems, machine: Tree): LaidOver & { readonly context: Context }
  /** The problems of laying a context, with those that only its resolved worlds show. */
  problems(audit: ContextAudit, today: string): readonly RepairProblem[]
  /** Repairs that are in place and whose findings are there all the same. */
  ineffective(audit: ContextAudit, findings: readonly Finding[]): readonly RepairProblem[]
  /** Whether a person decided to live with a finding about a context, and that decision holds on this day. */
  accepts(finding: Finding, today: string): boolean
}

/** Nothing read so far. */
export function keptFiles(): KeptFiles {
  return { readings: new Map<string, ElfReading>(), symbols: new SharedSymbols() }
}

/** Audits contexts, in their order. */
export function auditContexts(contexts: readonly Context[], setting: AuditSetting): Audit {
  const { policy, systems, options, focus = null, unread = [], repairs = null } = setting
  const subjects = focus === null ? [] : contexts.flatMap((context) => context.packages.filter(focus))
  const named = new Set(subjects.map(packageId))
  const machine = setting.machine ?? openFolderTree('/')
  const drivers = driversWith(policy, systems.base?.declaration)
  const { readings, symbols } = setting.kept ?? keptFiles()
  const audits: ContextAudit[] = []
  const faults: Fault[] = [...unread]
  const lateFaults: (() => readonly Fault[])[] = []
  const incomplete: string[] = unread.map(faultText)
  const { host, base } = systems
  const { progress } = options
  for (const context of contexts) {
    const seen = { ...laidOver(repairs, context, systems, machine), machine, host, base }
    const result = examine({ ...seen, policy, drivers, focus, readings, symbols, progress })
    audits.push(withObserved(withProblems(result.audit, repairs, options.today), setting.observed ?? null))
    lateFaults.push(() => result.lateFaults())
    faults.push(...context.faults, ...result.faults)
    incomplete.push(...[...context.faults, ...result.faults].map(faultText), ...incompleteReasons(result.audit))
  }
  const findings = judgeRepaired(audits, repairs, {
    purpose: options.purpose,
    policy,
    drivers,
    today: options.today,
    absent: base === null ? [] : absentAllowed(policy, base),
    focus: focus === null ? null : (finding) => finding.package === null || named.has(finding.package),
  })
  for (const late of lateFaults) faults.push(...late())
  closeHeldFiles()
  const loaderFaults = [host, base].flatMap((system) => system?.faults ?? [])
  faults.push(...loaderFaults)
  incomplete.push(...loaderFaults.filter(changesSearch).map(faultText))
  return {
    tool: 'airtight',
    contexts: audits,
    ...summariesOf(systems, audits),
    findings,
    faults: unique(faults, faultText),
    notJudged: [...notJudged(systems), ...withoutLoader(audits)],
    notes: [...setting.notes, ...systems.notes, ...audits.flatMap(({ context }) => notesOf(context))],
    incomplete: [...new Set(incomplete)].sort(),
  }
}

/** What reports say of the systems, seen by the machine that the first object is for. */
function summariesOf({ host, base }: Systems, audits: readonly ContextAudit[]): Pick<Audit, 'host' | 'base'> {
  const header = audits.flatMap((item) => item.objects)[0]?.reading.header ?? null
  return {
    host: host === null ? null : summarise(host, header),
    base: base === null ? null : summarise(base, header),
  }
}

/** The context as it is looked at, with what repairs lay over its worlds. */
function laidOver(
  repairs: AppliedRepairs | null,
  context: Context,
  systems: Systems,
  machine: Tree,
): { readonly context: Context; readonly laid: LaidOver | null } {
  const laid = repairs?.lay(context, systems, machine) ?? null
  return { context: laid?.context ?? context, laid }
}

function withProblems(audit: ContextAudit, repairs: AppliedRepairs | null, today: string): ContextAudit {
  const problems = repairs?.problems(audit, today) ?? []
  return problems.length === 0 ? audit : { ...audit, repairProblems: problems }
}

function withObserved(audit: ContextAudit, compare: Comparing | null): ContextAudit {
  const observed = compare === null ? null : compare(audit)
  return observed === null ? audit : { ...audit, observed }
}

/** Judges, with repairs a second time where some of them did not help, and without what was accepted. */
function judgeRepaired(
  audits: readonly ContextAudit[],
  repairs: AppliedRepairs | null,
  setting: Parameters<typeof judge>[1],
): readonly Finding[] {
  const findings = judge(audits, setting)
  if (repairs === null) return findings
  const left = audits.map((audit) => repairs.ineffective(audit, findings))
  const again = left.some((problems) => problems.length > 0)
  const told = audits.map((audit, at) => ({
    ...audit,
    repairProblems: [...(audit.repairProblems ?? []), ...(left[at] ?? [])],
  }))
  const all = again ? judge(told, setting) : findings
  return all.filter((finding) => !repairs.accepts(finding, setting.today))
}

/** Without a loader there are no answers: silence about that would read like a clean bill. */
function withoutLoader(audits: readonly ContextAudit[]): readonly string[] {
  const sentences = audits.flatMap((audit) => {
    const header = audit.objects[0]?.reading.header ?? null
    if (header === null) return []
    return Object.values(audit.worlds)
      .filter(({ world }) => world.system.loader(null, header.machine, header.class) === null)
      .map(
        ({ world }) =>
          `${world.system.label} has no dynamic loader for ${machineName(header)}: nothing was resolved there`,
      )
  })
  return [...new Set(sentences)]
}

/** What the loader itself reads: without it libraries are found elsewhere, or nowhere. */
function changesSearch(fault: Fault): boolean {
  return fault.kind === 'unreadable' && /\/ld[^/]*$|\/ld\.so\.conf\.d\//.test(fault.file)
}

function unique<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()]
}

/** What the environment points at outside all payloads, and what Rez's reader had to say. */
function notesOf(context: Context): readonly string[] {
  return [...new Set([...context.notes, ...proposalNotes(context)])]
}
