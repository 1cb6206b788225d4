/** B2: an object with RUNPATH uses nobody's RPATH, not even that of the program. */
import { expect, test } from 'vitest'
import type { FileSpec } from '../support/loader/world.ts'
import { trace, program } from '../support/loader/world.ts'

test('an empty RUNPATH does so as well', () => {
  const files = (runpath: string): Record<string, FileSpec> => ({
    '/prog': program({ needs: ['liba.so'], rpath: '/a:/b' }),
    '/a/liba.so': { needs: ['libb.so'], runpath },
    '/b/libb.so': {},
  })
  for (const runpath of ['/nowhere', '']) expect(trace(files(runpath), '/prog').at(-1)).toBe('libb.so => -')
})
