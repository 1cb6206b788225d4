/** What rules about the policy ask: how its entries fared over all contexts of an audit. */
import type { WorldName } from '../domain/audit.ts'
import type { Package } from '../domain/context.ts'
import type { AllowPolicy, Policy } from '../policy/policy.ts'
import type { SuppressionUse } from '../policy/suppress.ts'

export interface Review {
  readonly uses: readonly SuppressionUse[]
  readonly require: Policy['require']
  /** As YYYY-MM-DD. */
  readonly today: string
  /** Every package of every context. */
  readonly packages: readonly Package[]
  readonly contexts: readonly string[]
  /** The worlds that were resolved. */
  readonly worlds: readonly WorldName[]
  /** Sonames that policy allows, demands of the base, and that the base lacks. */
  readonly absent: readonly AbsentAllowed[]
}

export interface AbsentAllowed {
  readonly allow: AllowPolicy
  /** As the policy has it: a soname or a glob. */
  readonly soname: string
  /** What a person calls the base. */
  readonly base: string
}
