/** B3: an object with both tags loses its RPATH, for its descendants too; those of its ancestors still reach them. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('descendants', () => {
  const files = {
    '/prog': program({ needs: ['liba.so'], rpath: '/a:/top' }),
    '/a/liba.so': { needs: ['libb.so'], rpath: '/lost', runpath: '/b' },
    '/b/libb.so': { needs: ['libx.so', 'liby.so'] },
    '/lost/libx.so': {},
    '/top/liby.so': {},
  }
  expect(trace(files, '/prog').slice(2)).toEqual(['libx.so => -', 'liby.so => /top/liby.so'])
})
