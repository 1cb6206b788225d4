/** G10: the system path stands in a file below the prefix of the interpreter; without it there is a default. */
import { expect, test } from 'vitest'
import { muslProgram as program, muslTrace as trace } from '../support/loader/musl.ts'

test('file, default, empty file', () => {
  const files = { '/prog': program({ needs: ['liba.so'] }), '/usr/local/lib/liba.so': {}, '/own/liba.so': {} }
  expect(trace(files, '/prog')).toEqual(['liba.so => /usr/local/lib/liba.so'])
  const named = (text: string): readonly string[] => trace({ ...files, '/etc/ld-musl-x86_64.path': text }, '/prog')
  expect(named('/none\n/own\n')).toEqual(['liba.so => /own/liba.so'])
  expect(named('')).toEqual(['liba.so => -'])
})
