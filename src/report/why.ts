/** The answer of `why` as data, schema airtight/why/v1: who asks for a name, what was tried, who wins and who loses. */
import type { WorldName } from '../domain/audit.ts'
import type { How, Verdict } from '../domain/closure.ts'

export interface Why {
  readonly schema: 'airtight/why/v1'
  readonly name: string
  readonly contexts: readonly WhyContext[]
}

export interface WhyContext {
  readonly context: string
  readonly worlds: readonly WhyWorld[]
}

export interface WhyWorld {
  readonly world: WorldName
  readonly system: string
  /** One for each different answer, the most frequent first. */
  readonly answers: readonly WhyAnswer[]
}

/** What some objects get when they ask for the name. */
export interface WhyAnswer {
  /** Null when it is found nowhere. */
  readonly winner: WhyFile | null
  readonly how: How | 'missing'
  /** Who gets it: `PACKAGE relative/path`, sorted. */
  readonly askers: readonly string[]
  /** From the root of one process down to one asker. */
  readonly chain: readonly WhyLink[]
  /** The candidates for that asker in that process. */
  readonly trail: readonly WhyCandidate[]
  readonly losers: readonly WhyLoser[]
  /** A shell command with which the real loader shows the same; where it must be run, null on this machine. */
  readonly command: string
  readonly commandRoot: string | null
}

export interface WhyFile {
  readonly path: string
  /** `NAME-VERSION`, or the OS package, or null where nobody owns it. */
  readonly owner: string | null
}

export interface WhyLink {
  readonly path: string
  readonly owner: string | null
  /** A command that the package offers as a tool. */
  readonly tool: boolean
}

export interface WhyCandidate {
  readonly stage: How
  readonly path: string
  readonly verdict: Verdict
  readonly origin: string | null
  readonly reason: string | null
}

/** Another copy that this asker does not get. */
export interface WhyLoser extends WhyFile {
  readonly because: string
}
