/** B12: an error such as ELOOP in an existing folder ends the list that it is met in; the next stage goes on. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('a link to itself', () => {
  const files = {
    '/prog': program({ needs: ['liba.so', 'libb.so'], runpath: '/one:/two' }),
    '/one/liba.so': { link: 'liba.so' },
    '/one/libb.so': { link: 'libb.so' },
    '/two/liba.so': {},
    '/two/libb.so': {},
    '/usr/lib/liba.so': {},
  }
  expect(trace(files, '/prog')).toEqual(['liba.so => /lib/liba.so', 'libb.so => -'])
})

test('a name that is too long', () => {
  const name = 'x'.repeat(300)
  const files = {
    '/prog': program({ needs: [name, 'liba.so'], runpath: '/one:/two' }),
    '/one/libz1.so': {},
    '/two/liba.so': {},
  }
  expect(trace(files, '/prog')).toEqual([`${name} => -`, 'liba.so => /two/liba.so'])
})

test('ENOTDIR ends it up to 2.38', () => {
  const files = {
    '/prog': program({ needs: ['liba.so'], runpath: '/one:/two' }),
    '/file': 'no folder',
    '/one/liba.so': { link: '/file/x' },
    '/two/liba.so': {},
  }
  expect(trace(files, '/prog', { version: [2, 31] })).toEqual(['liba.so => -'])
  expect(trace(files, '/prog', { version: [2, 39] })[0]).toBe('liba.so => /two/liba.so')
})
