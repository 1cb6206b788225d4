/** MIG001: the new base lacks a library that the old one gave. */
import { changeDrafts, oldPlace } from './move-drafts.ts'
import type { Rule } from './rule.ts'
import { defineMigration } from './rule.ts'
import { hiddenText } from './facts/hidden.ts'
import { unknownSentence } from './facts/unknown.ts'

export const sonameGone: Rule = defineMigration({
  id: 'MIG001',
  name: 'soname-gone',
  severity: 'error',
  summary: 'The new base does not give a library that the old one gave.',
  why: 'What the old base lent to every program is missing after the move: the program does not start.',
  remedy: 'Install the OS package that has it, carry the file of the old base, or rebuild without it.',
  accept: 'Where the object is not needed on the new base: leave the file out with `ignore_paths`.',
  migrate: (move) =>
    changeDrafts(move, ['gone', 'package', 'unknown'], (change) => {
      const { soname, install, versions } = change
      const { label } = move.systems.to
      if (versions.length > 0)
        return `demands ${versions.join(', ')} of ${soname}; nothing says whether ${label} defines it: capture an image to be sure.`
      const needs = `needs ${soname}${oldPlace(move, change)}.`
      if (change.kind === 'unknown') return `${needs} ${unknownSentence({ base: label, fact: change.fact }, soname)}`
      if (change.kind === 'package') {
        const but = change.unfit === null ? '' : `, but ${hiddenText(change.unfit)}`
        return `${needs} In ${label} the OS package ${install ?? ''} brings it${but}.`
      }
      const refused = change.graft?.refused ?? null
      return `${needs} ${label} has nothing of that name.${refused === null ? '' : ` It cannot be carried: ${refused}.`}`
    }),
})
