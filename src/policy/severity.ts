/** The severity of a finding: the most specific setting holds, of equals the last. */
import type { RepairHint, Severity } from '../domain/audit.ts'
import type { Judged } from './match.ts'
import { meets, specificity, splitId } from './match.ts'
import type { Policy } from './policy.ts'

/** Repairs that change the files of a package. What a vendor made is not changed, it is accepted or worked around. */
const CHANGES_FILES: ReadonlySet<RepairHint['kind']> = new Set(['rpath', 'symlink', 'exclude', 'advice'])

/**
 * The severity that a policy gives to a finding.
 *
 * @param own what the rule itself says
 */
export function severityOf(
  policy: Pick<Policy, 'rules' | 'vendors'>,
  finding: Judged & { readonly repairs: readonly RepairHint[] },
  own: Severity,
): Severity {
  let best: { readonly severity: Severity; readonly rank: number } | null = null
  for (const setting of policy.rules) {
    if (setting.rule !== finding.rule || !meets(setting.where, finding)) continue
    const rank = specificity(setting.where)
    if (best === null || rank >= best.rank) best = { severity: setting.severity, rank }
  }
  if (best !== null) return best.severity
  const name = splitId(finding.package).name
  const vendor = name !== null && policy.vendors.has(name)
  const onlyFiles = finding.repairs.every((repair) => CHANGES_FILES.has(repair.kind))
  return vendor && own === 'warn' && onlyFiles ? 'note' : own
}

/** Whether a rule is switched off whatever it finds. */
export function isAlwaysOff(policy: Pick<Policy, 'rules'>, rule: string): boolean {
  const settings = policy.rules.filter((setting) => setting.rule === rule)
  return settings.every(({ severity }) => severity === 'off') && settings.some(({ where }) => specificity(where) === 0)
}
