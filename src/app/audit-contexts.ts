/** Audits contexts that are loaded already: examine, judge, and one immutable result. */
import type { Audit, ContextAudit } from '../domain/audit.ts'
import type { Context } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import { faultText } from '../domain/fault.ts'
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
import { incompleteReasons } from './incomplete.ts'
import { proposalNotes } from '../rez/context/proposals.ts'
import type { Systems } from './systems.ts'
import { notJudged, summarise } from './systems.ts'

export interface AuditSetting {
  readonly options: Pick<AuditOptions, 'purpose' | 'progress' | 'today'>
  readonly policy: Policy
  readonly systems: Systems
  readonly notes: readonly string[]
  /** The packages that findings are wanted of; null for all. */
  readonly focus?: Focus
  /** What could not be read before contexts were there. */
  readonly unread?: readonly Fault[]
}

/** Audits contexts, in their order. */
export function auditContexts(contexts: readonly Context[], setting: AuditSetting): Audit {
  const { policy, systems, options, focus = null, unread = [] } = setting
  const subjects = focus === null ? [] : contexts.flatMap((context) => context.packages.filter(focus))
  const named = new Set(subjects.map(packageId))
  const machine = openFolderTree('/')
  const drivers = driversWith(policy)
  const readings: Readings = new Map()
  const symbols = new SharedSymbols()
  const audits: ContextAudit[] = []
  const faults: Fault[] = [...unread]
  const lateFaults: (() => readonly Fault[])[] = []
  const incomplete: string[] = unread.map(faultText)
  for (const context of contexts) {
    const { host, base } = systems
    const result = examine({
      context,
      machine,
      host,
      base,
      policy,
      drivers,
      focus,
      readings,
      symbols,
      progress: options.progress,
    })
    audits.push(result.audit)
    lateFaults.push(() => result.lateFaults())
    faults.push(...context.faults, ...result.faults)
    incomplete.push(...[...context.faults, ...result.faults].map(faultText), ...incompleteReasons(result.audit))
  }
  const findings = judge(audits, {
    purpose: options.purpose,
    policy,
    drivers,
    today: options.today,
    absent: systems.base === null ? [] : absentAllowed(policy, systems.base),
    focus: focus === null ? null : (finding) => finding.package === null || named.has(finding.package),
  })
  for (const late of lateFaults) faults.push(...late())
  const header = audits.flatMap((item) => item.objects)[0]?.reading.header ?? null
  const { host, base } = systems
  const loaderFaults = [...(host?.faults ?? []), ...(base?.faults ?? [])]
  faults.push(...loaderFaults)
  incomplete.push(...loaderFaults.filter(changesSearch).map(faultText))
  return {
    tool: 'airtight',
    contexts: audits,
    host: host === null ? null : summarise(host, header),
    base: base === null ? null : summarise(base, header),
    findings,
    faults: unique(faults, faultText),
    notJudged: [...notJudged(systems), ...withoutLoader(audits)],
    notes: [...setting.notes, ...systems.notes, ...audits.flatMap(({ context }) => notesOf(context))],
    incomplete: [...new Set(incomplete)].sort(),
  }
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
