/** What a file is: program, library, or something that no loader takes. */
import type { ElfHeader, ObjectKind } from '../domain/object.ts'
import { DF_1_PIE, ET_DYN, ET_EXEC } from '../domain/object.ts'

const ET_REL = 1
const ET_CORE = 4

/** What decides the kind. */
export interface KindFacts {
  readonly interpreter: string | null
  readonly dynamic: boolean
  readonly soname: string | null
  readonly flags1: number
  /** There is a PT_DYNAMIC although the file has no dynamic section. */
  readonly debug: boolean
}

/**
 * The kind of a file. ET_DYN is a program when it is marked as PIE or names an interpreter without being named itself;
 * libc.so.6 names one, too, but has a soname.
 */
export function kindOf(header: ElfHeader, facts: KindFacts): ObjectKind {
  if (header.type === ET_REL) return 'relocatable'
  if (header.type === ET_CORE) return 'core'
  if (facts.debug) return 'debug'
  if (header.type === ET_EXEC) return facts.interpreter === null && !facts.dynamic ? 'static' : 'program'
  if (header.type !== ET_DYN) return 'other'
  const pie = (facts.flags1 & DF_1_PIE) !== 0
  if (facts.interpreter !== null && (pie || facts.soname === null)) return 'program'
  return pie ? 'static-pie' : 'library'
}
