/** Which package asked for what, kept while a solve goes on. */
import type { Requirement } from '../version/requirement.ts'

/** A package, or several versions of one, that ask for something. */
export interface Asking {
  readonly name: string
  /** `maya-2024`, `maya-2023 or maya-2024`. */
  readonly label: string
}

/** A requirement that was handed out, in a list that later phases lengthen without copying it. */
export interface Origins {
  readonly scope: Asking
  readonly requirement: Requirement
  readonly before: Origins | null
}
