/** G4: lists split at colons and newlines; empty elements are skipped. */
import { expect, test } from 'vitest'
import { muslProgram as program, muslTrace as trace } from '../support/loader/musl.ts'

test('no semicolon, no working folder', () => {
  const files = {
    '/prog': program({ needs: ['liba.so', 'libb.so'], runpath: ':/a;/b:\n/c:' }),
    '/here/liba.so': {},
    '/b/liba.so': {},
    '/c/libb.so': {},
  }
  expect(trace(files, '/prog', { cwd: '/here' })).toEqual(['liba.so => -', 'libb.so => /c/libb.so'])
})
