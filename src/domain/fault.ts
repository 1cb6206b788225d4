/** What could not be read: data that is reported, never hidden, never an exception. */

export type FaultKind = 'missing' | 'unreadable' | 'truncated' | 'malformed' | 'unsupported'

export interface Fault {
  readonly kind: FaultKind
  /** The file or folder it concerns, as a byte string. */
  readonly file: string
  /** Byte offset in the file where the reader stopped, null where an offset means nothing. */
  readonly offset: number | null
  /** Line of a text file, counted from 1. */
  readonly line: number | null
  /** Column of that line, counted from 1, where it is known. */
  readonly column?: number
  /** One sentence: what was found and what was expected. */
  readonly message: string
}

/** A fault at a byte offset. */
export function faultAt(kind: FaultKind, file: string, offset: number | null, message: string): Fault {
  return { kind, file, offset, line: null, message }
}

/** A fault at a line of a text file. */
export function faultAtLine(kind: FaultKind, file: string, line: number | null, message: string): Fault {
  return { kind, file, offset: null, line, message }
}

/** What the system calls an error, such as ENOENT; null for an error that is none of the system's. */
export function systemCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}

/** The same for a message; `error` for one without a code. */
export function errorCode(error: unknown): string {
  return systemCode(error) ?? 'error'
}

/** What the codes of the system mean to somebody who named a path. */
const MEANINGS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'is no folder, or lies in none (ENOTDIR)',
  EACCES: 'may not be read (EACCES)',
  EPERM: 'may not be read (EPERM)',
  EISDIR: 'is a folder, a file is wanted',
  ELOOP: 'is a link that leads back to itself (ELOOP)',
  ENAMETOOLONG: 'has a longer name than the system takes (ENAMETOOLONG)',
}

/** Why a path cannot be read, as the end of a sentence that begins with the path. */
export function whyUnread(error: unknown): string {
  const code = errorCode(error)
  return MEANINGS[code] ?? `cannot be read (${code})`
}

/** The fault as one line: `file: offset 64: message`, `file: line 3, column 7: message`. */
export function faultText(fault: Fault): string {
  const column = fault.column === undefined ? '' : `, column ${fault.column}`
  const place =
    fault.line !== null ? `line ${fault.line}${column}: ` : fault.offset !== null ? `offset ${fault.offset}: ` : ''
  return `${fault.file}: ${place}${fault.message}`
}
