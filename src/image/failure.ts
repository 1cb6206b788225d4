/** What ends the writing of an image: thrown deep inside, and given back as the fault it carries. */
import type { Fault, FaultKind } from '../domain/fault.ts'
import { faultAt, systemCode } from '../domain/fault.ts'

/** Carries one fault to the function that undoes what was begun. */
export class WriteFailure extends Error {
  readonly fault: Fault

  constructor(fault: Fault) {
    super(fault.message)
    this.fault = fault
  }
}

/** A failure about one file. */
export function failure(kind: FaultKind, file: string, message: string): WriteFailure {
  return new WriteFailure(faultAt(kind, file, null, message))
}

/** Ends the work where whoever started it wants no more of it. @throws WriteFailure */
export function checkSignal(signal: AbortSignal | undefined, target: string): void {
  if (signal?.aborted === true) throw failure('unreadable', target, 'was interrupted; nothing was written')
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full (ENOSPC); free some space or name another place',
  EDQUOT: 'the quota of the disk is used up (EDQUOT); free some space or name another place',
  EACCES: 'writing is not allowed there (EACCES); name another place',
  EPERM: 'writing is not allowed there (EPERM); name another place',
  EROFS: 'the disk is read-only (EROFS); name another place',
  ENOENT: 'the folder that it lies in does not exist (ENOENT); make it first',
  ENOTDIR: 'what it lies in is no folder (ENOTDIR); name another place',
  EFBIG: 'the file is larger than the disk allows (EFBIG); name another place',
}

/** The fault of an error that a step of writing `target` threw; what is no error of the machine is thrown again. */
export function faultOf(error: unknown, target: string): Fault {
  if (error instanceof WriteFailure) return error.fault
  const code = systemCode(error)
  if (code === null) throw error
  return faultAt('unreadable', target, null, `cannot be written: ${REASONS[code] ?? `the system says ${code}`}`)
}
