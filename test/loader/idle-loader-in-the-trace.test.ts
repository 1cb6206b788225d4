/** A7: up to 2.40 a loader that nobody asks for is left out of the trace, from 2.41 on it comes last of what was found. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

const FILES = { '/prog': program({ needs: ['liba.so'], runpath: '/l' }), '/l/liba.so': {} }

test('2.36', () => {
  expect(trace(FILES, '/prog')).toEqual(['liba.so => /l/liba.so'])
})

test('2.41', () => {
  expect(trace(FILES, '/prog', { version: [2, 41] })).toEqual([
    'liba.so => /l/liba.so',
    '/lib64/ld-linux-x86-64.so.2 => /lib64/ld-linux-x86-64.so.2',
  ])
})
