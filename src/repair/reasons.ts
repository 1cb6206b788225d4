/** Why an entry is there, in words that hold no path of a machine. */
import type { Finding } from '../domain/audit.ts'
import { some } from '../rules/words.ts'
import { compareBytes } from './compare.ts'

/** Who asks, in one sentence that holds no path of a machine. */
export function reasonOf(findings: readonly Finding[]): string {
  const askers = findings.flatMap(({ package: id, objects }) =>
    objects.slice(0, 1).map((object) => (id === null ? object : `${object} of ${id}`)),
  )
  return `needed by ${some([...new Set(askers)].sort(compareBytes))}`
}
