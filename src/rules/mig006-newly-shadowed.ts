/** MIG006: the new base has a library that a package carries, and the old one had not. */
import { packageId } from '../domain/context.ts'
import type { Rule } from './rule.ts'
import { defineMigration } from './rule.ts'
import { some, witnesses } from './words.ts'

export const newlyShadowed: Rule = defineMigration({
  id: 'MIG006',
  name: 'newly-shadowed',
  severity: 'warn',
  summary: 'The new base has a library that a package carries: one of the two copies hides the other.',
  why: 'Where the copy of the base wins, programs load another build than they were tested with; where the package wins, files of the base that need a newer one get the old.',
  remedy: 'Where the base wins, put the folder of the package on the library path or give the object a run path.',
  accept: 'Where both copies are the same release.',
  migrate: (move) =>
    move.shadowed.map(({ owner, soname, uses, file, wins }) => ({
      package: owner,
      subject: soname,
      world: 'base',
      ...(wins === 'package' ? { severity: 'note' } : {}),
      message:
        wins === 'base'
          ? `${packageId(owner)} (${some(witnesses(uses))}) gets ${soname} from ${move.systems.to.label} (${file}); on ${move.systems.from.label} it came from a package.`
          : `${packageId(owner)} (${some(witnesses(uses))}) keeps the packaged ${soname}, which hides that of ${move.systems.to.label} (${file}).`,
      objects: witnesses(uses),
      evidence: { file, wins },
      repairs: [{ kind: 'advice', target: soname, text: `Keep one copy of ${soname}: the package's or the base's.` }],
    })),
})
