/** FIX006: what can go wrong when a run path is rewritten in place. */
import { ET_EXEC } from '../domain/object.ts'
import type { ElfObject } from '../domain/object.ts'
import type { RpathEntry } from '../domain/repair.ts'

/** Risks in sentences, none for the usual case. */
export function rpathRisks(object: ElfObject | null, { set }: RpathEntry): readonly string[] {
  if (object === null) return ['it cannot be read as ELF']
  const risks: string[] = []
  const before = object.runpath ?? object.rpath
  const after = set.value.join(':')
  if (before === null && after !== '') risks.push('it has no run path yet, so its dynamic section has to move')
  else if (before !== null && after.length > before.length) {
    risks.push('the new run path is longer than the old one, so the string table has to move')
  }
  if (object.header.type === ET_EXEC && risks.length > 0) {
    risks.push('it is a program at a fixed address, where moved sections have broken programs')
  }
  return risks
}
