/**
 * What the page of the HTML report is given: the audit document with its bindings as flat numbers, and what is counted and
 * laid out once, so that a page of thousands of objects opens at once. Nothing here needs a browser.
 */
import type { RepairHint, WorldName } from '../../domain/audit.ts'
import type { How, Verdict } from '../../domain/closure.ts'
import type {
  DocumentContext,
  DocumentFault,
  DocumentFinding,
  DocumentObject,
  DocumentPackage,
  DocumentSystem,
  ProviderKind,
  Summary,
} from '../document.ts'
import type { Source } from '../package-rows.ts'

/** Indices of these tables stand in {@link PageModel.needs}; index 0 of `HOWS` is an answer that was found nowhere. */
export const HOWS: readonly (How | 'missing')[] = [
  'missing',
  'root',
  'loaded',
  'path',
  'preload',
  'rpath',
  'library-path',
  'runpath',
  'cache',
  'default',
  'interpreter',
  'musl-libc',
]
export const PROVIDERS: readonly ProviderKind[] = ['own', 'required', 'unrequired', 'base', 'host', 'driver']

/** Numbers of one need in {@link PageModel.needs}. */
export const NEED_STRIDE = 8
/** No such world was asked. */
export const NOT_ASKED = -2
/** Asked, and found nowhere. */
export const MISSING = -1

export interface PagePackage extends DocumentPackage {
  /** `NAME-VERSION`. */
  readonly id: string
  /** Different libraries by where they come from. */
  readonly amounts: Readonly<Record<Source, number>>
  readonly objects: number
  readonly errors: number
  readonly warnings: number
  /** Place in the drawing: column from the left (users) to the right (what is used), and row from the top. */
  readonly column: number
  readonly row: number
}

export interface PageFinding extends Omit<DocumentFinding, 'evidence'> {
  /** Index of the package, null for what concerns a whole context. */
  readonly owner: number | null
  /** `open`: it counts; `known`: the baseline has it; `suppressed`: somebody accepted it. */
  readonly state: 'open' | 'known' | 'suppressed'
  /** Evidence that the page shows as it is, in the order of the document; the trail is shown apart. */
  readonly evidence: readonly (readonly [key: string, value: string])[]
  readonly trail: readonly PageCandidate[]
}

export interface PageCandidate {
  readonly stage: How
  readonly path: string
  readonly verdict: Verdict
  readonly reason: string | null
}

/** Causes worth fixing first: what one repair clears. */
export interface PageCause {
  readonly severity: DocumentFinding['severity']
  readonly title: string
  /** Indices of findings, worst first. */
  readonly findings: readonly number[]
  /** Different packages among them. */
  readonly packages: number
  readonly fix: string | null
}

/** One arrow between packages: an object of `from` loads a file of `to`. */
export interface PageEdge {
  readonly from: number
  readonly to: number
  /** Different names asked for. */
  readonly names: number
  /** The requires of `from` do not name `to`. */
  readonly undeclared: boolean
}

export interface PageModel {
  readonly tool: string
  readonly contexts: readonly Pick<DocumentContext, 'name' | 'requests' | 'packages' | 'notes' | 'unevaluated'>[]
  readonly host: DocumentSystem | null
  readonly base: DocumentSystem | null
  /** The world whose answers decide. */
  readonly decisive: WorldName
  readonly summary: Summary
  readonly packages: readonly PagePackage[]
  readonly names: readonly string[]
  readonly objects: readonly DocumentObject[]
  /**
   * {@link NEED_STRIDE} numbers for each need of a package's object, grouped by object: context, object, name, then file
   * and how * 8 + provider on the host, the same in the base (`NOT_ASKED` where there is no such world, `MISSING` where
   * nothing was found), and the index of the {@link Source} of both together.
   */
  readonly needs: readonly number[]
  readonly edges: readonly PageEdge[]
  readonly findings: readonly PageFinding[]
  readonly causes: readonly PageCause[]
  readonly repairs: readonly RepairHint[]
  readonly faults: readonly DocumentFault[]
}
