/** MIG002: the new base has the library under another soname. */
import { changeDrafts, oldPlace } from './move-drafts.ts'
import type { Rule } from './rule.ts'
import { defineMigration } from './rule.ts'
import { some } from './words.ts'

export const sonameBumped: Rule = defineMigration({
  id: 'MIG002',
  name: 'soname-bumped',
  severity: 'error',
  summary: 'The new base has another major version of a library only.',
  why: 'Another soname is another library: its functions and version nodes differ, and no link across sonames mends that.',
  remedy: 'Carry the old library, or rebuild the objects that name it; what uses them need not be rebuilt.',
  accept: 'Where the object is not needed on the new base: leave the file out with `ignore_paths`.',
  migrate: (move) =>
    changeDrafts(
      move,
      ['bumped'],
      (change) =>
        `needs ${change.soname}${oldPlace(move, change)}. ${move.systems.to.label} has ${some(change.instead)} in its place.`,
    ),
})
