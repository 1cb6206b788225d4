/** B5: LD_LIBRARY_PATH comes after RPATH and before RUNPATH. */
import { expect, test } from 'vitest'
import type { FileSpec } from '../support/loader/world.ts'
import { trace, program } from '../support/loader/world.ts'

test('RPATH wins over it, it wins over RUNPATH', () => {
  const files = (tag: 'rpath' | 'runpath'): Record<string, FileSpec> => ({
    '/prog': program({ needs: ['liba.so'], [tag]: '/tag' }),
    '/tag/liba.so': {},
    '/env/liba.so': {},
  })
  expect(trace(files('rpath'), '/prog', { libraryPath: '/env' })).toEqual(['liba.so => /tag/liba.so'])
  expect(trace(files('runpath'), '/prog', { libraryPath: '/env' })).toEqual(['liba.so => /env/liba.so'])
})
