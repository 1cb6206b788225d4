/** G5: ELOOP ends the whole search; a name that is too long does not. */
import { expect, test } from 'vitest'
import { muslProgram as program, muslTrace as trace } from '../support/loader/musl.ts'

test('later stages are not asked', () => {
  const files = {
    '/prog': program({ needs: ['liba.so'], runpath: '/one' }),
    '/one/liba.so': { link: 'liba.so' },
    '/lib/liba.so': {},
  }
  expect(trace(files, '/prog')).toEqual(['liba.so => -'])
})
