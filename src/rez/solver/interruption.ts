/** Why a solve cannot go on, carried from deep inside a step to the one place that runs steps. */
import type { Fault } from '../../domain/fault.ts'
import type { Origins } from './origins.ts'
import type { Requirement } from '../version/requirement.ts'
import type { Version } from '../version/version.ts'

/** Ends of a solve that no other choice of packages can avoid: Rez raises an exception for each. */
export type Dead =
  /** No repository has the family, or no version of it is in the range. */
  | { readonly kind: 'no-family' | 'no-version'; readonly requirement: Requirement; readonly origins: Origins | null }
  | {
      readonly kind: 'self-clash'
      readonly name: string
      readonly version: Version
      readonly index: number | null
      readonly clash: readonly [Requirement, Requirement]
    }
  | { readonly kind: 'unreadable'; readonly faults: readonly Fault[] }
  | { readonly kind: 'limit'; readonly limit: string }

/** Thrown inside this folder and caught by `solve`, never seen outside. */
export class Interruption extends Error {
  /** Null: the source has to read something first, then the step is run again. */
  readonly dead: Dead | null

  constructor(dead: Dead | null) {
    super('the step was interrupted')
    this.dead = dead
  }
}
