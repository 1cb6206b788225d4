/** A5: the RPATHs that an object inherits are those of its first requester. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('a later requester adds none', () => {
  const files = {
    '/prog': program({ needs: ['liba.so', 'libb.so'], rpath: '/l' }),
    '/l/liba.so': { needs: ['libm1.so'] },
    '/l/libb.so': { needs: ['libm1.so'], rpath: '/deep' },
    '/l/libm1.so': { needs: ['libz1.so'] },
    '/deep/libz1.so': {},
  }
  expect(trace(files, '/prog').at(-1)).toBe('libz1.so => -')
})
