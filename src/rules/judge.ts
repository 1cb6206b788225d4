/** Runs all rules over the facts of some contexts, then those about the policy over what the others found. */
import type { ContextAudit, Finding, WorldName } from '../domain/audit.ts'
import type { Policy } from '../policy/policy.ts'
import { isAlwaysOff } from '../policy/severity.ts'
import { suppress } from '../policy/suppress.ts'
import type { SonameVersions } from './finding.ts'
import { finish, mergeFindings } from './finding.ts'
import type { Facts } from './facts/facts.ts'
import { buildFacts } from './facts/facts.ts'
import type { Drivers } from './knowledge/lookup.ts'
import { singletonsWith } from './knowledge/singletons.ts'
import { rules } from './registry.ts'
import type { AbsentAllowed } from './review.ts'

export interface JudgeOptions {
  readonly purpose: Facts['purpose']
  readonly policy: Policy
  readonly drivers: Drivers
  /** As YYYY-MM-DD: suppressions end. */
  readonly today: string
  /** See {@link AbsentAllowed}. */
  readonly absent: readonly AbsentAllowed[]
  /** Packages whose findings are wanted; null for all. */
  readonly focus: ((finding: Finding) => boolean) | null
}

const causes = new Map(rules.map((rule) => [rule.id, rule.cause]))
const order = rules.map((rule) => rule.id)

/** Every finding about the contexts, worst first; one cause seen in several contexts is one finding. */
export function judge(contexts: readonly ContextAudit[], options: JudgeOptions): readonly Finding[] {
  const found = contexts.flatMap((audit) => judgeContext(audit, options))
  const wanted = options.focus === null ? found : found.filter(options.focus)
  const { findings, uses } = suppress(
    mergeFindings(wanted, order),
    options.policy.suppressions,
    options.today,
    (rule) => causes.get(rule) ?? rule,
  )
  const review = {
    uses,
    require: options.policy.require,
    today: options.today,
    packages: contexts.flatMap(({ context }) => context.packages),
    contexts: contexts.map(({ context }) => context.name),
    worlds: [...new Set(contexts.flatMap(({ worlds }) => Object.keys(worlds)))] as readonly WorldName[],
    absent: options.absent,
  }
  const about = rules.flatMap((rule) =>
    (rule.review?.(review) ?? [])
      .map((draft) => finish(rule, draft, [], options.policy))
      .filter((finding) => finding !== null),
  )
  return about.length === 0 ? findings : mergeFindings([...findings, ...about], order)
}

function judgeContext(audit: ContextAudit, { purpose, policy, drivers }: JudgeOptions): readonly Finding[] {
  const facts = buildFacts(audit, purpose, drivers, singletonsWith(policy))
  const versions = sonameVersions(audit)
  // What is switched off is not computed either: symbols are read when a rule asks for them.
  const asked = rules.filter((rule) => !isAlwaysOff(policy, rule.id))
  return asked.flatMap((rule) =>
    rule
      .judge(facts)
      .map((draft) => finish(rule, draft, [audit.context.name], policy, versions))
      .filter((finding) => finding !== null),
  )
}

/** A soname that carries its package's version changes with every release; the fingerprint must not. */
function sonameVersions(audit: ContextAudit): SonameVersions {
  const known = new Map<string, Set<string>>()
  for (const { reading, owner } of audit.objects) {
    const soname = reading.object?.soname ?? null
    if (soname === null || owner.version === '') continue
    known.set(soname, (known.get(soname) ?? new Set()).add(owner.version))
  }
  return (subject) => [...(known.get(subject) ?? [])]
}
