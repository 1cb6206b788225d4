/** G3: the environment beats RPATH; RPATH and RUNPATH are one thing, and inherited. */
import { expect, test } from 'vitest'
import { muslProgram as program, muslTrace as trace } from '../support/loader/musl.ts'

test('order', () => {
  const files = {
    '/prog': program({ needs: ['liba.so', 'libb.so'], rpath: '/lost', runpath: '/run' }),
    '/env/liba.so': {},
    '/run/liba.so': {},
    '/run/libb.so': { needs: ['libd.so'] },
    '/run/libd.so': {},
    '/lost/libb.so': {},
  }
  expect(trace(files, '/prog', { libraryPath: '/env' })).toEqual([
    'liba.so => /env/liba.so',
    'libb.so => /run/libb.so',
    'libd.so => /run/libd.so',
  ])
})
