/** Which remedies a run of `repair` may plan, and in which order: the command line's word and the policy's. */
import type { RepairHint } from '../domain/audit.ts'
import type { Policy } from '../policy/policy.ts'
import type { Remedies } from '../repair/planned.ts'
import { DEFAULT_PREFERENCE } from '../repair/planned.ts'
import type { SectionName } from '../repair/sections.ts'
import type { RepairOptions } from './repair-options.ts'

const SECTION_OF: Readonly<Partial<Record<RepairHint['kind'], SectionName>>> = {
  'os-package': 'os_packages',
  graft: 'grafts',
  rpath: 'rpath',
  symlink: 'symlinks',
  exclude: 'remove_files',
}

/** Where copies come from, best first: the word of the command line, else the policy's, else the host alone. */
export function graftTexts(
  policy: Pick<Policy, 'graftFrom'>,
  { graftFrom }: Pick<RepairOptions, 'graftFrom'>,
): readonly string[] {
  if (graftFrom.length > 0) return graftFrom
  return policy.graftFrom.length > 0 ? policy.graftFrom : ['host']
}

/**
 * The preference of the command line, else that of the policy, where what is not named comes last. What either of them
 * forbids is not planned.
 */
export function remediesOf(
  policy: Pick<Policy, 'repairOrder' | 'repairNever'>,
  options: Pick<RepairOptions, 'preference' | 'never'>,
): Remedies {
  const sections = policy.repairOrder.flatMap((kind) => SECTION_OF[kind] ?? [])
  const named = DEFAULT_PREFERENCE.filter((remedy) => sections.includes(remedy))
  named.sort((a, b) => sections.indexOf(a) - sections.indexOf(b))
  const never = new Set([...policy.repairNever.flatMap((kind) => SECTION_OF[kind] ?? []), ...options.never])
  const preference = options.preference ?? [...new Set([...named, ...DEFAULT_PREFERENCE])]
  return { preference: preference.filter((remedy) => !never.has(remedy)), never }
}
