/** B1: an object without RUNPATH uses its own RPATH, then those of its loaders up to the program. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('the RPATH of the program reaches the needs of its libraries', () => {
  const files = {
    '/prog': program({ needs: ['liba.so'], rpath: '/a:/b' }),
    '/a/liba.so': { needs: ['libb.so'] },
    '/b/libb.so': {},
  }
  expect(trace(files, '/prog')).toEqual(['liba.so => /a/liba.so', 'libb.so => /b/libb.so'])
})

test('the own RPATH comes first', () => {
  const files = {
    '/prog': program({ needs: ['liba.so'], rpath: '/a:/b' }),
    '/a/liba.so': { needs: ['libb.so'], rpath: '/c' },
    '/b/libb.so': {},
    '/c/libb.so': {},
  }
  expect(trace(files, '/prog').at(-1)).toBe('libb.so => /c/libb.so')
})
