/** A9: DT_AUDIT of the program may change every name; the closure says so. */
import { expect, test } from 'vitest'
import { closure, program } from '../support/loader/world.ts'

test('a note names the auditor', () => {
  expect(closure({ '/prog': program({ audit: 'libspy.so' }) }, '/prog').notes).toEqual([
    'the program asks for the auditor libspy.so, which may rewrite names',
  ])
})
