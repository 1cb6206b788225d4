/** What a run of `repair` is asked for. */
import type { Forbiddable, Remedy } from '../repair/planned.ts'
import type { AuditOptions } from './audit-options.ts'
import type { UnpackProgress } from './run-unpacked.ts'

export interface RepairOptions extends AuditOptions {
  /** Folder of all repairs. */
  readonly out: string
  /** File of `base index`, null for none. */
  readonly index: string | null
  readonly graftRoot: string
  /** Remedies in the order of preference, the others are not used; null takes the policy's. */
  readonly preference: readonly Remedy[] | null
  /** Sections of which nothing is planned, beside those that the policy forbids. */
  readonly never: readonly Forbiddable[]
  /** Where copies come from, best first: `host`, `SOURCE` or `NAME=SOURCE`; empty takes the policy's word. */
  readonly graftFrom: readonly string[]
  /** Told what is unpacked of images that copies come from. */
  readonly unpacking: UnpackProgress | null
  /** Name of the context's file, where there is one context; null takes the context's own. */
  readonly name: string | null
  readonly toolVersion: string
}
