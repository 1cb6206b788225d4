/** E3: an entry with the flags of another ABI does not count. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('i386', () => {
  const files = { '/prog': program({ needs: ['liba.so'] }), '/srv/liba.so': {} }
  const cache = { entries: [{ soname: 'liba.so', path: '/srv/liba.so', flags: 3 }] }
  expect(trace(files, '/prog', { cache })).toEqual(['liba.so => -'])
})
