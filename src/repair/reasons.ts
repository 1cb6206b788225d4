/** Why an entry is there, and why none is, in words that hold no path of a machine. */
import type { Finding } from '../domain/audit.ts'
import { some } from '../rules/words.ts'
import { compareBytes } from './compare.ts'
import type { Withheld } from './planned.ts'
import type { SectionName } from './sections.ts'

/** Who asks, in one sentence that holds no path of a machine. */
export function reasonOf(findings: readonly Finding[]): string {
  const askers = findings.flatMap(({ package: id, objects, evidence }) =>
    // What is found about repairs is about an entry.
    (objects.length === 0 && typeof evidence['entry'] === 'string' ? [evidence['entry']] : objects.slice(0, 1)).map(
      (object) => (id === null ? object : `${object} of ${id}`),
    ),
  )
  return `needed by ${some([...new Set(askers)].sort(compareBytes))}`
}

/** Why nothing is planned where these are the sections that a remedy would be written to. */
export function forbiddenReason(sections: readonly SectionName[]): string {
  return `${sections.join(' and ')} of repair files are not to be planned (--never, or repair.never of the policy)`
}

/** What no entry of a repair file can decide or mend. */
const REASONS: Readonly<Partial<Record<string, string>>> = {
  RPH002: 'the image has the folder, or another package is meant: a requirement and its search path lead there',
  RPH003: 'it leads out of the package to a folder that is there: what is meant has to be said by hand',
  RPH005: 'which of the two is meant has to be said by hand',
  RPH006: 'whether the package is to be required, or the element to go, has to be decided by hand',
  SYM001: 'it needs a newer base, or a rebuild on a system as old as this one',
  SYM002: 'it needs the release of the library that it was built with, or a rebuild',
  SYM007: 'it needs a rebuild: nothing else has the symbols of one build of the C library',
}

/** Why nothing is planned for a finding; null where no reason is known. What was weighed in this run comes first. */
export function reasonAgainst({ rule, fingerprint, repairs }: Finding, withheld: readonly Withheld[]): string | null {
  const weighed = withheld.find(({ finding }) => finding.rule === rule && finding.fingerprint === fingerprint)
  const known = REASONS[rule] ?? null
  // A version can be had otherwise than by what was weighed.
  if (weighed !== undefined) {
    return rule.startsWith('SYM') && known !== null ? `${weighed.reason}; else ${known}` : weighed.reason
  }
  // It can be planned: whoever took the entry out of the file knows why.
  return repairs.some((hint) => hint.action !== undefined) ? null : known
}
