/** What was seen of running programs as a document, schema airtight/observation/v1; with a context, held against its audit. */
import type { Confidence, Severity, WorldName } from '../domain/audit.ts'
import type { ObservedLoad, ObservedProcess } from '../domain/observed.ts'
import type { OBSERVATION_SCHEMA } from '../runtime/observation-file.ts'

export interface ObservationDocument {
  readonly schema: typeof OBSERVATION_SCHEMA
  readonly tool: string
  /** The command that was run, and its exit code; absent for logs and for a process that ran already. */
  readonly command?: readonly string[]
  readonly exit?: number
  readonly processes: readonly DocumentProcess[]
  /** One for each context; absent where none was named. */
  readonly comparisons?: readonly ObservationComparison[]
  readonly findings?: readonly ObservationFinding[]
  readonly faults: readonly string[]
  readonly notes: readonly string[]
}

export interface DocumentProcess extends Omit<ObservedProcess, 'loads'> {
  readonly loads: readonly DocumentLoad[]
}

export interface DocumentLoad extends ObservedLoad {
  /** `NAME-VERSION` of the package that the file belongs to, null for none; absent where no context was named. */
  readonly owner?: string | null
}

export interface ObservationComparison {
  readonly context: string
  readonly world: WorldName
  readonly system: string
  /** Requests by objects of packages, and how many of them went where they were computed to go. */
  readonly asked: number
  readonly agreed: number
  /** Different files loaded, and those that the audit names nowhere. */
  readonly files: number
  readonly unnamed: readonly string[]
}

export interface ObservationFinding {
  readonly rule: string
  readonly name: string
  readonly severity: Severity
  readonly confidence: Confidence
  readonly contexts: readonly string[]
  readonly package: string | null
  readonly subject: string
  readonly message: string
  readonly objects: readonly string[]
  readonly evidence: Readonly<Record<string, unknown>>
  /** What would clear it, in words. */
  readonly repairs: readonly string[]
  readonly fingerprint: string
  readonly suppressed: boolean
}
