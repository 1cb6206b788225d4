/** Audits contexts that are loaded already: examine, judge, and one immutable result. */
import type { Audit, ContextAudit } from '../domain/audit.ts'
import type { Context } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import { faultText } from '../domain/fault.ts'
import type { Policy } from '../policy/policy.ts'
import { judge } from '../rules/judge.ts'
import type { Readings } from '../system/world.ts'
import { openFolderTree } from '../tree/folder.ts'
import type { AuditOptions } from './audit-options.ts'
import { examine } from './examine.ts'
import { incompleteReasons } from './incomplete.ts'
import { payloadProposals } from '../rez/context/proposals.ts'
import type { Systems } from './systems.ts'
import { notJudged, summarise } from './systems.ts'

export interface AuditSetting {
  readonly options: Pick<AuditOptions, 'purpose' | 'progress'>
  readonly policy: Policy
  readonly systems: Systems
  readonly notes: readonly string[]
}

/** Audits contexts, in their order. */
export function auditContexts(contexts: readonly Context[], setting: AuditSetting): Audit {
  const { policy, systems, options } = setting
  const machine = openFolderTree('/')
  const readings: Readings = new Map()
  const audits: ContextAudit[] = []
  const faults: Fault[] = []
  const incomplete: string[] = []
  for (const context of contexts) {
    const { host, base } = systems
    const result = examine({ context, machine, host, base, policy, readings, progress: options.progress })
    audits.push(result.audit)
    faults.push(...context.faults, ...result.faults)
    incomplete.push(...[...context.faults, ...result.faults].map(faultText), ...incompleteReasons(result.audit))
  }
  const findings = judge(audits, options.purpose, policy.severities)
  const header = audits.flatMap((item) => item.objects)[0]?.reading.header ?? null
  const { host, base } = systems
  faults.push(...(host?.faults ?? []), ...(base?.faults ?? []))
  return {
    tool: 'airtight',
    contexts: audits,
    host: host === null ? null : summarise(host, header),
    base: base === null ? null : summarise(base, header),
    findings,
    faults: unique(faults, faultText),
    notJudged: notJudged(systems),
    notes: [...setting.notes, ...systems.notes, ...audits.flatMap(({ context }) => notesOf(context))],
    incomplete: [...new Set(incomplete)].sort(),
  }
}

function unique<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()]
}

/** What the environment points at outside all payloads, and what Rez's reader had to say. */
function notesOf(context: Context): readonly string[] {
  return [...context.notes, ...payloadProposals(context).map((proposal) => proposal.note)]
}
