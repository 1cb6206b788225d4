/** B8, E7: a cache entry whose file is gone falls through to the system folders; what the cache lacks is not seen. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('a stale entry, and a library that ldconfig has not met', () => {
  const files = {
    '/prog': program({ needs: ['liba.so', 'libb.so'] }),
    '/usr/lib/liba.so': {},
    '/srv/libb.so': {},
    '/etc/ld.so.conf': '/srv\n',
  }
  const cache = { entries: [{ soname: 'liba.so', path: '/srv/liba.so' }] }
  expect(trace(files, '/prog', { cache })).toEqual(['liba.so => /lib/liba.so', 'libb.so => -'])
})
