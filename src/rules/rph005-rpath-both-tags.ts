/** RPH005: an object has both DT_RPATH and DT_RUNPATH. */
import type { PackageObject } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'

export const rpathBothTags: Rule = defineRule({
  id: 'RPH005',
  name: 'rpath-both-tags',
  severity: 'warn',
  summary: 'An object has both DT_RPATH and DT_RUNPATH: the loader drops the first.',
  why: 'The libraries that the object loads do not inherit the DT_RPATH, and LD_LIBRARY_PATH goes before what is left. Tools that read one tag see another truth than the loader.',
  remedy: 'Keep one of them: `patchelf --set-rpath` writes one, with `--force-rpath` the other.',
  accept: 'Where both say the same it is a note: nothing is lost but the inheritance.',
  judge: (facts) => facts.audit.objects.flatMap((object) => draft(facts, object)),
})

function draft(facts: Facts, object: PackageObject): readonly Draft[] {
  const { rpath = null, runpath = null } = object.reading.object ?? {}
  if (rpath === null || runpath === null || rpath === '') return []
  const owner = packageId(object.owner)
  return [
    {
      package: object.owner,
      subject: object.relative,
      world: facts.worlds.length === 1 ? (facts.worlds[0] ?? 'both') : 'both',
      ...(rpath === runpath ? { severity: 'note' as const } : {}),
      message: `${object.relative} of ${owner} has DT_RPATH ${rpath} and DT_RUNPATH ${runpath}: the loader looks at the second alone.`,
      objects: [object.relative],
      evidence: { rpath, runpath },
      repairs: [
        {
          kind: 'rpath',
          target: `${owner} ${object.relative}`,
          text: `Give ${object.relative} of ${owner} one tag, the one that is meant.`,
        },
      ],
    },
  ]
}
