/** B7: DF_1_NODEFLIB shuts out system folders and cache entries below them, by prefix; other entries stay. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('of the object that asks', () => {
  const DF_1_NODEFLIB = 0x800
  const files = {
    '/prog': program({ needs: ['liba.so', 'libb.so', 'libc1.so'], flags1: DF_1_NODEFLIB }),
    '/usr/lib/liba.so': {},
    '/usr/lib/deep/libb.so': {},
    '/opt/libc1.so': {},
  }
  const cache = {
    entries: [
      { soname: 'libc1.so', path: '/opt/libc1.so' },
      { soname: 'libb.so', path: '/usr/lib/deep/libb.so' },
    ],
  }
  expect(trace(files, '/prog', { cache })).toEqual(['liba.so => -', 'libb.so => -', 'libc1.so => /opt/libc1.so'])
})
