/** The line of a file that a finding points at: binaries have none, so it is the one where its fix would be written. */
import type { AuditDocument, DocumentFinding, DocumentPackage } from './document.ts'
import { documentPackageId } from './document.ts'

/** A line of a text file. */
export interface FindingPlace {
  /** Relative to the folder where it lies below it, else absolute. */
  readonly file: string
  /** Counted from 1. */
  readonly line: number
}

/** What formats that other programs read are told beside the document. */
export interface FormatOptions {
  /** The folder that paths are relative to, absolute: where the repository was checked out. */
  readonly folder: string
}

/** Where a finding is shown: the definition of its package, or the policy that it is about. Null where no file is known. */
export function placeOf(
  document: AuditDocument,
  finding: DocumentFinding,
  options: FormatOptions,
): FindingPlace | null {
  const { file, line } = finding.evidence
  if (finding.rule.startsWith('SUP') && typeof file === 'string') {
    return { file: relativeTo(options.folder, file), line: typeof line === 'number' ? line : 1 }
  }
  const item = mendedPackage(document, finding) ?? packageOf(document, finding)
  if (item?.definition === undefined) return null
  return { file: relativeTo(options.folder, item.definition), line: lineOf(document, finding, item) }
}

/** The package whose commands() would be changed: the fix of a search path stands where the folder is. */
function mendedPackage(document: AuditDocument, finding: DocumentFinding): DocumentPackage | null {
  const repair = document.repairs[finding.repairs[0] ?? -1]
  if (repair?.kind !== 'environment') return null
  const { target } = repair
  return (
    document.packages.find((item) =>
      [item.root, ...item.payload].some((folder) => target === folder || target.startsWith(`${folder}/`)),
    ) ?? null
  )
}

/** The package of a finding; what concerns a whole context is shown at the package that was asked for first. */
export function packageOf(document: AuditDocument, finding: DocumentFinding): DocumentPackage | null {
  if (finding.package !== null) {
    const named = document.packages.filter((item) => documentPackageId(item) === finding.package)
    return named.find((item) => item.variant === finding.variant) ?? named[0] ?? null
  }
  const context = document.contexts.find(({ name }) => finding.contexts.includes(name))
  const first = /^[^-@#=<>]*/.exec(context?.requests[0] ?? '')?.[0] ?? ''
  const members = (context?.packages ?? []).flatMap((index) => document.packages[index] ?? [])
  return members.find(({ name }) => name === first) ?? members.at(-1) ?? null
}

function lineOf(document: AuditDocument, finding: DocumentFinding, item: DocumentPackage): number {
  const lines = item.lines ?? {}
  const order = [...wanted(document, finding), 'requires', 'variants', 'name']
  return order.map((name) => lines[name]).find((line) => line !== undefined) ?? 1
}

/** The attribute that the preferred fix would change. */
function wanted(document: AuditDocument, finding: DocumentFinding): readonly string[] {
  const repair = document.repairs[finding.repairs[0] ?? -1]
  if (repair?.kind === 'requires') return ['requires']
  if (repair?.kind === 'environment' || /^(?:HST003|HST009|ENV)/.test(finding.rule)) {
    return ['commands', 'post_commands', 'pre_commands']
  }
  return /^(?:RES|HST|REQ|DUP|SYM)/.test(finding.rule) ? ['requires'] : ['name']
}

/** A path as a reader of the repository knows it. */
function relativeTo(folder: string, path: string): string {
  const start = folder.endsWith('/') ? folder : `${folder}/`
  return path.startsWith(start) ? path.slice(start.length) : path
}
