/** G14: dlopen searches from the program, and so do the needs of what it opens. */
import { expect, test } from 'vitest'
import { muslProgram as program, muslTrace as trace } from '../support/loader/musl.ts'

test('the chain goes through the opened object', () => {
  const files = {
    '/prog': program({ runpath: '/top' }),
    '/plugins/p.so': { needs: ['liba.so', 'libb.so'], runpath: '$ORIGIN' },
    '/top/liba.so': {},
    '/plugins/libb.so': {},
  }
  expect(trace(files, '/plugins/p.so', { inside: '/prog' })).toEqual([
    'liba.so => /top/liba.so',
    'libb.so => /plugins/libb.so',
  ])
})
