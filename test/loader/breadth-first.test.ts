/** A1: objects are loaded breadth-first, needs in the order of the file, each object once. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('the needs of the program come before those of its libraries', () => {
  const files = {
    '/prog': program({ needs: ['liba.so', 'libb.so'], runpath: '/l' }),
    '/l/liba.so': { needs: ['libc1.so'], runpath: '/l' },
    '/l/libb.so': { needs: ['libc1.so', 'libd.so'], runpath: '/l' },
    '/l/libc1.so': {},
    '/l/libd.so': {},
  }
  expect(trace(files, '/prog')).toEqual([
    'liba.so => /l/liba.so',
    'libb.so => /l/libb.so',
    'libc1.so => /l/libc1.so',
    'libd.so => /l/libd.so',
  ])
})
