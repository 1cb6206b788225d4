/** What the findings about one missing requirement have in common. */
import type { Severity } from '../domain/audit.ts'
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
  const range = suggestedRange(owed.provider.name, owed.provider.version)
  const built = builtWithPackage(facts.audit, owed.owner, owed.provider.name)
  const then = built === null ? '' : ` It was built with ${builtWithText(built)}.`
  return {
    package: owed.owner,
    subject: owed.provider.name,
    world: facts.worlds.length === 1 ? (facts.worlds[0] ?? 'both') : 'both',
    severity,
    message:
      `${packageId(owed.owner)}: ${plural(objects.length, 'object')} (${some(witnesses(owed.uses))}) ` +
      `${objects.length === 1 ? 'needs' : 'need'} ${some(names)} of ${provider}, ${tail}.${then}${elsewhere}`,
    objects: witnesses(owed.uses),
    evidence: {
      provider,
      sonames: names,
      kind: owed.kind,
      via: owed.chain,
      bound_to: bound,
      ...buildTimeEvidence(built),
    },
    repairs: [
      {
        kind: 'requires',
        target: `${owed.owner.name} ${owed.provider.name}`,
        text: `Add '${range}' to requires of ${packageId(owed.owner)}.`,
        action: {
          kind: 'requires',
          owner: owed.owner,
          provider: owed.provider,
          sonames: names,
          objects: objects.map((object) => object.path),
        },
      },
    ],
  }
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
