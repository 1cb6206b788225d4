/** G1: names such as libc.so.6 are the loader itself. */
import { expect, test } from 'vitest'
import { muslProgram as program, muslTrace as trace } from '../support/loader/musl.ts'

test('whatever follows', () => {
  const files = {
    '/prog': program({ needs: ['libc.so.6', 'libpthread.so.0', 'liba.so'] }),
    '/lib/libc.so.6': {},
    '/lib/liba.so': {},
  }
  expect(trace(files, '/prog')).toEqual(['libc.so.6 => /lib/ld-musl-x86_64.so.1', 'liba.so => /lib/liba.so'])
})
