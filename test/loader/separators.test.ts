/** D5: run paths split at colons alone, LD_LIBRARY_PATH at semicolons too. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('a semicolon in a folder name', () => {
  const files = { '/prog': program({ needs: ['liba.so'], runpath: '/a;/b' }), '/a;/b/liba.so': {}, '/b/liba.so': {} }
  expect(trace(files, '/prog')).toEqual(['liba.so => /a;/b/liba.so'])
  expect(trace({ ...files, '/prog': program({ needs: ['liba.so'] }) }, '/prog', { libraryPath: '/a;/b' })).toEqual([
    'liba.so => /b/liba.so',
  ])
})
