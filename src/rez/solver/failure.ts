/** Why one way of choosing packages came to nothing (`FailureReason` of `solver.py`). */
import type { Origins } from './origins.ts'
import type { Reduction } from './slice.ts'
import type { Requirement } from '../version/requirement.ts'
import type { Scope } from './scope.ts'

export type Failure =
  /** Two requirements that no version meets, each merged from those handed out, or of the request. */
  | { readonly kind: 'clash'; readonly requirement: Requirement; readonly against: Requirement }
  /** Every variant of a family is out: what took out each, the last of them last. */
  | { readonly kind: 'reduced'; readonly reductions: readonly Reduction[] }
  /** No version of the family is in the range that is asked for, and the solve goes on without an error. */
  | { readonly kind: 'no-family'; readonly requirement: Requirement }
  /** Packages that require each other, in order. */
  | { readonly kind: 'cycle'; readonly names: readonly string[] }

/** A failed way with what had been handed out until then. */
export interface FailedPhase {
  readonly failure: Failure
  readonly origins: Origins | null
  readonly scopes: readonly Scope[]
}
