/** From drafts to findings: severity settings, sorted witnesses, fingerprints, and one finding for one cause in several contexts. */
import { createHash } from 'node:crypto'
import type { Finding, RepairHint, Severity } from '../domain/audit.ts'
import type { Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { Policy } from '../policy/policy.ts'
import { severityOf } from '../policy/severity.ts'
import { requiredNames } from './facts/requirements.ts'
import type { Draft, Rule } from './rule.ts'

/** What of a policy weighs a finding and orders its repairs. */
export type Weights = Pick<Policy, 'rules' | 'vendors' | 'remedies' | 'repairOrder'>

/** Versions of the packages of a context that have a soname, for fingerprints. */
export type SonameVersions = (subject: string) => readonly string[]

/** Completes a draft; null when policy switches it off. */
export function finish(
  rule: Rule,
  draft: Draft,
  contexts: readonly string[],
  policy: Weights,
  versions: SonameVersions = () => [],
): Finding | null {
  const finding = {
    rule: rule.id,
    name: rule.name,
    confidence: draft.confidence ?? 'exact',
    contexts,
    world: draft.world,
    package: draft.package === null ? null : packageId(draft.package),
    variant: draft.package?.variant ?? null,
    subject: draft.subject,
    message: draft.message,
    objects: [...new Set(draft.objects)].sort(),
    evidence: draft.evidence,
    repairs: orderedRepairs(rule, draft.repairs, policy),
    fingerprint: fingerprint(draft.cause ?? rule.cause, draft.package, draft.subject, versions(draft.subject)),
  } as const
  const severity = severityOf(policy, finding, draft.severity ?? rule.severity)
  return severity === 'off' ? null : { ...finding, severity }
}

/** The kinds that policy prefers come first; a remedy of the studio's own comes last. */
function orderedRepairs(rule: Rule, repairs: readonly RepairHint[], policy: Weights): readonly RepairHint[] {
  const { repairOrder, remedies } = policy
  const rank = (repair: RepairHint): number => {
    const place = repairOrder.indexOf(repair.kind)
    return place < 0 ? repairOrder.length : place
  }
  const sorted = repairOrder.length === 0 ? repairs : repairs.toSorted((a, b) => rank(a) - rank(b))
  const text = remedies.get(rule.id)
  return text === undefined ? sorted : [...sorted, { kind: 'advice', target: rule.id, text }]
}

/**
 * sha256 of cause, package name, sorted names of the variant's requirements, and subject. A version in the subject that
 * equals the one of the package that has this soname becomes `*`, so that the fingerprint survives the next release.
 *
 * @param owners versions of the packages that have the subject; empty for what no package has: then a version of the
 *   finding's own package counts
 */
export function fingerprint(
  cause: string,
  item: Package | null,
  subject: string,
  owners: readonly string[] = [],
): string {
  const variant = item === null ? [] : [...requiredNames(item.variantRequires)].sort()
  const versions = owners.length > 0 ? owners : [item?.version ?? '']
  // The longest first: 1.2.3 before 1.2.
  const literal = versions.toSorted((a, b) => b.length - a.length).reduce(withoutVersion, subject)
  const parts = [cause, item?.name ?? '', variant.join(','), literal]
  return createHash('sha256').update(parts.join('\0')).digest('hex')
}

function withoutVersion(subject: string, version: string): string {
  if (version === '') return subject
  let out = ''
  let from = 0
  for (let at = subject.indexOf(version); at >= 0; at = subject.indexOf(version, at + 1)) {
    const end = at + version.length
    if (at < from || isVersionPart(subject.charAt(at - 1)) || isVersionPart(subject.charAt(end))) continue
    out += `${subject.slice(from, at)}*`
    from = end
  }
  return out + subject.slice(from)
}

/** Whether a neighbouring digit makes the match a part of a longer number. */
function isVersionPart(char: string): boolean {
  return char >= '0' && char <= '9'
}

const order: Record<Severity, number> = { error: 0, warn: 1, note: 2, off: 3 }

/** One finding for one cause: contexts and witnesses are joined, the worst severity stays. Sorted for output. */
export function mergeFindings(findings: Iterable<Finding>, ruleOrder: readonly string[]): readonly Finding[] {
  const merger = new FindingMerger()
  for (const finding of findings) merger.add(finding)
  return merger.sorted(ruleOrder)
}

/** Findings with one cause, as far as they were met. */
interface Joined {
  worst: Finding
  world: Finding['world']
  readonly contexts: Set<string>
  readonly objects: Set<string>
}

/** Merges findings while they are met: what was said before is not kept. */
export class FindingMerger {
  readonly #joined = new Map<string, Joined>()

  add(finding: Finding): void {
    const { rule, package: item, variant, subject, world, contexts, objects } = finding
    const key = `${rule}\0${item ?? ''}\0${variant ?? ''}\0${subject}`
    const known = this.#joined.get(key)
    if (known === undefined) {
      this.#joined.set(key, { worst: finding, world, contexts: new Set(contexts), objects: new Set(objects) })
      return
    }
    if (order[finding.severity] < order[known.worst.severity]) known.worst = finding
    if (world !== known.world) known.world = 'both'
    for (const context of contexts) known.contexts.add(context)
    for (const object of objects) known.objects.add(object)
  }

  /** One for each cause, worst first, then in the order of the rules. */
  sorted(ruleOrder: readonly string[]): readonly Finding[] {
    const rank = new Map(ruleOrder.map((id, index) => [id, index]))
    const merged = [...this.#joined.values()].map(({ worst, world, contexts, objects }): Finding => ({
      ...worst,
      world,
      contexts: [...contexts],
      objects: [...objects].sort(),
    }))
    return merged.sort(
      (a, b) =>
        order[a.severity] - order[b.severity] ||
        (rank.get(a.rule) ?? 0) - (rank.get(b.rule) ?? 0) ||
        compare(a.subject, b.subject) ||
        compare(a.package ?? '', b.package ?? '') ||
        (a.variant ?? -1) - (b.variant ?? -1),
    )
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
