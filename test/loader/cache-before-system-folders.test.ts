/** B6: after the run paths the cache is asked, then the system folders. */
import { expect, test } from 'vitest'
import type { FileSpec } from '../support/loader/world.ts'
import { trace, program } from '../support/loader/world.ts'

test('the cache wins over a system folder, and a run path over the cache', () => {
  const files = (more: object): Record<string, FileSpec> => ({
    '/prog': program({ needs: ['liba.so'], ...more }),
    '/usr/lib/liba.so': {},
    '/cached/liba.so': {},
    '/l/liba.so': {},
  })
  const cache = { entries: [{ soname: 'liba.so', path: '/cached/liba.so' }] }
  expect(trace(files({}), '/prog', { cache })).toEqual(['liba.so => /cached/liba.so'])
  expect(trace(files({}), '/prog')).toEqual(['liba.so => /lib/liba.so'])
  expect(trace(files({ runpath: '/l' }), '/prog', { cache })).toEqual(['liba.so => /l/liba.so'])
})
