/** What the rules about a move say of some contexts, weighed and merged like every other finding. */
import type { Finding } from '../domain/audit.ts'
import type { Policy } from '../policy/policy.ts'
import { suppress } from '../policy/suppress.ts'
import type { Move } from '../rules/facts/move.ts'
import type { FindingMerger } from '../rules/finding.ts'
import { finish } from '../rules/finding.ts'
import { rules } from '../rules/registry.ts'

/** What the rules say of the move of one context. */
export function judgeMove(move: Move, policy: Policy): readonly Finding[] {
  return rules.flatMap((rule) =>
    (rule.migrate?.(move) ?? [])
      .map((draft) => finish(rule, draft, [move.facts.context.name], policy))
      .filter((finding) => finding !== null),
  )
}

/**
 * Findings of one target over all contexts, worst first.
 *
 * @param today as YYYY-MM-DD: suppressions end
 */
export function mergedMoves(found: FindingMerger, policy: Policy, today: string): readonly Finding[] {
  return suppress(found.sorted(rules.map((rule) => rule.id)), policy.suppressions, today, (rule) => rule).findings
}
