/** A2: a name that is the DT_SONAME of a loaded object is not searched. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('a need is met by an object with another file name', () => {
  const files = {
    '/prog': program({ needs: ['/l/libfile.so', 'libname.so.1'], runpath: '/l' }),
    '/l/libfile.so': { soname: 'libname.so.1' },
    '/l/libname.so.1': {},
  }
  expect(trace(files, '/prog')).toEqual(['/l/libfile.so => /l/libfile.so'])
})
