/** G7: class, byte order, machine and OSABI are not compared. */
import { expect, test } from 'vitest'
import { muslProgram as program, muslTrace as trace } from '../support/loader/musl.ts'

test('aarch64 on x86-64', () => {
  const files = {
    '/prog': program({ needs: ['liba.so'], runpath: '/one' }),
    '/one/liba.so': { machine: 183, header: { osabi: 9 } },
  }
  expect(trace(files, '/prog')).toEqual(['liba.so => /one/liba.so'])
})
