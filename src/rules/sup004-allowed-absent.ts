/** SUP004: policy allows a library and demands it of the base, and the base lacks it. */
import { originText } from '../policy/suppress.ts'
import { defineReview } from './rule.ts'
import type { Rule } from './rule.ts'

export const allowedAbsent: Rule = defineReview({
  id: 'SUP004',
  name: 'allowed-absent',
  severity: 'error',
  summary: 'Policy allows a library to come from the base with `must_exist`, and the base does not have it.',
  why: 'Allowed is not present: a list that nobody checks against the image lets packages rely on what is not there.',
  remedy: 'Add the library to the base image, or take it off the list.',
  accept: 'Take `must_exist` off the entry where only some bases have the library.',
  review: ({ absent }) =>
    absent.map(({ allow, soname, base }) => ({
      package: null,
      subject: soname,
      world: 'base',
      message: `${originText(allow.origin)}: allow.${allow.name} promises ${soname}, which ${base} does not have.`,
      objects: [],
      evidence: { allow: allow.name, file: allow.origin.file, line: allow.origin.line, reason: allow.reason },
      repairs: [
        {
          kind: 'advice',
          target: soname,
          text: `Add ${soname} to ${base}, or take it off allow.${allow.name} in ${originText(allow.origin)}.`,
        },
      ],
    })),
})
