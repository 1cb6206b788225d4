/** What a run of `repair` is asked for. */
import type { Remedy } from '../repair/planned.ts'
import type { AuditOptions } from './audit-options.ts'

/** A library that the distribution maintains is better than a copy of one. */
export const DEFAULT_PREFERENCE: readonly Remedy[] = ['os_packages', 'grafts']

export interface RepairOptions extends AuditOptions {
  /** Folder of all repairs. */
  readonly out: string
  /** File of `base index`, null for none. */
  readonly index: string | null
  readonly graftRoot: string
  /** Remedies in the order of preference, the others are not used; null takes the policy's. */
  readonly preference: readonly Remedy[] | null
  /** Name of the context's file, where there is one context; null takes the context's own. */
  readonly name: string | null
  readonly toolVersion: string
}
