/** B13: an empty need is met by the program, whose name is empty. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('nothing is printed for it', () => {
  const files = { '/prog': program({ needs: ['', 'liba.so'], rpath: '', runpath: '/l' }), '/l/liba.so': {} }
  expect(trace(files, '/prog')).toEqual(['liba.so => /l/liba.so'])
})
