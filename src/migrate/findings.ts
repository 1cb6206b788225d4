/** What the rules about a move say of some contexts, weighed and merged like every other finding. */
import type { Finding } from '../domain/audit.ts'
import type { Policy } from '../policy/policy.ts'
import { suppress } from '../policy/suppress.ts'
import type { Move } from '../rules/facts/move.ts'
import { finish, mergeFindings } from '../rules/finding.ts'
import { rules } from '../rules/registry.ts'

/**
 * Findings of one target over all contexts, worst first.
 *
 * @param today as YYYY-MM-DD: suppressions end
 */
export function judgeMoves(moves: readonly Move[], policy: Policy, today: string): readonly Finding[] {
  const found = moves.flatMap((move) =>
    rules.flatMap((rule) =>
      (rule.migrate?.(move) ?? [])
        .map((draft) => finish(rule, draft, [move.facts.context.name], policy))
        .filter((finding) => finding !== null),
    ),
  )
  const merged = mergeFindings(
    found,
    rules.map((rule) => rule.id),
  )
  return suppress(merged, policy.suppressions, today, (rule) => rule).findings
}
