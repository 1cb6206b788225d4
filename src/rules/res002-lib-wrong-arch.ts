/** RES002: only candidates of another class or machine. */
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import { trailOf } from './facts/trails.ts'
import type { UseGroup } from './facts/uses.ts'
import { isMissing } from './facts/verdicts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { bindingEvidence, blamePath, judgedAlone, some, witnesses, worldsWhere } from './words.ts'

export const libWrongArch: Rule = defineRule({
  id: 'RES002',
  name: 'lib-wrong-arch',
  severity: 'error',
  summary: 'Only files of another class or machine bear the name of a needed library.',
  why: 'The loader passes over such files and ends with "wrong ELF class": the library seems to be there and is not.',
  remedy: "Require the variant for the object's machine, or take the folder of the other machine off the search path.",
  accept: 'Leave the object out with `ignore_paths` in airtight.yaml where it is payload for another machine.',
  judge: (facts) => facts.judged('RES002').map((group) => draft(facts, group)),
})

function draft(facts: Facts, group: UseGroup): Draft {
  const trail = trailOf(facts, group, isMissing)
  const wrong = trail.filter(
    (candidate) => candidate.verdict === 'wrong-class' || candidate.verdict === 'wrong-machine',
  )
  return {
    package: group.owner,
    subject: group.name,
    world: worldsWhere(group.uses, isMissing) ?? 'both',
    ...(judgedAlone(group.uses) ? { severity: 'warn', confidence: 'inferred' } : {}),
    message:
      `${packageId(group.owner)} (${some(witnesses(group.uses))}) needs ${group.name}; ` +
      `the search only meets ${some(wrong.map((candidate) => candidate.path))}, built for another machine.`,
    objects: witnesses(group.uses),
    evidence: { candidates: wrong, path: blamePath(facts, group.uses), bindings: bindingEvidence(group.uses) },
    repairs: [
      {
        kind: 'advice',
        target: group.name,
        text: `Require a package with ${group.name} for the machine of the object.`,
      },
    ],
  }
}
