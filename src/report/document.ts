/**
 * The audit as a document, schema airtight/audit/v1: every report is made from it alone, from a saved one as well.
 * Frozen: keys are added, never renamed; schemas/audit.v1.schema.json says the same to others.
 */
import type { BaselineCounts, Confidence, RepairHint, Severity, SuppressedBy, WorldName } from '../domain/audit.ts'
import type { How, Verdict } from '../domain/closure.ts'
import type { FaultKind } from '../domain/fault.ts'

export const AUDIT_SCHEMA = 'airtight/audit/v1'

export interface AuditDocument {
  readonly schema: typeof AUDIT_SCHEMA
  /** Name and version of the tool that wrote it. */
  readonly tool: string
  readonly contexts: readonly DocumentContext[]
  readonly base: DocumentSystem | null
  readonly host: DocumentSystem | null
  readonly summary: Summary
  /** Sorted by name, version, variant and root; others refer to them by index. */
  readonly packages: readonly DocumentPackage[]
  /** Every name that a need asks for, sorted; bindings refer to them by index. */
  readonly names: readonly string[]
  /** Folders in which candidates were looked for, with their last slash; sorted. */
  readonly folders: readonly string[]
  /** Package objects first, then the files of host and base that they load, each sorted by path. */
  readonly objects: readonly DocumentObject[]
  readonly bindings: readonly DocumentBinding[]
  /** Worst first. */
  readonly findings: readonly DocumentFinding[]
  /** Each repair that findings name, once. */
  readonly repairs: readonly RepairHint[]
  readonly faults: readonly DocumentFault[]
}

export interface DocumentContext {
  readonly name: string
  readonly requests: readonly string[]
  /** In the order of the resolve. */
  readonly packages: readonly number[]
  /** The packages that were looked through, where not all of them were. */
  readonly subjects?: readonly number[]
  /** The variables that the packages set, with their values. */
  readonly environment: Readonly<Record<string, string>>
  readonly aliases: Readonly<Record<string, string>>
  /** Statements of commands() that were not evaluated. */
  readonly unevaluated: readonly DocumentUnevaluated[]
  /** What the walk through the packages met. */
  readonly files: number
  readonly objects: number
  readonly ignored: number
  /** Files not opened because of their names, by suffix. */
  readonly unopened: Readonly<Record<string, number>>
  readonly notes: readonly string[]
}

export interface DocumentUnevaluated {
  readonly file: string
  readonly line: number
  readonly code: string
  readonly reason: string
}

export interface DocumentSystem {
  readonly label: string
  readonly os: string | null
  readonly libc: string | null
  readonly declared: boolean
  readonly notes: readonly string[]
}

export interface Summary {
  readonly packages: number
  /** Objects of packages. */
  readonly objects: number
  /** ELF files that were read: objects of packages and the files of the systems that they load. */
  readonly elf_files: number
  /** Findings that count, by severity: neither suppressed nor known to the baseline. */
  readonly findings: { readonly error: number; readonly warn: number; readonly note: number }
  /** Findings by rule: how many different subjects, and how many findings. */
  readonly rules: Readonly<
    Record<string, { readonly name: string; readonly subjects: number; readonly findings: number }>
  >
  /** Findings that a suppression is about; left out where there are none. */
  readonly suppressed?: number
  /** How the findings compare with a baseline; only where one was given. */
  readonly baseline?: BaselineCounts
  readonly faults: number
  /** What could not be read although it may change a verdict. */
  readonly incomplete: readonly string[]
  readonly not_judged: readonly string[]
  readonly notes: readonly string[]
}

export interface DocumentPackage {
  readonly name: string
  readonly version: string
  readonly variant: number | null
  readonly root: string
  readonly payload: readonly string[]
  readonly requires: readonly string[]
  readonly tools: readonly string[]
  /** What it puts into the environment, in order. */
  readonly environment: readonly { readonly name: string; readonly value: string }[]
  /** The file that defines it. */
  readonly definition?: string
  /** Lines of the definition by attribute: `requires`, `commands` ... */
  readonly lines?: Readonly<Record<string, number>>
}

export interface DocumentObject {
  readonly path: string
  /** Index of the package, null for a file of a system. */
  readonly owner: number | null
  /** The system it belongs to, null for a file of a package. */
  readonly world: WorldName | null
  /** `MANAGER NAME VERSION` for a file of a system that a package database owns. */
  readonly os_package: string | null
  readonly role: 'program' | 'library' | 'plugin' | 'python-module' | null
  /** A public copy: other packages may load it. */
  readonly public: boolean
  /** Not judged, because neither system has a loader for its machine. */
  readonly foreign: boolean
  readonly soname: string | null
  readonly build_id: string | null
  /** In bytes. */
  readonly size: number
  /** Only where there is no build id. */
  readonly sha256?: string
}

export type ProviderKind = 'own' | 'required' | 'unrequired' | 'base' | 'host' | 'driver'

export interface DocumentBinding {
  /** Index of the context. */
  readonly context: number
  /** Index of the object that asks. */
  readonly object: number
  readonly world: WorldName
  /** Index of the name asked for. */
  readonly name: number
  /** Index of the object that answers, null when missing. */
  readonly file: number | null
  readonly how: How | 'missing'
  /** Who the answer belongs to, seen from the package that asks; null when missing, or when a file of a system asks. */
  readonly provider: ProviderKind | null
  /** Asked for by DT_AUXILIARY: absent is no fault. */
  readonly optional?: true
  /** No root of the context reaches the object: it was judged alone. */
  readonly alone?: true
  /** Missing here, found in the process of another root. */
  readonly met_elsewhere?: true
  /** Found only because another object of the process had been loaded before. */
  readonly by_accident?: true
  /** The candidates in the order the loader tried them, for the needs that findings are about. */
  readonly trail?: readonly DocumentCandidate[]
}

/** One candidate; its path is the folder and the name asked for, or `file` where that differs. */
export interface DocumentCandidate {
  readonly stage: How
  /** Index of the folder. */
  readonly folder: number
  readonly file?: string
  readonly verdict: Verdict
  /** Index of the object whose run path named the folder. */
  readonly origin?: number
  readonly reason?: string
}

export interface DocumentFinding {
  readonly rule: string
  readonly name: string
  readonly severity: Exclude<Severity, 'off'>
  readonly confidence: Confidence
  /** Names of contexts. */
  readonly contexts: readonly string[]
  readonly world: WorldName | 'both'
  /** `NAME-VERSION`, null for what concerns a whole context. */
  readonly package: string | null
  readonly variant: number | null
  readonly subject: string
  readonly message: string
  /** Witnesses, relative to the payload root. */
  readonly objects: readonly string[]
  readonly evidence: Readonly<Record<string, unknown>>
  /** Indices of repairs, the first one preferred. */
  readonly repairs: readonly number[]
  readonly fingerprint: string
  /** The suppression that is about it. */
  readonly suppressed?: SuppressedBy
  /** Only where a baseline was given. */
  readonly baseline?: 'new' | 'known'
}

export interface DocumentFault {
  readonly kind: FaultKind
  readonly file: string
  readonly offset: number | null
  readonly line: number | null
  readonly message: string
}

/** `NAME-VERSION`, as findings name a package. */
export function documentPackageId(item: { readonly name: string; readonly version: string }): string {
  return item.version === '' ? item.name : `${item.name}-${item.version}`
}

/** Whether a finding counts: nobody accepted it, and the baseline does not know it. */
export function counts(finding: Pick<DocumentFinding, 'suppressed' | 'baseline'>): boolean {
  return finding.suppressed === undefined && finding.baseline !== 'known'
}
