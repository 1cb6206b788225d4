/** MIG003: the new base's library defines fewer version nodes than are demanded. */
import { changeDrafts } from './move-drafts.ts'
import type { Rule } from './rule.ts'
import { defineMigration } from './rule.ts'

export const symverLost: Rule = defineMigration({
  id: 'MIG003',
  name: 'symver-lost',
  severity: 'error',
  summary: 'A library of the new base does not define a version node that objects demand.',
  why: 'The loader checks version nodes before anything runs: "version not found", and the program does not start.',
  remedy:
    'Rebuild on the new base or on one that is not newer; a library that is not part of the C library can be carried.',
  accept: 'Where the object is not needed on the new base: leave the file out with `ignore_paths`.',
  migrate: (move) =>
    changeDrafts(
      move,
      ['versions'],
      ({ soname, versions }) =>
        `demands ${versions.join(', ')} of ${soname}, which ${move.systems.to.label} does not define.`,
    ),
})
