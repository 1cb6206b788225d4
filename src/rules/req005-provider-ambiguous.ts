/** REQ005: several packages of the context could satisfy a need, and none of them is required. */
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import type { AmbiguousNeed } from './facts/owed.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { bindingEvidence, some, witnesses } from './words.ts'

export const providerAmbiguous: Rule = defineRule({
  id: 'REQ005',
  name: 'provider-ambiguous',
  severity: 'warn',
  summary: 'Several packages of the context could provide a needed library, and none of them is required.',
  why: 'Which one is loaded depends on the order of the library path, so it changes with the request.',
  remedy: 'Require the package that was meant.',
  accept: '`rules: {REQ005: note}` in airtight.yaml where the copies are interchangeable.',
  judge: (facts) => facts.ambiguous.map((need) => draft(facts, need)),
})

function draft(facts: Facts, need: AmbiguousNeed): Draft {
  const candidates = [...new Set(need.copies.map((copy) => packageId(copy.owner)))]
  const taken = need.uses[0]?.base?.file ?? need.uses[0]?.host?.file ?? null
  const winner = need.copies.find((copy) => copy.object.path === taken)
  const now =
    winner === undefined
      ? taken === null
        ? 'Nothing is loaded today'
        : `Today ${taken} is loaded`
      : `Today ${packageId(winner.owner)} wins`
  return {
    package: need.owner,
    subject: need.name,
    world: facts.worlds.length === 1 ? (facts.worlds[0] ?? 'both') : 'both',
    message:
      `${packageId(need.owner)} (${some(witnesses(need.uses))}) needs ${need.name}, which ${some(candidates, 5)} have; ` +
      `requires names none of them. ${now}.`,
    objects: witnesses(need.uses),
    evidence: { candidates, bindings: bindingEvidence(need.uses) },
    repairs: candidates.map((id) => ({
      kind: 'requires' as const,
      target: `${need.owner.name} ${id}`,
      text: `Add ${id} to requires of ${packageId(need.owner)}.`,
    })),
  }
}
