/** How rules about the policy name a suppression. */
import type { RepairHint } from '../domain/audit.ts'
import type { Suppression, Where } from '../policy/policy.ts'
import { originText } from '../policy/suppress.ts'

/** A name that stays when lines above it are added: the rule and its conditions. */
export function subjectOf({ rule, where }: Suppression): string {
  return [rule, ...parts(where).map(([, value]) => value)].join(' ')
}

/** `HST002 for package maya, subject libtiff.so.5`. */
export function describe({ rule, where }: Suppression): string {
  return `${rule} for ${parts(where)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')}`
}

/** What to do with it, and where. */
export function adviceOn(suppression: Suppression, what: string): RepairHint {
  const text = `In ${originText(suppression.origin)}: ${what}.`
  return { kind: 'advice', target: subjectOf(suppression), text }
}

/** Where it stands and what it says. */
export function suppressionEvidence(suppression: Suppression): Readonly<Record<string, unknown>> {
  const { origin, rule, reason, owner, ticket, expires } = suppression
  return { file: origin.file, line: origin.line, rule, reason, owner, ticket, expires }
}

function parts(where: Where): readonly (readonly [name: string, value: string])[] {
  const all: readonly (readonly [string, string | number | readonly string[] | null])[] = [
    ['package', where.packages],
    ['version', where.version],
    ['variant', where.variant],
    ['subject', where.subjects],
    ['file', where.files],
    ['context', where.contexts],
    ['world', where.world],
    ['fingerprint', where.fingerprint],
  ]
  return all.flatMap(([name, value]) => {
    if (value === null) return []
    return [[name, typeof value === 'object' ? value.join(', ') : String(value)] as const]
  })
}
