/** RPH007: DT_RPATH leads to one copy of a library although LD_LIBRARY_PATH offers another. */
import { packageId } from '../domain/context.ts'
import type { Copy } from './facts/copies.ts'
import { sameContent } from './facts/contents.ts'
import type { Facts } from './facts/facts.ts'
import type { Use, UseGroup } from './facts/uses.ts'
import { groupUses } from './facts/uses.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { bindingEvidence, copyName, some, witnesses, worldsWhere } from './words.ts'

export const rpathBeatsEnv: Rule = defineRule({
  id: 'RPH007',
  name: 'rpath-beats-env',
  severity: 'note',
  summary: "DT_RPATH leads to one copy of a library although the context's LD_LIBRARY_PATH offers another.",
  why: 'DT_RPATH is searched before LD_LIBRARY_PATH, DT_RUNPATH behind it. The package that was resolved for the library is not the one that is loaded.',
  remedy: 'Give the object a DT_RUNPATH instead (`patchelf --set-rpath`) where the context is to decide.',
  accept: 'It is how vendors keep their own copies apart, and a note for that reason.',
  judge: (facts) =>
    groupUses(facts.uses.filter((use) => beaten(facts, use) !== null)).map((group) => draft(facts, group)),
})

/** The copy on the library path that would have won; null where nothing is beaten. */
function beaten(facts: Facts, use: Use): Copy | null {
  const need = [use.host, use.base].find((item) => item?.how === 'rpath' && item.file !== null)
  const taken = need?.file == null ? null : facts.copies.object(need.file)
  if (taken === null) return null
  const offered = facts.copies.publicCopies(use.name, use.object).filter((copy) => copy.object.onLibraryPath)
  const other = offered.find((copy) => copy.object !== taken)
  if (other === undefined || offered.some((copy) => copy.object === taken)) return null
  return sameContent(facts, [other, { object: taken, owner: taken.owner, path: taken.path }]) ? null : other
}

function draft(facts: Facts, group: UseGroup): Draft {
  const first = group.uses[0]
  const copy = first === undefined ? null : beaten(facts, first)
  const file = first?.base?.file ?? first?.host?.file ?? ''
  const owner = packageId(group.owner)
  return {
    package: group.owner,
    subject: group.name,
    world: worldsWhere(group.uses, (need) => need?.how === 'rpath') ?? 'both',
    message: `${owner} (${some(witnesses(group.uses))}) takes ${file} by its DT_RPATH although ${copy === null ? 'another copy' : copyName(copy)} is on LD_LIBRARY_PATH.`,
    objects: witnesses(group.uses),
    evidence: { file, offered: copy?.object.path ?? null, bindings: bindingEvidence(group.uses) },
    repairs: [
      {
        kind: 'rpath',
        target: `${owner} ${group.name}`,
        text: `Turn DT_RPATH of ${some(witnesses(group.uses))} in ${owner} into DT_RUNPATH where the context is to decide.`,
      },
    ],
  }
}
