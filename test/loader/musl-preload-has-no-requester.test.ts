/** G15: LD_PRELOAD searches the environment and the system path alone; a failure is silent. */
import { expect, test } from 'vitest'
import { muslProgram as program, muslTrace as trace } from '../support/loader/musl.ts'

test('the run path of the program is not used', () => {
  const files = {
    '/prog': program({ needs: ['liba.so'], runpath: '/l' }),
    '/l/liba.so': {},
    '/l/libp.so': {},
    '/lib/libq.so': {},
  }
  expect(trace(files, '/prog', { preload: 'libp.so:libq.so' })).toEqual([
    'libq.so => /lib/libq.so',
    'liba.so => /l/liba.so',
  ])
})
