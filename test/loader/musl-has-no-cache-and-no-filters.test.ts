/** G13: no cache, no hwcaps, no NODEFLIB, no filters. */
import { expect, test } from 'vitest'
import { muslProgram as program, muslTrace as trace } from '../support/loader/musl.ts'

test('all of them are passed by', () => {
  const files = {
    '/prog': program({ needs: [{ kind: 'filter', name: 'libf.so' }, 'liba.so', 'libb.so'], flags1: 0x08000800 }),
    '/lib/libf.so': {},
    '/lib/liba.so': {},
    '/lib/glibc-hwcaps/x86-64-v2/liba.so': {},
    '/srv/libb.so': {},
  } as const
  const cache = { entries: [{ soname: 'libb.so', path: '/srv/libb.so' }] }
  expect(trace(files, '/prog', { cache })).toEqual(['liba.so => /lib/liba.so', 'libb.so => -'])
})
