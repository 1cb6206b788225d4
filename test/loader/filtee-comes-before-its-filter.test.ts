/** A6: DT_FILTER and DT_AUXILIARY put their object before the one that asks. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('the filtee is loaded later and stands earlier', () => {
  const files = {
    '/prog': program({ needs: ['libf.so', 'libz1.so'], runpath: '/l' }),
    '/l/libf.so': { needs: [{ kind: 'filter', name: 'libt.so' }], runpath: '/l' },
    '/l/libt.so': {},
    '/l/libz1.so': {},
  } as const
  expect(trace(files, '/prog')).toEqual(['libt.so => /l/libt.so', 'libf.so => /l/libf.so', 'libz1.so => /l/libz1.so'])
})
