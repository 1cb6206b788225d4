/** Runs all rules over the facts of some contexts. */
import type { ContextAudit, Finding } from '../domain/audit.ts'
import type { SeveritySettings } from './finding.ts'
import { finish, mergeFindings } from './finding.ts'
import type { Facts } from './facts/facts.ts'
import { buildFacts } from './facts/facts.ts'
import { rules } from './registry.ts'

/**
 * Every finding about the contexts, worst first; one cause seen in several contexts is one finding.
 *
 * @param severities settings of policy by rule id or name
 */
export function judge(
  contexts: readonly ContextAudit[],
  purpose: Facts['purpose'],
  severities: SeveritySettings,
): readonly Finding[] {
  const findings = contexts.flatMap((audit) => {
    const facts = buildFacts(audit, purpose)
    return rules.flatMap((rule) =>
      rule
        .judge(facts)
        .map((draft) => finish(rule, draft, audit.context.name, severities))
        .filter((finding) => finding !== null),
    )
  })
  return mergeFindings(
    findings,
    rules.map((rule) => rule.id),
  )
}
