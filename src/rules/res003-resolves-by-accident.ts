/** RES003: found only because another object had loaded it first. */
import type { ResolvedNeed } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import { folderName } from './facts/copies.ts'
import type { UseGroup } from './facts/uses.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { bindingEvidence, firstNeed, some, witnesses, worldsWhere } from './words.ts'

export const resolvesByAccident: Rule = defineRule({
  id: 'RES003',
  name: 'resolves-by-accident',
  severity: 'warn',
  summary: 'A library is found only because another object had loaded it first.',
  why: "The object's own search would not find the library. When the other object stops needing it, or is loaded later, this one breaks.",
  remedy: 'Give the object a run path of its own: RUNPATH does not serve the libraries of a library.',
  accept: '`rules: {RES003: note}` in airtight.yaml for applications that are always started as a whole.',
  judge: (facts) => facts.judged('RES003').map(draft),
})

function accidental(need: ResolvedNeed | null): need is ResolvedNeed {
  return need?.byAccident === true
}

function draft(group: UseGroup): Draft {
  const need = firstNeed(group, accidental)
  const file = need?.file ?? ''
  return {
    package: group.owner,
    subject: group.name,
    world: worldsWhere(group.uses, accidental) ?? 'both',
    message:
      `${packageId(group.owner)} (${some(witnesses(group.uses))}) gets ${group.name} only because something else in the ` +
      `process of ${need?.root ?? ''} had loaded ${file}; its own search finds nothing.`,
    objects: witnesses(group.uses),
    evidence: { file, root: need?.root ?? null, bindings: bindingEvidence(group.uses) },
    repairs: [
      {
        kind: 'rpath',
        target: `${packageId(group.owner)} ${folderName(file)}`,
        text: `Give ${some(witnesses(group.uses))} a run path to ${folderName(file)}.`,
      },
    ],
  }
}
