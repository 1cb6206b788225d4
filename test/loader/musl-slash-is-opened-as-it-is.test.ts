/** G9: a need with a slash is opened as it is, tokens and all. */
import { expect, test } from 'vitest'
import { muslProgram as program, muslTrace as trace } from '../support/loader/musl.ts'

test('a token stays', () => {
  const files = {
    '/app/prog': program({ needs: ['$ORIGIN/liba.so', './l/libb.so'] }),
    '/app/liba.so': {},
    '/here/l/libb.so': {},
  }
  expect(trace(files, '/app/prog', { cwd: '/here' })).toEqual(['$ORIGIN/liba.so => -', './l/libb.so => ./l/libb.so'])
})
