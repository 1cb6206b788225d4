/** What the findings about one missing requirement have in common. */
import type { RepairHint, Severity } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import { buildTimeEvidence, builtWithPackage, builtWithText } from './facts/build-time.ts'
import type { Facts } from './facts/facts.ts'
import type { Owed } from './facts/owed.ts'
import { objectsOf, sonames } from './facts/owed.ts'
import type { Draft } from './rule.ts'
import { plural, some, witnesses } from './words.ts'

/** A draft for one pair of packages; `tail` says why the requirement is missing. */
export function requirementDraft(facts: Facts, owed: Owed, severity: Severity, tail: string): Draft {
  const objects = objectsOf(owed.uses)
  const names = sonames(owed.uses)
  const bound = boundElsewhere(owed)
  const provider = packageId(owed.provider)
  const elsewhere = bound.length === 0 ? '' : ` Today it is answered by ${some(bound)} instead.`
  const built = builtWithPackage(facts.audit, owed.owner, owed.provider.name)
  const back = facts.requirements.chain(owed.provider, owed.owner.name)
  const circle = back === null ? '' : ` ${provider} requires it in turn${throughText(back)}.`
  const then = built === null ? '' : ` It was built with ${builtWithText(built)}.`
  return {
    package: owed.owner,
    subject: owed.provider.name,
    world: facts.worlds.length === 1 ? (facts.worlds[0] ?? 'both') : 'both',
    severity,
    message:
      `${packageId(owed.owner)}: ${plural(objects.length, 'object')} (${some(witnesses(owed.uses))}) ` +
      `${objects.length === 1 ? 'needs' : 'need'} ${some(names)} of ${provider}, ${tail}.${circle}${then}${elsewhere}`,
    objects: witnesses(owed.uses),
    evidence: {
      provider,
      sonames: names,
      kind: owed.kind,
      via: owed.chain,
      ...(back === null ? {} : { required_by: [owed.provider.name, ...back] }),
      bound_to: bound,
      ...buildTimeEvidence(built),
    },
    repairs: [back === null ? requirementHint(owed) : splitHint(owed)],
  }
}

function requirementHint({ owner, provider, uses }: Owed): RepairHint {
  return {
    kind: 'requires',
    target: `${owner.name} ${provider.name}`,
    text: `Add '${suggestedRange(provider.name, provider.version)}' to requires of ${packageId(owner)}.`,
    action: {
      kind: 'requires',
      owner,
      provider,
      sonames: sonames(uses),
      objects: objectsOf(uses).map((object) => object.path),
    },
  }
}

/** Rez refuses contexts whose packages require each other in a circle (rez/solver.py, `Cycle`). */
function splitHint({ owner, provider, uses }: Owed): RepairHint {
  const what = some(witnesses(uses))
  const text =
    `Move ${what} out of ${packageId(owner)}, into a package of its own that requires both, or into ${packageId(provider)}: ` +
    `Rez refuses packages that require each other in a circle.`
  return { kind: 'advice', target: `${owner.name} ${provider.name}`, text }
}

/** The packages in between, where there are some. */
function throughText(chain: readonly string[]): string {
  return chain.length === 1 ? '' : ` through ${some(chain.slice(0, -1))}`
}

/** Files that answer the needs although the provider owns a public copy. */
function boundElsewhere(owed: Owed): readonly string[] {
  const files = new Set<string>()
  for (const use of owed.uses) {
    for (const need of [use.host, use.base]) {
      if (need?.file == null) continue
      const provider = need.provider
      const right =
        (provider?.kind === 'unrequired' || provider?.kind === 'required') &&
        provider.package === packageId(owed.provider)
      if (!right) files.add(need.file)
    }
  }
  return [...files].sort()
}

/** The first two numbers of a version, as `tiff-4.5`: what package authors usually write. */
export function suggestedRange(name: string, version: string): string {
  const head = version.split(/[.-]/).slice(0, 2).join('.')
  return head === '' ? name : `${name}-${head}`
}
