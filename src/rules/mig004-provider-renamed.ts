/** MIG004: an OS package of another name brings a library on the new base. */
import { packageId } from '../domain/context.ts'
import type { Rule } from './rule.ts'
import { defineMigration } from './rule.ts'
import { witnesses } from './words.ts'

export const providerRenamed: Rule = defineMigration({
  id: 'MIG004',
  name: 'provider-renamed',
  severity: 'note',
  summary: 'The OS package that has a library bears another name on the new base.',
  why: 'Lists of OS packages in image recipes name a package that the new base does not know.',
  remedy: 'Change the name in the lists of OS packages.',
  accept: 'Nothing has to be done where no list names the package.',
  migrate: (move) =>
    move.renamed.map(({ owner, soname, uses, from, to }) => ({
      package: owner,
      subject: soname,
      world: 'base',
      message: `${packageId(owner)} takes ${soname} from ${from.name} of ${move.systems.from.label}; on ${move.systems.to.label} it comes from ${to.name}.`,
      objects: witnesses(uses),
      evidence: { from, to },
      repairs: [{ kind: 'os-package', target: to.name, text: `Name ${to.name} in place of ${from.name}.` }],
    })),
})
