/** D7: a need with a slash has its tokens replaced and is opened as it is; nothing is searched. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('absolute, relative, with a token, absent', () => {
  const needs = ['/l/liba.so', './l/libb.so', '$ORIGIN/../l/libc1.so', 'l/gone.so']
  const files = {
    '/bin/prog': program({ needs, runpath: '/l' }),
    '/l/liba.so': {},
    '/l/libb.so': {},
    '/l/libc1.so': {},
    '/l/gone.so': { link: 'x' },
  }
  expect(trace(files, '/bin/prog')).toEqual([
    '/l/liba.so => /l/liba.so',
    './l/libb.so => ./l/libb.so',
    '/bin/../l/libc1.so => /bin/../l/libc1.so',
    'l/gone.so => -',
  ])
})

test('it meets the same fatal errors', () => {
  const files = { '/prog': program({ needs: ['/l/liba.so'] }), '/l/liba.so': '' }
  expect(trace(files, '/prog')).toEqual(['fatal: /l/liba.so: file too short'])
})
