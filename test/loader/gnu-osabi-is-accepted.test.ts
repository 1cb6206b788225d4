/** C3: OSABI 3 (GNU) with a small ABI version is as good as SYSV. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('it loads', () => {
  const files = {
    '/prog': program({ needs: ['liba.so'], runpath: '/one' }),
    '/one/liba.so': { header: { osabi: 3, abiVersion: 2 } },
  }
  expect(trace(files, '/prog')).toEqual(['liba.so => /one/liba.so'])
})
