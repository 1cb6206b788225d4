/** G2: DT_SONAME is never read; names of files that a search found are compared. */
import { expect, test } from 'vitest'
import { muslProgram as program, muslTrace as trace } from '../support/loader/musl.ts'

test('a soname does not answer', () => {
  const files = {
    '/prog': program({ needs: ['/l/libfile.so', 'libname.so.1'], rpath: '/l' }),
    '/l/libfile.so': { soname: 'libname.so.1' },
  }
  expect(trace(files, '/prog')).toEqual(['/l/libfile.so => /l/libfile.so', 'libname.so.1 => -'])
})
