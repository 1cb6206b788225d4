/** What a rule is: metadata, and a judge that only asks the facts. */
import type { Confidence, RepairHint, Severity, WorldName } from '../domain/audit.ts'
import type { Package } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import type { Move } from './facts/move.ts'
import type { Review } from './review.ts'

export interface RuleMeta {
  readonly id: string
  readonly name: string
  /** The default; a judge may say less for one finding. */
  readonly severity: Severity
  /** One line; the first line of the rule's page. */
  readonly summary: string
  readonly why: string
  readonly remedy: string
  /** When and how to accept what it finds. */
  readonly accept: string
  readonly since: string
  /** What the fingerprint is made of instead of the name: rules that see one cause from two sides share it. */
  readonly cause: string
}

/** A finding before severity settings and the fingerprint. */
export interface Draft {
  readonly package: Package | null
  readonly subject: string
  readonly world: WorldName | 'both'
  /** Left out: the rule's own. */
  readonly severity?: Severity
  /** Left out: the rule's own. Where another rule would see the same fault with one system less, that one's. */
  readonly cause?: string
  /** Left out: exact. */
  readonly confidence?: Confidence
  readonly message: string
  /** Witnesses relative to their payload roots. */
  readonly objects: readonly string[]
  readonly evidence: Readonly<Record<string, unknown>>
  readonly repairs: readonly RepairHint[]
}

export interface Rule extends RuleMeta {
  /** Asked once for each context. */
  readonly judge: (facts: Facts) => readonly Draft[]
  /** Asked once, after all contexts are judged: what the policy itself gives cause to say. */
  readonly review?: (review: Review) => readonly Draft[]
  /** Asked once for each context that is moved from one base to another. */
  readonly migrate?: (move: Move) => readonly Draft[]
}

/** A rule of this version; the cause is its name unless it shares one. */
export function defineRule(
  rule: Omit<Rule, 'since' | 'cause'> & { readonly since?: string; readonly cause?: string },
): Rule {
  return { since: '0.1.0', cause: rule.name, ...rule }
}

/** A rule about the policy: it has nothing to ask of a context. */
export function defineReview(
  rule: Omit<RuleMeta, 'since' | 'cause'> & { readonly review: NonNullable<Rule['review']> },
): Rule {
  return defineRule({ ...rule, judge: () => [] })
}

/** A rule about a move from one base to another: an audit of one base gives it nothing to say. */
export function defineMigration(
  rule: Omit<RuleMeta, 'since' | 'cause'> & { readonly migrate: NonNullable<Rule['migrate']> },
): Rule {
  return defineRule({ ...rule, judge: () => [] })
}
