/** B4: RUNPATH serves the direct needs of its object alone. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('the needs of a library do not see the RUNPATH of the program', () => {
  const files = {
    '/prog': program({ needs: ['liba.so'], runpath: '/a:/b' }),
    '/a/liba.so': { needs: ['libb.so'] },
    '/b/libb.so': {},
  }
  expect(trace(files, '/prog')).toEqual(['liba.so => /a/liba.so', 'libb.so => -'])
})
