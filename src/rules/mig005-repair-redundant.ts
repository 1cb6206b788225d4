/** MIG005: a package carries only what the new base has itself. */
import { packageId } from '../domain/context.ts'
import type { Rule } from './rule.ts'
import { defineMigration } from './rule.ts'
import { some } from './words.ts'

export const repairRedundant: Rule = defineMigration({
  id: 'MIG005',
  name: 'repair-redundant',
  severity: 'note',
  summary: 'A package holds nothing but libraries that the new base has itself.',
  why: 'A copy that was packaged for want of it in the old base hides the newer one of the new base, and has to be kept up.',
  remedy: 'Drop the package and the requirements on it once the old base is left.',
  accept: 'Where the studio pins the library on purpose.',
  migrate: (move) =>
    move.redundant.map(({ owner, sonames }) => ({
      package: owner,
      subject: owner.name,
      world: 'base',
      message: `${packageId(owner)} holds ${some(sonames)} and nothing else; ${move.systems.to.label} has that itself.`,
      objects: [],
      evidence: { sonames },
      repairs: [{ kind: 'advice', target: packageId(owner), text: `Drop ${packageId(owner)} on the new base.` }],
    })),
})
